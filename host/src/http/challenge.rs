//! `/challenge/{session_id}`: the hosted page. Every step is a plain form: POST, 303, GET. A GET changes nothing.

mod forms;
mod report;
mod status;
mod stop;
mod view;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;

use ase_engine::verification::VerificationError;

pub(super) use forms::{code, intent, resend};
pub(super) use report::report;
pub(super) use status::status;
pub(super) use stop::{confirm, show as show_stop};

use self::view::Said;
use super::access::Browser;
use super::headers::{nonce, page};
use super::problem::Problem;
use super::tongues::Tongues;
use crate::App;
use crate::pages::challenge::{NotFoundPage, ProblemKind, ProblemPage, Shell, Voice};

/// What the form before this page came to; it only chooses a sentence.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Notice {
    note: Option<String>,
    /// The language that the person chose.
    lang: Option<String>,
}

/// Shows where the session stands.
pub(super) async fn show(
    State(app): State<App>,
    Path(session_id): Path<String>,
    Query(notice): Query<Notice>,
    headers: HeaderMap,
) -> Response {
    let browser = Browser::of(&app, &headers);
    let tongues = Tongues::of(notice.lang.as_deref(), &headers);
    let known = (!browser.fresh).then_some(browser.cookie.as_str());
    let mut response = match app.engine.view_challenge(&session_id, known).await {
        Ok(found) => match app.engine.form_token(&session_id, &browser.cookie, found.now).await {
            Ok(form_token) => {
                let said = Said::Note(notice.note.as_deref());
                view::respond(&app, &session_id, &found, &form_token, said, &tongues)
            }
            Err(error) => failed(&app, error, &tongues, Some(String::new())),
        },
        Err(error) => return failed(&app, error, &tongues, Some(String::new())),
    };
    if let Some(cookie) = browser.set_cookie(&app) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The page for what went wrong before anything could be shown. `switch` is where another language is asked for: a
/// page that answers a form has no address of its own.
fn failed(app: &App, error: VerificationError, tongues: &Tongues, switch: Option<String>) -> Response {
    let nonce = nonce();
    if matches!(error, VerificationError::NotFound) {
        let shown = NotFoundPage::new(nonce.clone(), voice(tongues, None, switch));
        return page(&app.pages, StatusCode::NOT_FOUND, &shown, &nonce, None);
    }
    let status = Problem::from(error).status();
    problem(app, status, ProblemKind::Unavailable, None, voice(tongues, None, switch))
}

/// The language of a page, how it is changed, and whether it was chosen.
fn voice(tongues: &Tongues, event: Option<&str>, switch: Option<String>) -> Voice {
    Voice { language: tongues.best(event), chosen: tongues.chosen.is_some(), switch, note: None }
}

fn problem(
    app: &App,
    status: StatusCode,
    kind: ProblemKind,
    retry_path: Option<String>,
    voice: Voice,
) -> Response {
    let nonce = nonce();
    let shell = Shell { voice, nonce: nonce.clone(), org: None };
    page(&app.pages, status, &ProblemPage { shell, kind, retry_path }, &nonce, None)
}
