//! `/checkpoint/*`: the challenge as JSON, for a platform's own page (key) or a browser that was shown ours (cookie).

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use ase_engine::access::KeyScope;
use ase_engine::challenge::Intent;
use ase_engine::outbox::Channel;
use ase_engine::problem::FieldError;
use ase_engine::verification::{Access, IntentAnswer, OtpView, Report, RespondAnswer, Visitor};

use super::access::{Browser, Client, MaybeKey, is_same_origin};
use super::problem::Problem;
use super::tongues::Tongues;
use crate::App;

#[derive(Deserialize)]
struct IntentAsk {
    session_id: String,
    intent: String,
}

#[derive(Deserialize)]
struct RespondAsk {
    session_id: String,
    code: String,
}

#[derive(Deserialize)]
struct ResendAsk {
    session_id: String,
    channel: Option<String>,
}

#[derive(Deserialize)]
struct ReportAsk {
    session_id: String,
    #[serde(flatten)]
    report: Report,
}

pub(super) async fn intent(
    State(app): State<App>,
    key: MaybeKey,
    client: Client,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<IntentAnswer>, Problem> {
    let visitor = who(&app, &key, client, &headers)?;
    let ask: IntentAsk = read(&body)?;
    let intent = Intent::parse(&ask.intent)
        .ok_or_else(|| FieldError::new("/intent", "must be one of `confirmed`, `guided`, `unsure`"))?;
    let answer = app.engine.answer(&ask.session_id, intent, access(&key, visitor.as_ref())?).await?;
    metrics::counter!("ase_intents_total", "intent" => intent.as_str()).increment(1);
    Ok(Json(answer))
}

pub(super) async fn respond(
    State(app): State<App>,
    key: MaybeKey,
    client: Client,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<RespondAnswer>, Problem> {
    let visitor = who(&app, &key, client, &headers)?;
    let ask: RespondAsk = read(&body)?;
    Ok(Json(app.engine.respond(&ask.session_id, &ask.code, access(&key, visitor.as_ref())?).await?))
}

pub(super) async fn resend(
    State(app): State<App>,
    key: MaybeKey,
    client: Client,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<serde_json::Value>, Problem> {
    let visitor = who(&app, &key, client, &headers)?;
    let ask: ResendAsk = read(&body)?;
    let channel = ask.channel.map(|name| {
        Channel::parse(&name).ok_or_else(|| FieldError::new("/channel", "must be `email` or `sms`"))
    });
    let channel = channel.transpose()?;
    let otp: OtpView = app.engine.resend(&ask.session_id, channel, access(&key, visitor.as_ref())?).await?;
    Ok(Json(json!({ "otp": otp })))
}

pub(super) async fn report(
    State(app): State<App>,
    key: MaybeKey,
    client: Client,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let visitor = who(&app, &key, client, &headers)?;
    let ask: ReportAsk = read(&body)?;
    let id = app.engine.report(&ask.session_id, ask.report, access(&key, visitor.as_ref())?).await?;
    Ok((StatusCode::CREATED, Json(json!({ "report_id": id }))).into_response())
}

/// Lets in a key with the scope, or a browser that was shown a challenge and speaks from our own page.
fn who(app: &App, key: &MaybeKey, client: Client, headers: &HeaderMap) -> Result<Option<Visitor>, Problem> {
    if let Some(caller) = &key.0 {
        caller.require(KeyScope::CheckpointWrite)?;
        return Ok(None);
    }
    let cookie = Browser::known(app, headers).ok_or_else(Problem::unauthorized)?;
    let json = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // a cross-site form cannot send JSON without asking first, and we never say yes to the asking
    if !json.starts_with("application/json") || !is_same_origin(app, headers) {
        let detail = "a browser must send JSON from the challenge's own origin";
        return Err(Problem::new(StatusCode::FORBIDDEN, "cross_site", detail));
    }
    let reader = Tongues::of(None, headers).reader();
    Ok(Some(Visitor { cookie, address: client.0, reader, shown_at: None }))
}

fn access<'a>(key: &'a MaybeKey, visitor: Option<&'a Visitor>) -> Result<Access<'a>, Problem> {
    match (&key.0, visitor) {
        (Some(caller), _) => Ok(Access::Key(caller)),
        (None, Some(visitor)) => Ok(Access::Browser(visitor)),
        (None, None) => Err(Problem::unauthorized()),
    }
}

/// Reads a JSON object; a missing or wrong member is named.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    Ok(ase_engine::problem::from_json(body)?)
}
