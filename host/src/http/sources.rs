//! `/sources`: where webhooks come from, whether they still come, and the secrets that prove them.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use ase_engine::access::KeyScope;
use ase_engine::problem::FieldError;
use ase_engine::provisioning::SECRET_OVERLAP_HOURS;
use ase_engine::store::sources::SecretUse;

use super::access::Key;
use super::connectors::said;
use super::problem::Problem;
use crate::App;
use crate::intake::SourceView;

/// Bytes of a secret that a platform gave.
const SECRET_MAX: usize = 4096;

/// All sources of an organisation.
#[derive(Debug, Serialize)]
pub(super) struct SourceList {
    delivery_days: i32,
    sources: Vec<SourceView>,
}

/// The secrets of one of them.
#[derive(Debug, Serialize)]
pub(super) struct SecretList {
    source_id: String,
    secrets: Vec<SecretUse>,
}

/// A secret that the platform gave; without one, a secret is made.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Given {
    secret: Option<String>,
}

pub(super) async fn list(State(app): State<App>, key: Key) -> Result<Json<SourceList>, Problem> {
    let caller = key.with(KeyScope::DeliveriesRead)?;
    let found = app.engine.sources_overview(&caller.tenant.org.org_id).await?;
    let sources = found.sources.into_iter().map(|source| SourceView::of(&app.engine, source));
    Ok(Json(SourceList { delivery_days: found.delivery_days, sources: sources.collect() }))
}

pub(super) async fn secrets(
    State(app): State<App>,
    key: Key,
    Path(source_id): Path<String>,
) -> Result<Json<SecretList>, Problem> {
    let caller = key.with(KeyScope::DeliveriesRead)?;
    let secrets = app.engine.source_secrets(&caller.tenant.org.org_id, &source_id).await?;
    Ok(Json(SecretList { source_id, secrets }))
}

/// A new secret beside the old ones, which count for a day more. Whoever has it can sign deliveries, so the scope is not
/// the one with which deliveries are read anew.
pub(super) async fn rotate(
    State(app): State<App>,
    key: Key,
    Path(source_id): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, [(HeaderName, &'static str); 1], Json<Value>), Problem> {
    let caller = key.with(KeyScope::SettingsWrite)?;
    let Given { secret } = said(&body)?;
    let secret = secret.map(SecretString::from);
    let length = secret.as_ref().map_or(1, |secret| secret.expose_secret().len());
    if !(1..=SECRET_MAX).contains(&length) {
        return Err(FieldError::new("/secret", format!("must be 1 to {SECRET_MAX} bytes")).into());
    }
    let ours = secret.is_none();
    let org_id = &caller.tenant.org.org_id;
    let new = app.engine.rotate_source(org_id, &source_id, secret, &caller.actor()).await?;
    let shown = ours.then(|| new.secret.expose_secret());
    let body = json!({ "source_id": source_id, "secret_id": new.secret_id, "secret": shown,
        "overlap_hours": SECRET_OVERLAP_HOURS });
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(body)))
}

pub(super) async fn end_secret(
    State(app): State<App>,
    key: Key,
    Path((source_id, secret_id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let caller = key.with(KeyScope::SettingsWrite)?;
    let org_id = &caller.tenant.org.org_id;
    app.engine.end_source_secret(org_id, &source_id, &secret_id, &caller.actor()).await?;
    Ok(StatusCode::NO_CONTENT)
}
