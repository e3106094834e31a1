//! `GET /policies`, `PUT /policies/{name}` and the life of a version: kept, checked, on trial, live, rolled back.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use ase_engine::access::KeyScope;
use ase_engine::backtest::Span;
use ase_engine::policy::Step;
use ase_engine::problem::FieldError;
use ase_engine::provisioning::Wish;
use ase_engine::store::policies::PolicyRow;

use super::access::Key;
use super::problem::Problem;
use crate::App;

/// How many decisions a backtest by the API judges at most; the command has no limit.
const BACKTEST_MAX: u64 = 200_000;
/// How far back a backtest looks unless told otherwise.
const SINCE_DEFAULT: TimeDelta = TimeDelta::days(30);

#[derive(Deserialize)]
pub(super) struct Since {
    since: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
pub(super) struct Adding {
    #[serde(default)]
    draft: bool,
}

pub(super) async fn list(State(app): State<App>, key: Key) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::PoliciesRead)?;
    let rows = app.engine.policies(&caller.tenant.org.org_id).await?;
    Ok(Json(json!({ "policies": rows.iter().map(policy).collect::<Vec<_>>() })))
}

pub(super) async fn one(
    State(app): State<App>,
    key: Key,
    Path((name, version)): Path<(String, i32)>,
) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::PoliciesRead)?;
    let row = app.engine.policy_version(&caller.tenant.org.org_id, &name, version).await?;
    Ok(Json(policy(&row.ok_or_else(Problem::not_found)?)))
}

/// Keeps and publishes at once; where two people are asked for, `status` says that it waits as checked.
pub(super) async fn publish(
    State(app): State<App>,
    key: Key,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::PoliciesWrite)?;
    let org_id = &caller.tenant.org.org_id;
    let row = app.engine.add_policy(org_id, &name, text(&body)?, Wish::Publish, &caller.actor()).await?;
    Ok(Json(policy(&row)))
}

pub(super) async fn add(
    State(app): State<App>,
    key: Key,
    Path(name): Path<String>,
    Query(adding): Query<Adding>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let caller = key.with(KeyScope::PoliciesWrite)?;
    let wish = if adding.draft { Wish::Draft } else { Wish::Check };
    let org_id = &caller.tenant.org.org_id;
    let row = app.engine.add_policy(org_id, &name, text(&body)?, wish, &caller.actor()).await?;
    Ok((StatusCode::CREATED, Json(policy(&row))))
}

pub(super) async fn step(
    State(app): State<App>,
    key: Key,
    Path((name, version, step)): Path<(String, i32, String)>,
) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::PoliciesWrite)?;
    let step = Step::parse(&step).ok_or_else(Problem::not_found)?;
    let org_id = &caller.tenant.org.org_id;
    let row = app.engine.step_policy(org_id, &name, version, step, &caller.actor()).await?;
    Ok(Json(policy(&row)))
}

pub(super) async fn roll_back(State(app): State<App>, key: Key) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::PoliciesWrite)?;
    let row = app.engine.roll_back_policy(&caller.tenant.org.org_id, &caller.actor()).await?;
    Ok(Json(policy(&row)))
}

/// What a candidate on trial would have decided beside what was decided.
pub(super) async fn shadow(
    State(app): State<App>,
    key: Key,
    Path((name, version)): Path<(String, i32)>,
    Query(since): Query<Since>,
) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::PoliciesRead)?;
    let since = since.since.unwrap_or_else(|| ase_engine::clock::now() - SINCE_DEFAULT);
    let compared = app.engine.compare_shadow(&caller.tenant.org.org_id, &name, version, since).await?;
    let compared = compared.ok_or_else(Problem::not_found)?;
    Ok(Json(json!({ "name": name, "version": version, "since": since, "transitions": compared })))
}

/// Judges past decisions again under the document of the body.
pub(super) async fn backtest(
    State(app): State<App>,
    key: Key,
    Query(since): Query<Since>,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let caller = key.with(KeyScope::PoliciesRead)?;
    let candidate = ase_engine::provisioning::candidate(text(&body)?).await?;
    let since = since.since.unwrap_or_else(|| ase_engine::clock::now() - SINCE_DEFAULT);
    let span = Span { since, limit: Some(BACKTEST_MAX) };
    let report = app.engine.backtest(&caller.tenant.org.org_id, &candidate, span, |_, _| ()).await?;
    Ok(Json(json!({ "since": since, "policy_digest": candidate.digest, "report": report })))
}

fn text(body: &Bytes) -> Result<&str, FieldError> {
    std::str::from_utf8(body).or(Err(FieldError::new("", "body is not JSON: it is not UTF-8")))
}

fn policy(row: &PolicyRow) -> Value {
    json!({
        "name": row.name, "version": row.version, "digest": row.digest, "status": row.status,
        "live": row.status == "live", "author": row.author, "publisher": row.publisher,
        "created_at": row.created_at, "live_from": row.live_from, "live_until": row.live_until,
        "demoted_at": row.demoted_at, "demotion": row.demotion, "document": row.document,
    })
}
