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

use ase_engine::brand::Brand;
use ase_engine::org::Org;
use ase_engine::verification::VerificationError;

pub(super) use forms::{code, intent, resend};
pub(super) use report::report;
pub(super) use status::status;
pub(super) use stop::{confirm, show as show_stop};

use self::view::Said;
use super::access::Browser;
use super::headers::{nonce, page, retry_after};
use super::problem::Problem;
use super::tongues::Tongues;
use crate::App;
use crate::pages::challenge::{NotFoundPage, OrgView, ProblemKind, ProblemPage, Shell, Voice, Wait};

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
        Ok(found) => {
            let form_token = found.form_token(&session_id, &browser.cookie);
            let said = Said::Note(notice.note.as_deref());
            view::respond(&app, &session_id, &found, &form_token, said, &tongues)
        }
        Err(error) => return failed(&app, &session_id, error, &tongues, Some(String::new())),
    };
    if let Some(cookie) = browser.set_cookie(&app) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The page for what went wrong before anything could be shown. `switch` is where another language is asked for: a
/// page that answers a form has no address of its own.
fn failed(
    app: &App,
    session_id: &str,
    error: VerificationError,
    tongues: &Tongues,
    switch: Option<String>,
) -> Response {
    let voice = voice(tongues, None, switch);
    if matches!(error, VerificationError::NotFound) {
        return not_found(app, voice);
    }
    let problem = Problem::from(error);
    Trouble::of(&problem, ProblemKind::Unavailable, Some(address(session_id))).shown(app, voice, None)
}

/// The page for what was refused before any handler saw it: whose challenge it is, nobody asked yet.
pub(super) fn refused(
    app: &App,
    status: StatusCode,
    wait: Option<u64>,
    again: String,
    tongues: &Tongues,
) -> Response {
    let voice = voice(tongues, None, None);
    let kind = match status {
        StatusCode::NOT_FOUND => return not_found(app, voice),
        StatusCode::PAYLOAD_TOO_LARGE => ProblemKind::TooLong,
        StatusCode::TOO_MANY_REQUESTS => ProblemKind::TooMany,
        status if status.is_server_error() => ProblemKind::Unavailable,
        _ => ProblemKind::Unread,
    };
    Trouble { status, kind, retry_path: Some(again), wait }.shown(app, voice, None)
}

fn not_found(app: &App, voice: Voice) -> Response {
    let nonce = nonce();
    page(&app.pages, StatusCode::NOT_FOUND, &NotFoundPage::new(nonce.clone(), voice), &nonce, None)
}

fn address(session_id: &str) -> String {
    format!("/challenge/{session_id}")
}

/// The language of a page, how it is changed, and whether it was chosen.
fn voice(tongues: &Tongues, event: Option<&str>, switch: Option<String>) -> Voice {
    Voice { language: tongues.best(event), chosen: tongues.chosen.is_some(), switch, note: None }
}

/// How a page of trouble speaks, and for whom: the official ways stay on it wherever the session's own page would show
/// them. For a link that leads nowhere, and while the store is away, there are none to show.
async fn setting(app: &App, session_id: &str, tongues: &Tongues) -> (Voice, Option<OrgView>) {
    match app.engine.view_challenge(session_id, None).await {
        Ok(view) => spoken(tongues, view.locale.as_deref(), &view.tenant.org, &view.tenant.brand),
        Err(_) => (voice(tongues, None, None), None),
    }
}

fn spoken(tongues: &Tongues, locale: Option<&str>, org: &Org, brand: &Brand) -> (Voice, Option<OrgView>) {
    let voice = voice(tongues, locale, None);
    let org = OrgView::of(org, brand, voice.language);
    (voice, Some(org))
}

/// What a page of trouble tells.
struct Trouble {
    status: StatusCode,
    kind: ProblemKind,
    /// Where "Try again" leads.
    retry_path: Option<String>,
    /// Seconds until that is of use.
    wait: Option<u64>,
}

impl Trouble {
    fn of(problem: &Problem, kind: ProblemKind, retry_path: Option<String>) -> Self {
        Self { status: problem.status(), kind, retry_path, wait: problem.wait() }
    }

    /// A form that is none of ours, or was one for too long.
    fn stale(retry_path: String) -> Self {
        let (status, kind) = (StatusCode::FORBIDDEN, ProblemKind::StaleForm);
        Self { status, kind, retry_path: Some(retry_path), wait: None }
    }

    fn shown(self, app: &App, voice: Voice, org: Option<OrgView>) -> Response {
        let nonce = nonce();
        let shell = Shell { voice, nonce: nonce.clone(), org };
        let wait = self.wait.map(Wait::of);
        let shown = ProblemPage { shell, kind: self.kind, retry_path: self.retry_path, wait };
        let mut response = page(&app.pages, self.status, &shown, &nonce, None);
        if let Some(seconds) = self.wait {
            retry_after(&mut response, seconds);
        }
        response
    }
}
