//! `/challenge/{session_id}/stop/{key}`: the Stop link of a mail. A GET shows what would be stopped and changes nothing;
//! the mail may be open in another browser, so the link's own key is all that a POST needs, and its page.

use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

use ase_engine::verification::{StopView, Stoppable, VerificationError};

use super::forms::Asked;
use super::{Trouble, failed, spoken, voice};
use crate::App;
use crate::http::access::is_same_origin;
use crate::http::headers::{nonce, page, see_other};
use crate::http::problem::Problem;
use crate::http::tongues::Tongues;
use crate::pages::Concealed;
use crate::pages::challenge::{ActionView, OrgView, ProblemKind, Shell, StopPage, StopState, Voice};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct StopForm {
    form_token: String,
}

pub(in crate::http) async fn show(
    State(app): State<App>,
    Path((session_id, key)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let tongues = Tongues::of(asked.lang.as_deref(), &headers);
    match app.engine.view_stop(&session_id, &key).await {
        Ok(view) => {
            let path = format!("/challenge/{session_id}/stop/{key}");
            let voice = voice(&tongues, view.locale.as_deref(), Some(path.clone()));
            let shown = stop_page(&view, path, &key, voice);
            page(&app.pages, StatusCode::OK, &shown, &shown.shell.nonce, None)
        }
        Err(error) => failed(&app, &session_id, error, &tongues, Some(String::new())),
    }
}

pub(in crate::http) async fn confirm(
    State(app): State<App>,
    Path((session_id, key)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    Form(form): Form<StopForm>,
) -> Response {
    let tongues = Tongues::of(asked.lang.as_deref(), &headers);
    let path = format!("/challenge/{session_id}/stop/{key}");
    let ours = bool::from(form.form_token.as_bytes().ct_eq(key.as_bytes()));
    // a scanner that sends whatever it finds is no browser
    if !ours || !is_same_origin(&app, &headers) {
        let (voice, org) = setting(&app, &session_id, &key, &tongues).await;
        return Trouble::stale(path).shown(&app, voice, org);
    }
    match app.engine.stop(&session_id, &key, &tongues.reader()).await {
        // the page itself says what became of it
        Ok(()) | Err(VerificationError::WentAhead | VerificationError::InvalidTransition) => {
            // INVARIANT: the key is right, so the path is one of ours and needs no escaping
            see_other(&format!("{path}{}", tongues.query(None)))
        }
        Err(VerificationError::NotFound) => {
            failed(&app, &session_id, VerificationError::NotFound, &tongues, None)
        }
        Err(error) => {
            let problem = Problem::from(error);
            let trouble = Trouble::of(&problem, ProblemKind::Unavailable, Some(path));
            trouble.shown(&app, voice(&tongues, None, None), None)
        }
    }
}

/// How a page of trouble speaks, and for whom: only who has the link is told whose it is.
async fn setting(app: &App, session_id: &str, key: &str, tongues: &Tongues) -> (Voice, Option<OrgView>) {
    match app.engine.view_stop(session_id, key).await {
        Ok(view) => spoken(tongues, view.locale.as_deref(), &view.org, &view.brand),
        Err(_) => (voice(tongues, None, None), None),
    }
}

fn stop_page(view: &StopView, path: String, key: &str, voice: Voice) -> StopPage {
    let org = OrgView::of(&view.org, &view.brand, voice.language);
    StopPage {
        shell: Shell { voice, nonce: nonce(), org: Some(org) },
        action: ActionView::of(&view.action),
        path,
        form_token: Concealed::from(key),
        state: match view.state {
            Stoppable::Open => StopState::Open,
            Stoppable::Over => StopState::Stopped,
            Stoppable::Late => StopState::Late,
        },
    }
}
