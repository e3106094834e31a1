//! `/deliveries`: the inbox, and having it read anew.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, StatusCode, header};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use ase_engine::access::KeyScope;
use ase_engine::inbox::{KeptRequest, STATUSES};
use ase_engine::problem::{FieldError, from_json};
use ase_engine::review::Cursor;
use ase_engine::store::deliveries::Filter;

use super::access::Key;
use super::paging::{Paging, next};
use super::problem::Problem;
use crate::App;
use crate::connectors::VersionError;
use crate::intake::{DeliveryView, Preview, PreviewError, RequestView, preview};

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

/// With which version a delivery is tried.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Tried {
    digest: Option<String>,
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
    let filter = filter(asked.source_id, asked.status, asked.since, asked.until)?;
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

/// What was sent, as it came: personal data, so the log says who looked.
pub(super) async fn request(
    State(app): State<App>,
    key: Key,
    Path(delivery_id): Path<String>,
) -> Result<([(HeaderName, &'static str); 1], Json<RequestView>), Problem> {
    let caller = key.with(KeyScope::DeliveriesRead)?;
    let found = app.engine.show_delivery(&caller.tenant, &delivery_id, &caller.actor()).await?;
    let (row, kept) = found.ok_or_else(Problem::not_found)?;
    let shown = RequestView::of(&app.engine, &row.source_id, &still(kept)?).await;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(shown)))
}

/// What the connector of now makes of it, or a version that is not live yet; nothing is screened.
pub(super) async fn normalize(
    State(app): State<App>,
    key: Key,
    Path(delivery_id): Path<String>,
    Query(tried): Query<Tried>,
) -> Result<Json<Preview>, Problem> {
    let caller = key.with(KeyScope::DeliveriesRead)?;
    let found = app.engine.delivery(&caller.tenant, &delivery_id).await?;
    let (row, kept) = found.ok_or_else(Problem::not_found)?;
    let read = preview(&app.engine, &app.connectors, &row, still(kept)?, tried.digest.as_deref()).await;
    read.map(Json).map_err(failed)
}

/// A request that is still there.
fn still(kept: Option<KeptRequest>) -> Result<KeptRequest, Problem> {
    kept.ok_or_else(|| {
        let detail =
            "the request is kept no longer: its organisation's days are over, or its subject was erased";
        Problem::new(StatusCode::GONE, "request_gone", detail)
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` asks for")]
fn failed(error: PreviewError) -> Problem {
    match &error {
        PreviewError::Version(
            VersionError::Digits | VersionError::Several | VersionError::NotHeld { .. },
        ) => FieldError::new("/digest", error.to_string()).into(),
        PreviewError::Call(_) | PreviewError::Version(VersionError::Call(_)) | PreviewError::Source => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "connector_failed", error.to_string())
        }
    }
}

pub(super) async fn replay(State(app): State<App>, key: Key, body: Bytes) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::DeliveriesWrite)?;
    let chosen: Chosen = from_json(&body)?;
    if chosen.delivery_ids.as_ref().is_some_and(|ids| ids.len() > IDS_MAX) {
        return Err(FieldError::new("/delivery_ids", format!("must name at most {IDS_MAX}")).into());
    }
    let filter = filter(chosen.source_id, chosen.status, chosen.since, chosen.until)?;
    if chosen.delivery_ids.is_none() && filter == Filter::default() {
        let detail = "say which: delivery_ids, source_id, status, since or until";
        return Err(FieldError::new("/delivery_ids", detail).into());
    }
    let org_id = caller.tenant.org.org_id.as_str();
    let ids = chosen.delivery_ids.as_deref();
    let count = app.engine.replay_deliveries(org_id, ids, &filter, &caller.actor()).await?;
    Ok(Json(json!({ "deliveries": count })))
}

/// The structs above are two, since `flatten` lets misspelt names pass, and a misspelt replay must not choose more.
fn filter(
    source_id: Option<String>,
    status: Option<String>,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) -> Result<Filter, FieldError> {
    if status.as_ref().is_some_and(|word| !STATUSES.contains(&word.as_str())) {
        return Err(FieldError::new("/status", format!("must be one of {}", STATUSES.join(", "))));
    }
    Ok(Filter { source_id, status, since, until })
}
