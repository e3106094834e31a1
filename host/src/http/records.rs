//! `GET /audit/entries`, `GET /reports`.

use axum::Json;
use axum::extract::{Query, State};
use serde_json::{Value, json};

use ase_engine::access::KeyScope;
use ase_engine::review::Cursor;

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
