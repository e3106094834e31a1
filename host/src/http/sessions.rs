//! `GET /sessions`, `/sessions/{id}`, `/sessions/{id}/audit`: what was decided and what became of it.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use ase_engine::access::KeyScope;
use ase_engine::problem::FieldError;
use ase_engine::review::{Cursor, EventFilter, Reviewed};
use ase_engine::session::Stage;
use ase_engine::store::audit_entries::Stored;
use ase_engine::store::events::ScreenedRow;

use super::access::Key;
use super::paging::{Paging, next};
use super::problem::Problem;
use crate::App;

/// The outcomes of a decision.
const OUTCOMES: [&str; 3] = ["allow", "delay_verify", "block_escalate"];

#[derive(Deserialize)]
pub(super) struct Filter {
    outcome: Option<String>,
    stage: Option<String>,
    subject_id: Option<String>,
}

pub(super) async fn list(
    State(app): State<App>,
    key: Key,
    Query(paging): Query<Paging>,
    Query(filter): Query<Filter>,
) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::SessionsRead)?;
    if filter.outcome.as_deref().is_some_and(|outcome| !OUTCOMES.contains(&outcome)) {
        return Err(FieldError::new("/outcome", format!("must be one of {}", OUTCOMES.join(", "))).into());
    }
    if filter.stage.as_deref().is_some_and(|stage| Stage::parse(stage).is_none()) {
        let stages = Stage::ALL.map(Stage::as_str).join(", ");
        return Err(FieldError::new("/stage", format!("must be one of {stages}")).into());
    }
    let limit = paging.limit()?;
    let chosen = EventFilter {
        decision: filter.outcome.as_deref(),
        subject_id: filter.subject_id.as_deref(),
        stage: filter.stage.as_deref(),
        before: None,
    };
    let rows = app.engine.events(&caller.tenant.org.org_id, chosen, paging.cursor()?, limit).await?;
    let next = next(&rows, limit, |row| Cursor { time: row.received_at, id: row.session_id.clone() });
    let sessions: Vec<Value> = rows.iter().map(|row| session(&app, row)).collect();
    Ok(Json(json!({ "sessions": sessions, "next": next })))
}

pub(super) async fn one(
    State(app): State<App>,
    key: Key,
    Path(session_id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::SessionsRead)?;
    let found = app.engine.session(&caller.tenant.org.org_id, &session_id).await?;
    let Reviewed { row, .. } = found.ok_or_else(Problem::not_found)?;
    let mut shown = session(&app, &row);
    // who may redeem a token may also fetch it: after a webhook there is no page that could hand it over
    if let (Ok(()), Some(object)) = (caller.require(KeyScope::DecisionsVerify), shown.as_object_mut()) {
        let token = app.engine.decision_token(&caller.tenant, &row.session_id).await?;
        object.insert("decision_token".to_owned(), json!(token));
    }
    if let Some(object) = shown.as_object_mut() {
        let label = app.engine.label(&caller.tenant, &row.session_id).await?;
        object.insert("label".to_owned(), json!(label));
    }
    Ok(Json(shown))
}

pub(super) async fn audit(
    State(app): State<App>,
    key: Key,
    Path(session_id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::AuditRead)?;
    let entries = app.engine.timeline(&caller.tenant.org.org_id, &session_id).await?;
    if entries.is_empty() {
        return Err(Problem::not_found());
    }
    let entries: Vec<Value> = entries.iter().map(entry).collect();
    Ok(Json(json!({ "session_id": session_id, "entries": entries })))
}

/// An audit entry with its leaf hash.
pub(super) fn entry(stored: &Stored) -> Value {
    let mut value = serde_json::to_value(&stored.entry).unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        let hash = data_encoding::HEXLOWER.encode(&stored.leaf_hash);
        object.insert("leaf_hash".to_owned(), Value::String(hash));
    }
    value
}

fn session(app: &App, row: &ScreenedRow) -> Value {
    json!({
        "id": row.session_id,
        "status": row.status,
        "stage": row.stage,
        "intent": row.intent,
        "outcome": row.outcome,
        "assurance": row.assurance,
        "challenge_url": app.engine.challenge_url(&row.session_id),
        "expires_at": row.expires_at,
        "resolved_at": row.resolved_at,
        "event": {
            "id": row.event_id, "type": row.event_type, "source_id": row.source_id,
            "subject_id": row.subject_id, "received_at": row.received_at, "test": row.test,
        },
        "decision": {
            "outcome": row.decision, "score": row.score, "reasons": row.reasons, "missing": row.missing,
            "observed": row.observed, "hold_until": row.hold_until,
            "policy": { "name": row.policy_name, "version": row.policy_version, "digest": row.policy_digest },
        },
        "token": row.token_expires_at.map(|expires_at| json!({
            "expires_at": expires_at, "used_at": row.token_used_at,
        })),
    })
}
