//! `PUT` and `DELETE /sessions/{id}/label`: what analysts say became of a session.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use ase_engine::access::KeyScope;
use ase_engine::label::{GivenLabel, NewLabel};
use ase_engine::problem::from_json;

use super::access::Key;
use super::problem::Problem;
use crate::App;

pub(super) async fn put(
    State(app): State<App>,
    key: Key,
    Path(session_id): Path<String>,
    body: Bytes,
) -> Result<Json<GivenLabel>, Problem> {
    let caller = key.with(KeyScope::LabelsWrite)?;
    let new: NewLabel = from_json(&body)?;
    Ok(Json(app.engine.label_session(&caller.tenant, &session_id, new, &caller.actor()).await?))
}

pub(super) async fn remove(
    State(app): State<App>,
    key: Key,
    Path(session_id): Path<String>,
) -> Result<StatusCode, Problem> {
    let caller = key.with(KeyScope::LabelsWrite)?;
    app.engine.unlabel_session(&caller.tenant.org.org_id, &session_id, &caller.actor()).await?;
    Ok(StatusCode::NO_CONTENT)
}
