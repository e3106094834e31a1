//! `/challenge/{session_id}/stop/{key}`: the Stop link of a mail. A GET shows what would be stopped and changes nothing;
//! the mail may be open in another browser, so the link's own key is all that a POST needs, and its page.

use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

use ase_engine::verification::{StopView, Stoppable, VerificationError};

use super::{failed, problem};
use crate::App;
use crate::http::access::is_same_origin;
use crate::http::headers::{nonce, page, see_other};
use crate::http::problem::Problem;
use crate::pages::Concealed;
use crate::pages::challenge::{ActionView, OrgView, ProblemKind, Shell, StopPage, StopState};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct StopForm {
    form_token: String,
}

pub(in crate::http) async fn show(
    State(app): State<App>,
    Path((session_id, key)): Path<(String, String)>,
) -> Response {
    match app.engine.view_stop(&session_id, &key).await {
        Ok(view) => {
            let nonce = nonce();
            page(&app.pages, StatusCode::OK, &stop_page(&view, &session_id, &key, &nonce), &nonce, None)
        }
        Err(error) => failed(&app, error),
    }
}

pub(in crate::http) async fn confirm(
    State(app): State<App>,
    Path((session_id, key)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<StopForm>,
) -> Response {
    let path = format!("/challenge/{session_id}/stop/{key}");
    let ours = bool::from(form.form_token.as_bytes().ct_eq(key.as_bytes()));
    // a scanner that sends whatever it finds is no browser
    if !ours || !is_same_origin(&app, &headers) {
        return problem(&app, StatusCode::FORBIDDEN, ProblemKind::StaleForm, None);
    }
    match app.engine.stop(&session_id, &key).await {
        // the page itself says what became of it
        Ok(()) | Err(VerificationError::WentAhead | VerificationError::InvalidTransition) => see_other(&path),
        Err(VerificationError::NotFound) => failed(&app, VerificationError::NotFound),
        Err(error) => {
            // INVARIANT: the key is right, so the path is one of ours and needs no escaping
            problem(&app, Problem::from(error).status(), ProblemKind::Unavailable, Some(path))
        }
    }
}

fn stop_page(view: &StopView, session_id: &str, key: &str, nonce: &str) -> StopPage {
    let org = OrgView {
        name: view.org.name.clone(),
        policy_statement: view.org.policy_statement.clone(),
        support_url: view.org.support_url.clone(),
        support_phone: view.org.support_phone.clone(),
        support_email: view.org.support_email.clone(),
    };
    StopPage {
        shell: Shell::new(nonce, Some(org)),
        action: ActionView {
            description: view.action.description.clone(),
            amount: view.action.amount.clone(),
            destination: view.action.destination.clone(),
        },
        path: format!("/challenge/{session_id}/stop/{key}"),
        form_token: Concealed::from(key),
        state: match view.state {
            Stoppable::Open => StopState::Open,
            Stoppable::Over => StopState::Stopped,
            Stoppable::Late => StopState::Late,
        },
    }
}
