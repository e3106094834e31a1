//! Headers of answers: what a browser may do with them (research: OWASP Secure Headers, CSP level 3).

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::App;
use crate::pages::{Page, Pages};

/// What an answer may do that says nothing of it: a problem, a redirect, data.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Everything that browsers hand out to pages, switched off: no page of ours asks for any of it.
const POWERLESS: &str = "accelerometer=(), autoplay=(), bluetooth=(), browsing-topics=(), camera=(), \
     compute-pressure=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), \
     gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), local-fonts=(), magnetometer=(), \
     microphone=(), midi=(), otp-credentials=(), payment=(), picture-in-picture=(), \
     publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), \
     storage-access=(), usb=(), web-share=(), window-management=(), xr-spatial-tracking=()";

/// What every answer says.
fn everywhere() -> [(HeaderName, &'static str); 6] {
    [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
        (HeaderName::from_static("permissions-policy"), POWERLESS),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ]
}

/// The outermost layer: whatever a handler, another layer or the framework left unsaid is said here, on every status.
///
/// The challenge has no `Cross-Origin-Opener-Policy`: it would cut the page off from the one that opened it in a window
/// and waits to hear of its end. Nobody opens the dashboard that way.
pub(super) async fn shelter(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_dashboard = is_below("/dashboard", request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in everywhere() {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(NOTHING));
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    if is_dashboard {
        let opener = HeaderName::from_static("cross-origin-opener-policy");
        headers.insert(opener, HeaderValue::from_static("same-origin-allow-popups"));
    }
    // browsers take it over https alone, and a demo without it must stay reachable
    if app.site.secure_cookies {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// True for a path and all below it.
pub(super) fn is_below(root: &str, path: &str) -> bool {
    path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A fresh nonce for one response: 128 random bits.
pub(crate) fn nonce() -> String {
    STANDARD_NO_PAD.encode(rand::random::<[u8; 16]>())
}

/// A page with its headers. `form_action` names one more origin that a form may post to.
pub(crate) fn page<P: Page>(
    pages: &Pages,
    status: StatusCode,
    page: &P,
    nonce: &str,
    form_action: Option<&str>,
) -> Response {
    let html = match pages.render(page) {
        Ok(html) => html,
        Err(error) => {
            tracing::error!(%error, "a page does not render");
            return (StatusCode::INTERNAL_SERVER_ERROR, "This page cannot be shown right now.")
                .into_response();
        }
    };
    let mut response = (status, Html(html)).into_response();
    protect(response.headers_mut(), nonce, form_action);
    response
}

/// The headers of every page, on every status. No script of ours writes markup, so none may.
pub(super) fn protect(headers: &mut HeaderMap, nonce: &str, form_action: Option<&str>) {
    let form_action = form_action.unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src 'nonce-{nonce}'; img-src 'self'; connect-src 'self'; \
         form-action 'self' {form_action}; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
         require-trusted-types-for 'script'"
    );
    for (name, value) in everywhere() {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Answers a form with a GET of the page: going back and reloading repeat nothing.
pub(crate) fn see_other(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(location) = HeaderValue::from_str(path) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Says when to come again.
pub(super) fn retry_after(response: &mut Response, seconds: u64) {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_is_by_whole_segments() {
        for path in ["/dashboard", "/dashboard/", "/dashboard/events"] {
            assert!(is_below("/dashboard", path), "{path}");
        }
        for path in ["/", "/dashboards", "/challenge/dashboard", ""] {
            assert!(!is_below("/dashboard", path), "{path}");
        }
    }
}
