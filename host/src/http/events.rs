//! `POST /events/ingest`: a normalized event in, a decision out.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use ase_engine::access::KeyScope;
use ase_engine::event::Draft;
use ase_engine::screening::{API_SOURCE, Origin, Screened};

use super::access::Key;
use super::problem::Problem;
use crate::App;

pub(super) async fn ingest(
    State(app): State<App>,
    key: Key,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let caller = key.with(KeyScope::EventsWrite)?;
    let mut draft = Draft::from_json(&body)?;
    if draft.id.is_none() {
        draft.id = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::to_owned);
    }
    let event = draft.strict()?;
    if let Some(url) = &event.return_url {
        caller.tenant.org.check_return_url(url)?;
    }
    let origin = Origin {
        source_id: API_SOURCE.to_owned(),
        actor: caller.actor(),
        delivery: None,
        arrival: None,
        invite: false,
        now: None,
    };
    match app.engine.screen(&caller.tenant, &origin, event).await? {
        Screened::Decision(answer) => {
            let status = if answer.duplicate { StatusCode::OK } else { StatusCode::CREATED };
            metrics::counter!("ase_decisions_total", "outcome" => answer.outcome.clone(), "via" => "api")
                .increment(1);
            Ok((status, Json(answer)).into_response())
        }
        Screened::Notice(notice) => Ok((StatusCode::ACCEPTED, Json(notice)).into_response()),
    }
}
