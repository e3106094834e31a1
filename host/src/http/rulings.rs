//! `POST /sessions/{id}/ruling`: what a person rules on a hold.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};

use ase_engine::access::KeyScope;
use ase_engine::audit::{Actor, ActorType};
use ase_engine::problem::from_json;
use ase_engine::verification::{NewRuling, SessionView};

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
    let actor = Actor { actor_type: ActorType::Platform, id: caller.key_id.clone() };
    Ok(Json(app.engine.rule(&caller.tenant, &session_id, new.read()?, &actor).await?))
}
