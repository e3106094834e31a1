//! `/deliveries`: the inbox, and having it read anew.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use ase_engine::access::KeyScope;
use ase_engine::audit::{Actor, ActorType};
use ase_engine::inbox::STATUSES;
use ase_engine::problem::{FieldError, from_json};
use ase_engine::review::Cursor;
use ase_engine::store::deliveries::Filter;

use super::access::Key;
use super::paging::{Paging, next};
use super::problem::Problem;
use crate::App;
use crate::intake::{DeliveryView, Preview, preview};

/// Ids that one call names at most.
const IDS_MAX: usize = 1000;

/// Which deliveries.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Chosen {
    delivery_ids: Option<Vec<String>>,
    source_id: Option<String>,
    status: Option<String>,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

/// The same, of a list.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    source_id: Option<String>,
    status: Option<String>,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

/// A page of deliveries.
#[derive(Debug, Serialize)]
pub(super) struct DeliveryPage {
    deliveries: Vec<DeliveryView>,
    next: Option<String>,
}

pub(super) async fn list(
    State(app): State<App>,
    key: Key,
    Query(paging): Query<Paging>,
    Query(asked): Query<Asked>,
) -> Result<Json<DeliveryPage>, Problem> {
    let caller = key.with(KeyScope::DeliveriesRead)?;
    let limit = paging.limit()?;
    let filter = Filter {
        source_id: asked.source_id,
        status: status(asked.status)?,
        since: asked.since,
        until: asked.until,
    };
    let org_id = caller.tenant.org.org_id.as_str();
    let rows = app.engine.deliveries(org_id, &filter, paging.cursor()?, limit).await?;
    let next = next(&rows, limit, |row| Cursor { time: row.received_at, id: row.delivery_id.clone() });
    Ok(Json(DeliveryPage { deliveries: rows.iter().map(DeliveryView::from).collect(), next }))
}

pub(super) async fn one(
    State(app): State<App>,
    key: Key,
    Path(delivery_id): Path<String>,
) -> Result<Json<DeliveryView>, Problem> {
    let caller = key.with(KeyScope::DeliveriesRead)?;
    let found = app.engine.delivery(&caller.tenant, &delivery_id).await?;
    let (row, kept) = found.ok_or_else(Problem::not_found)?;
    Ok(Json(DeliveryView { request_kept: Some(kept.is_some()), ..DeliveryView::from(&row) }))
}

/// What the connector of now makes of it; nothing is screened.
pub(super) async fn normalize(
    State(app): State<App>,
    key: Key,
    Path(delivery_id): Path<String>,
) -> Result<Json<Preview>, Problem> {
    let caller = key.with(KeyScope::DeliveriesRead)?;
    let found = app.engine.delivery(&caller.tenant, &delivery_id).await?;
    let (row, kept) = found.ok_or_else(Problem::not_found)?;
    let kept = kept.ok_or_else(|| {
        let detail =
            "the request is kept no longer: its organisation's days are over, or its subject was erased";
        Problem::new(axum::http::StatusCode::GONE, "request_gone", detail)
    })?;
    let read = preview(&app.engine, &app.connectors, &row, kept).await;
    read.map(Json).map_err(|error| {
        Problem::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "connector_failed", error.to_string())
    })
}

pub(super) async fn replay(State(app): State<App>, key: Key, body: Bytes) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::DeliveriesWrite)?;
    let chosen: Chosen = from_json(&body)?;
    if chosen.delivery_ids.as_ref().is_some_and(|ids| ids.len() > IDS_MAX) {
        return Err(FieldError::new("/delivery_ids", format!("must name at most {IDS_MAX}")).into());
    }
    let filter = Filter {
        source_id: chosen.source_id,
        status: status(chosen.status)?,
        since: chosen.since,
        until: chosen.until,
    };
    if chosen.delivery_ids.is_none() && filter == Filter::default() {
        let detail = "say which: delivery_ids, source_id, status, since or until";
        return Err(FieldError::new("/delivery_ids", detail).into());
    }
    let actor = Actor { actor_type: ActorType::Platform, id: caller.key_id.clone() };
    let org_id = caller.tenant.org.org_id.as_str();
    let ids = chosen.delivery_ids.as_deref();
    let count = app.engine.replay_deliveries(org_id, ids, &filter, &actor).await?;
    Ok(Json(json!({ "deliveries": count })))
}

fn status(given: Option<String>) -> Result<Option<String>, FieldError> {
    match given {
        Some(word) if !STATUSES.contains(&word.as_str()) => {
            Err(FieldError::new("/status", format!("must be one of {}", STATUSES.join(", "))))
        }
        other => Ok(other),
    }
}
