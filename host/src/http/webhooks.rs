//! `POST /webhooks/{connector}/{source_id}`: a platform's native webhook in, the connector, the same path.
//!
//! Never a 2xx before the durable write, never a redirect, and nothing verified is ever lost.

use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use ase_engine::directory::Source;
use ase_engine::dispatch::KeptRequest;
use ase_engine::id::random_id;
use ase_engine::screening::Screened;

use super::problem::Problem;
use crate::App;
use crate::connectors::{CallError, Delivery, Fault, Received, Refusal, RefusalReason, Trust};
use crate::intake::{IntakeError, screen_events};

pub(super) async fn receive(
    State(app): State<App>,
    Path((connector, source_id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let source = app.engine.directory().source(&source_id).await?;
    let source = source.filter(|source| !source.disabled && source.connector == connector);
    let source = source.ok_or_else(Problem::not_found)?;
    let delivery = Delivery {
        id: random_id("dlv_", &mut rand::rng()),
        received_at: ase_engine::clock::now(),
        headers: pairs(&headers),
        query: query.unwrap_or_default(),
        body,
        settings: source.settings.clone(),
    };
    let trust = Trust {
        secrets: source.secrets.clone(),
        tolerance: source.tolerance,
        allow_sha1: source.allow_sha1,
        accept_partial: source.accept_partial,
    };
    let verdict = app.connectors.receive(&connector, &delivery, &trust).await;
    count(&connector, &verdict);
    match verdict {
        Ok(Received::Events(drafts)) => {
            let digest: [u8; 32] = Sha256::digest(&delivery.body).into();
            answer(screen_events(&app, &source, drafts, digest).await)
        }
        Ok(Received::Ignored { reason }) => Ok(ignored(&reason)),
        Ok(Received::Reply { status, content_type, body }) => Ok(reply(status, content_type, body)),
        Ok(Received::Refused(refusal)) => refused(&refusal),
        Ok(Received::Unauthenticated(check)) => Err(unauthenticated(&check)),
        Err(error) => defer(&app, &source, delivery, error).await,
    }
}

fn pairs(headers: &HeaderMap) -> Vec<(String, Vec<u8>)> {
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())).collect()
}

fn answer(screened: Result<Vec<Screened>, IntakeError>) -> Result<Response, Problem> {
    let screened = screened.map_err(|error| match error {
        IntakeError::Event { ordinal, error } => {
            let detail = format!("event {ordinal} of the delivery: {error}");
            Problem::new(StatusCode::BAD_REQUEST, "malformed_event", detail).with("pointer", error.pointer)
        }
        IntakeError::Screening(error) => error.into(),
    })?;
    let mut duplicate = true;
    let mut decisions = Vec::new();
    let mut notices = Vec::new();
    for one in screened {
        match one {
            Screened::Decision(answer) => {
                duplicate &= answer.duplicate;
                metrics::counter!("ase_decisions_total", "outcome" => answer.outcome.clone(), "via" => "webhook")
                    .increment(1);
                decisions.push(json!({
                    "event_id": answer.event_id, "outcome": answer.outcome, "score": answer.score,
                    "session_id": answer.session.id, "challenge_url": answer.session.challenge_url,
                }));
            }
            Screened::Notice(notice) => {
                duplicate &= notice.duplicate;
                notices.push(json!({ "event_id": notice.event_id, "type": notice.event_type }));
            }
        }
    }
    let mut body = json!({ "status": "accepted", "duplicate": duplicate, "decisions": decisions });
    if let (Some(object), false) = (body.as_object_mut(), notices.is_empty()) {
        object.insert("notices".to_owned(), Value::Array(notices));
    }
    Ok(Json(body).into_response())
}

fn ignored(reason: &str) -> Response {
    Json(json!({ "status": "ignored", "reason": reason })).into_response()
}

/// A handshake's answer; a connector cannot send anybody elsewhere or pass for a page of ours.
fn reply(status: u16, content_type: String, body: Vec<u8>) -> Response {
    let status = StatusCode::from_u16(status).ok().filter(StatusCode::is_success).unwrap_or(StatusCode::OK);
    let plain = if content_type.starts_with("application/") || content_type.starts_with("text/plain") {
        content_type
    } else {
        "text/plain".to_owned()
    };
    (status, [(header::CONTENT_TYPE, plain)], body).into_response()
}

fn refused(refusal: &Refusal) -> Result<Response, Problem> {
    let problem = |code| Problem::new(StatusCode::BAD_REQUEST, code, refusal.message.clone());
    let with_pointer = |problem: Problem| match &refusal.pointer {
        Some(pointer) => problem.with("pointer", pointer.clone()),
        None => problem,
    };
    match refusal.reason {
        RefusalReason::UnsupportedTopic => Ok(ignored(&refusal.message)),
        RefusalReason::Unauthenticated => Err(unauthenticated(&refusal.message)),
        RefusalReason::Malformed => Err(with_pointer(problem("malformed_delivery"))),
        RefusalReason::UnsupportedVersion => Err(with_pointer(problem("unsupported_version"))),
    }
}

fn unauthenticated(check: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated_delivery", check)
}

/// The connector failed. What was verified is kept and tried again; what was not, the platform must send again.
async fn defer(
    app: &App,
    source: &Source,
    delivery: Delivery,
    error: CallError,
) -> Result<Response, Problem> {
    match error.fault {
        Fault::UnknownConnector if !error.verified => return Err(Problem::not_found()),
        Fault::Busy if !error.verified => {
            let detail = "too many deliveries at once; send it again";
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_deliveries", detail);
            return Err(problem.retry_after(1));
        }
        _ => {}
    }
    tracing::error!(connector.id = %source.connector, source.id = %source.source_id, fault = %error.fault,
        verified = error.verified, "a connector failed");
    if !error.verified {
        let detail = format!("the connector failed before the delivery was verified: {}", error.fault);
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "connector_failed", detail);
        return Err(problem.retry_after(Duration::from_secs(5).as_secs()));
    }
    let request =
        KeptRequest { headers: delivery.headers, query: delivery.query, body: delivery.body.to_vec() };
    let delivery_id = app.engine.defer(source, &request, &error.fault.to_string()).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "status": "deferred", "delivery_id": delivery_id })))
        .into_response())
}

fn count(connector: &str, verdict: &Result<Received, CallError>) {
    let verdict = match verdict {
        Ok(Received::Events(_)) => "events",
        Ok(Received::Ignored { .. }) => "ignored",
        Ok(Received::Reply { .. }) => "reply",
        Ok(Received::Refused(_)) => "refused",
        Ok(Received::Unauthenticated(_)) => "unauthenticated",
        Err(_) => "fault",
    };
    metrics::counter!("ase_deliveries_total", "connector" => connector.to_owned(), "verdict" => verdict)
        .increment(1);
}
