//! Headers of pages: what a browser may do with them (research: OWASP Secure Headers, CSP level 3).

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::pages::{Page, Pages};

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

/// The headers of every page, on every status.
pub(super) fn protect(headers: &mut HeaderMap, nonce: &str, form_action: Option<&str>) {
    let form_action = form_action.unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src 'nonce-{nonce}'; img-src 'self'; connect-src 'self'; \
         form-action 'self' {form_action}; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    let fixed = [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=()",
        ),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
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
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
