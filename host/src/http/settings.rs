//! `/settings/channels`: on which ways an organisation's codes go; `/settings/break-contact`: which wordings take part
//! for whoever breaks off contact.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;

use ase_engine::access::KeyScope;
use ase_engine::outbox::Channel;
use ase_engine::problem::{FieldError, from_json};
use ase_engine::reach::Reach;
use ase_engine::variant::Variants;

use super::access::Key;
use super::problem::Problem;
use crate::App;

/// What is to change; what is left out stays.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Wanted {
    channels: Option<Vec<String>>,
    sms_prefixes: Option<Vec<String>>,
    codes_hourly: Option<i32>,
    sms_hourly: Option<i32>,
}

pub(super) async fn channels(State(app): State<App>, key: Key) -> Result<Json<Reach>, Problem> {
    let caller = key.with(KeyScope::SettingsRead)?;
    Ok(Json(app.engine.reach(&caller.tenant.org.org_id).await?))
}

pub(super) async fn set_channels(
    State(app): State<App>,
    key: Key,
    body: Bytes,
) -> Result<Json<Reach>, Problem> {
    let caller = key.with(KeyScope::SettingsWrite)?;
    let wanted: Wanted = from_json(&body)?;
    let org_id = &caller.tenant.org.org_id;
    let now = app.engine.reach(org_id).await?;
    let reach = Reach {
        channels: wanted.channels.map_or(Ok(now.channels), |names| read_channels(&names))?,
        sms_prefixes: wanted.sms_prefixes.unwrap_or(now.sms_prefixes),
        codes_hourly: wanted.codes_hourly.unwrap_or(now.codes_hourly),
        sms_hourly: wanted.sms_hourly.unwrap_or(now.sms_hourly),
    };
    let actor = caller.actor();
    Ok(Json(app.engine.set_reach(org_id, reach, &actor).await?))
}

/// The wordings that take part.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    variants: Vec<String>,
}

pub(super) async fn variants(State(app): State<App>, key: Key) -> Result<Json<Variants>, Problem> {
    let caller = key.with(KeyScope::SettingsRead)?;
    Ok(Json(app.engine.variants(&caller.tenant.org.org_id).await?))
}

pub(super) async fn set_variants(
    State(app): State<App>,
    key: Key,
    body: Bytes,
) -> Result<Json<Variants>, Problem> {
    let caller = key.with(KeyScope::SettingsWrite)?;
    let chosen: Chosen = from_json(&body)?;
    let actor = caller.actor();
    let variants = Variants::read(&chosen.variants)?;
    Ok(Json(app.engine.set_variants(&caller.tenant.org.org_id, variants, &actor).await?))
}

fn read_channels(names: &[String]) -> Result<Vec<Channel>, FieldError> {
    let channels: Option<Vec<Channel>> = names.iter().map(|name| Channel::parse(name)).collect();
    channels.ok_or_else(|| FieldError::new("/channels", "must name `email`, `sms` or both, each once"))
}
