//! `POST /sessions/{id}/ruling` and `/sessions/{id}/token`: what a person rules on a hold, and the token of what they
//! released.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};

use ase_engine::access::KeyScope;
use ase_engine::problem::from_json;
use ase_engine::verification::{NewRuling, Renewed, SessionView};

use super::access::Key;
use super::problem::Problem;
use crate::App;

pub(super) async fn rule(
    State(app): State<App>,
    key: Key,
    Path(session_id): Path<String>,
    body: Bytes,
) -> Result<Json<SessionView>, Problem> {
    let caller = key.with(KeyScope::HoldsWrite)?;
    let new: NewRuling = from_json(&body)?;
    Ok(Json(app.engine.rule(&caller.tenant, &session_id, new.read()?, &caller.actor()).await?))
}

pub(super) async fn renew(
    State(app): State<App>,
    key: Key,
    Path(session_id): Path<String>,
) -> Result<Json<Renewed>, Problem> {
    let caller = key.with(KeyScope::DecisionsVerify)?;
    Ok(Json(app.engine.renew_token(&caller, &session_id).await?))
}
