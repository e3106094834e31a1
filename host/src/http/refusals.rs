//! Refusals for people: what the framework or a layer turns away on the way to a page (a form too large, a method that
//! is none, a server at its limit) is told on a page, to whoever asks for pages. Programs get the problem as it is.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use super::headers::is_below;
use super::tongues::Tongues;
use super::{challenge, dashboard};
use crate::App;

/// Where somebody was going.
enum Way {
    /// To a challenge. The address is where they can begin again.
    Challenge {
        again: String,
        tongues: Tongues,
    },
    Dashboard,
}

/// Tells people of a refusal in their own words.
pub(super) async fn on_pages(State(app): State<App>, request: Request, next: Next) -> Response {
    let way = Way::of(request.uri(), request.headers());
    let response = next.run(request).await;
    let Some(way) = way.filter(|_| is_problem(&response)) else { return response };
    let (status, wait) = (response.status(), wait(response.headers()));
    let mut told = match way {
        Way::Challenge { again, tongues } => challenge::refused(&app, status, wait, again, &tongues),
        Way::Dashboard => dashboard::refused(&app, status),
    };
    for name in [header::ALLOW, header::CONNECTION, header::RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            told.headers_mut().insert(name, value.clone());
        }
    }
    told
}

impl Way {
    /// `None` for all that is no page, or is not asked for as one.
    fn of(uri: &Uri, headers: &HeaderMap) -> Option<Self> {
        if !asks_for_html(headers) {
            return None;
        }
        if is_below("/dashboard", uri.path()) {
            return Some(Self::Dashboard);
        }
        let rest = uri.path().strip_prefix("/challenge/")?;
        let (session_id, step) = rest.split_once('/').unwrap_or((rest, ""));
        // a Stop link is a page of its own, the other steps are forms of the session's page
        let again = if step.starts_with("stop/") { rest } else { session_id };
        let lang = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
            .find_map(|(name, value)| (name == "lang").then_some(value));
        let tongues = Tongues::of(lang.as_deref(), headers);
        Some(Self::Challenge { again: format!("/challenge/{again}"), tongues })
    }
}

fn asks_for_html(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut kinds = values.flat_map(|value| value.split(','));
    kinds.any(|kind| kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/html")))
}

/// True for what has the shape of a problem: a page that a handler made stays.
fn is_problem(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes() == b"application/problem+json")
}

fn wait(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::RETRY_AFTER)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;
    use crate::pages::Language;

    fn way(uri: &'static str, accept: &'static str) -> Option<Way> {
        let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
        Way::of(&Uri::from_static(uri), &headers)
    }

    #[test]
    fn only_people_on_their_way_to_a_page_are_told_on_one() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        assert!(matches!(way("/dashboard/events", browser), Some(Way::Dashboard)));
        for (uri, accept) in [
            ("/challenge/ses_1", "*/*"),
            ("/challenge/ses_1/status", "application/json"),
            ("/dashboard/events", "application/json, */*"),
            ("/sessions/ses_1", browser),
            ("/events/ingest", browser),
            ("/assets/none", browser),
        ] {
            assert!(way(uri, accept).is_none(), "{uri} as {accept}");
        }
    }

    #[test]
    fn whoever_is_refused_can_begin_again_where_they_were() {
        let table = [
            ("/challenge/ses_1?lang=de", "/challenge/ses_1", Language::German),
            ("/challenge/ses_1/intent?note=x&lang=ar", "/challenge/ses_1", Language::Arabic),
            ("/challenge/ses_1/report", "/challenge/ses_1", Language::English),
            ("/challenge/ses_1/stop/k3y?lang=xx", "/challenge/ses_1/stop/k3y", Language::English),
            ("/challenge//evil.example", "/challenge/", Language::English),
        ];
        for (uri, expected, language) in table {
            let Some(Way::Challenge { again, tongues }) = way(uri, "TEXT/HTML;q=0.9") else {
                panic!("{uri}")
            };
            assert_eq!((again.as_str(), tongues.best(None)), (expected, language), "{uri}");
        }
    }
}
