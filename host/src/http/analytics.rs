//! `GET /analytics/break-contact`: what came of each wording for whoever broke off contact.

use axum::Json;
use axum::extract::{Query, State};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use ase_engine::access::KeyScope;
use ase_engine::analytics::{Outcomes, Span};

use super::access::Key;
use super::problem::Problem;
use crate::App;

/// How far back it looks unless told otherwise.
const SPAN_DEFAULT: TimeDelta = TimeDelta::days(30);

#[derive(Deserialize)]
pub(super) struct Asked {
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

pub(super) async fn break_contact(
    State(app): State<App>,
    key: Key,
    Query(asked): Query<Asked>,
) -> Result<Json<Outcomes>, Problem> {
    let caller = key.with(KeyScope::ReportsRead)?;
    let until = asked.until.unwrap_or_else(ase_engine::clock::now);
    let span = Span::new(asked.since.unwrap_or(until - SPAN_DEFAULT), until)?;
    Ok(Json(app.engine.break_contact_outcomes(&caller.tenant, span).await?))
}
