//! `GET /audit/entries`, `GET /reports`, `GET /policies`, `PUT /policies/{name}`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use serde_json::{Value, json};

use ase_engine::access::KeyScope;
use ase_engine::audit::{Actor, ActorType};
use ase_engine::problem::FieldError;
use ase_engine::review::Cursor;
use ase_engine::store::policies::PolicyRow;

use super::access::Key;
use super::paging::{Paging, next};
use super::problem::Problem;
use super::sessions::entry;
use crate::App;

pub(super) async fn audit_entries(
    State(app): State<App>,
    key: Key,
    Query(paging): Query<Paging>,
) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::AuditRead)?;
    let limit = paging.limit()?;
    let rows = app.engine.audit_entries(&caller.tenant.org.org_id, paging.cursor()?, limit).await?;
    let place = |row: &ase_engine::store::audit_entries::Stored| Cursor {
        time: row.entry.occurred_at,
        id: row.entry.id.clone(),
    };
    let next = next(&rows, limit, place);
    let entries: Vec<Value> = rows.iter().map(entry).collect();
    Ok(Json(json!({ "entries": entries, "next": next })))
}

pub(super) async fn reports(
    State(app): State<App>,
    key: Key,
    Query(paging): Query<Paging>,
) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::ReportsRead)?;
    let limit = paging.limit()?;
    let rows = app.engine.reports(&caller.tenant.org.org_id, paging.cursor()?, limit).await?;
    let next = next(&rows, limit, |row| Cursor { time: row.created_at, id: row.id.clone() });
    Ok(Json(json!({ "reports": rows, "next": next })))
}

pub(super) async fn policies(State(app): State<App>, key: Key) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::PoliciesRead)?;
    let rows = app.engine.policies(&caller.tenant.org.org_id).await?;
    Ok(Json(json!({ "policies": rows.iter().map(policy).collect::<Vec<_>>() })))
}

pub(super) async fn publish_policy(
    State(app): State<App>,
    key: Key,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::PoliciesWrite)?;
    let document =
        std::str::from_utf8(&body).or(Err(FieldError::new("", "body is not JSON: it is not UTF-8")))?;
    let actor = Actor { actor_type: ActorType::Platform, id: caller.key_id.clone() };
    let row = app.engine.publish_policy(&caller.tenant.org.org_id, &name, document, &actor).await?;
    Ok(Json(policy(&row)))
}

fn policy(row: &PolicyRow) -> Value {
    json!({
        "name": row.name, "version": row.version, "digest": row.digest, "live": row.live,
        "author": row.author, "created_at": row.created_at, "document": row.document,
    })
}
