//! `POST /webhooks/{connector}/{source_id}`: a platform's native webhook in, the connector, the same path.
//!
//! Never a 2xx before the durable write, never a redirect, and nothing verified is ever lost.

mod answer;

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use ase_engine::directory::Source;
use ase_engine::id::random_id;
use ase_engine::inbox::{Arrival, Ended, KeptRequest};
use ase_engine::screening::ScreeningError;

use self::answer::{ignored, refused, reply, screened, unauthenticated};
use super::problem::Problem;
use crate::App;
use crate::connectors::{CallError, Delivery, Fault, Named, Reading, Received, RefusalReason, Trust};
use crate::intake::{IntakeError, screen_events, webhook_url};

/// Longest id of a platform that is kept, in bytes.
const PROVIDER_ID_MAX: usize = 255;

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
    let query = query.unwrap_or_default();
    let delivery = Delivery {
        url: webhook_url(&app.engine, &connector, &source_id, &query),
        id: random_id("dlv_", &mut rand::rng()),
        received_at: ase_engine::clock::now(),
        headers: pairs(&headers),
        query,
        body,
        settings: source.settings.clone(),
        pin: source.pin.clone(),
    };
    let trust = Arc::new(Trust {
        secrets: source.secrets.clone(),
        tolerance: source.tolerance,
        allow_sha1: source.allow_sha1,
        accept_partial: source.accept_partial,
    });
    let (delivery, verdict) = call(&app, connector, delivery, Arc::clone(&trust)).await?;
    let reading = match verdict {
        Ok(reading) => reading,
        Err(error) => return defer(&app, &source, delivery, error).await,
    };
    let reading = match reading.received {
        Received::Unauthenticated(check) => return Err(unauthenticated(&check)),
        // nothing was verified, so nothing is kept
        Received::Greeted { status, content_type, body } => return Ok(reply(status, content_type, body)),
        received => Reading { received, ..reading },
    };
    let whose = (source.tenant.org.org_id.as_str(), source.connector.as_str());
    app.connectors.compare_later(whose, &delivery, &trust, &reading);
    let arrival = arrival(&source, delivery, &reading);
    take(&app, &source, &arrival, reading.received).await
}

/// What the inbox keeps of a delivery that was read.
fn arrival(source: &Arc<Source>, delivery: Delivery, reading: &Reading) -> Arrival {
    let mut arrival = arrived(source, delivery, &reading.named);
    arrival.connector_digest = Some(reading.connector_digest.clone());
    arrival.secret_id = reading.secret.and_then(|place| source.secret_ids.get(place).cloned());
    arrival
}

fn arrived(source: &Arc<Source>, delivery: Delivery, named: &Named) -> Arrival {
    let Delivery { id, headers, query, body, .. } = delivery;
    let request = KeptRequest { body: body.to_vec(), headers, query };
    let mut arrival = Arrival::new(&id, source, &request, named.topic.as_deref());
    let provider_id = named.provider_id.as_ref();
    arrival.provider_id = provider_id.filter(|id| (1..=PROVIDER_ID_MAX).contains(&id.len())).cloned();
    arrival
}

/// Does with an authentic delivery what its connector says, and keeps it.
async fn take(
    app: &App,
    source: &Arc<Source>,
    arrival: &Arrival,
    received: Received,
) -> Result<Response, Problem> {
    let (ended, note, answer) = match received {
        Received::Events(drafts) => {
            return match screen_events(app, source, drafts, arrival.body_digest, Some(arrival)).await {
                Err(error) => unscreened(app, arrival, error).await,
                Ok(all) => Ok(screened(all)),
            };
        }
        Received::Ignored { reason } => {
            let answer = ignored(&reason);
            (Ended::Ignored, Some(reason), Ok(answer))
        }
        Received::Reply { status, content_type, body } | Received::Greeted { status, content_type, body } => {
            (Ended::Answered, None, Ok(reply(status, content_type, body)))
        }
        Received::Refused(refusal) => match refusal.reason {
            RefusalReason::Unauthenticated => return Err(unauthenticated(&refusal.message)),
            RefusalReason::UnsupportedTopic => {
                let answer = ignored(&refusal.message);
                (Ended::Ignored, Some(refusal.message), Ok(answer))
            }
            _ => (Ended::Refused, Some(refusal.message.clone()), Err(refused(&refusal))),
        },
        Received::Unauthenticated(check) => return Err(unauthenticated(&check)),
    };
    app.engine.keep_delivery(arrival, ended, note.as_deref()).await?;
    answer
}

/// Events that could not be taken. What will not get better by itself is kept, for whoever mends the connector.
async fn unscreened(app: &App, arrival: &Arrival, error: IntakeError) -> Result<Response, Problem> {
    let problem = match error {
        IntakeError::Event { ordinal, error } => {
            let detail = format!("event {ordinal} of the delivery: {error}");
            let problem = Problem::new(StatusCode::BAD_REQUEST, "malformed_event", detail);
            problem.with("pointer", error.pointer)
        }
        IntakeError::Screening(ScreeningError::Conflict) => return conflicting(app, arrival).await,
        IntakeError::Screening(error) => return Err(error.into()),
    };
    app.engine.keep_delivery(arrival, Ended::Refused, Some(problem.detail())).await?;
    Err(problem)
}

/// The first event of an id stands. Sending the other again would not help, so the platform is told that it was taken;
/// the alarm goes to the operator.
async fn conflicting(app: &App, arrival: &Arrival) -> Result<Response, Problem> {
    let mut arrival = arrival.clone();
    arrival.conflict = true;
    let reason = "an event with this id was screened before and differs; the first one stands";
    app.engine.keep_delivery(&arrival, Ended::Refused, Some(reason)).await?;
    Ok(Json(json!({ "status": "accepted", "duplicate": true, "conflict": true, "decisions": [] }))
        .into_response())
}

/// Calls the connector in a task of its own: a client that hangs up does not drop a guest in the middle of its call.
async fn call(
    app: &App,
    connector: String,
    delivery: Delivery,
    trust: Arc<Trust>,
) -> Result<(Delivery, Result<Reading, CallError>), Problem> {
    let connectors = Arc::clone(&app.connectors);
    let task = tokio::spawn(async move {
        let verdict = connectors.receive(&connector, &delivery, &trust).await;
        count(&connector, &verdict);
        (delivery, verdict)
    });
    task.await.map_err(|error| {
        tracing::error!(%error, "the call of a connector ended by itself");
        Problem::internal()
    })
}

fn pairs(headers: &HeaderMap) -> Vec<(String, Vec<u8>)> {
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())).collect()
}

/// The connector failed. What was verified is kept and tried again; what was not, the platform must send again.
async fn defer(
    app: &App,
    source: &Arc<Source>,
    delivery: Delivery,
    error: CallError,
) -> Result<Response, Problem> {
    match error.fault {
        Fault::UnknownConnector if !error.verified => return Err(Problem::not_found()),
        Fault::Crowded { .. } | Fault::Busy if !error.verified => {
            tracing::warn!(connector.id = %source.connector, source.id = %source.source_id, fault = %error.fault,
                "a delivery was sent away");
            let detail = "too many deliveries at once; send it again";
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_deliveries", detail);
            return Err(problem.retry_after(1));
        }
        _ => {}
    }
    // a quarantine is told once, when it begins
    if !matches!(error.fault, Fault::Quarantined { .. }) {
        tracing::error!(connector.id = %source.connector, source.id = %source.source_id, fault = %error.fault,
            verified = error.verified, "a connector failed");
    }
    if !error.verified {
        let detail = format!("the connector failed before the delivery was verified: {}", error.fault);
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "connector_failed", detail);
        return Err(problem.retry_after(5));
    }
    let mut arrival = arrived(source, delivery, &error.named);
    arrival.connector_digest = error.connector_digest;
    let fault = error.fault.to_string();
    let delivery_id = app.engine.keep_delivery(&arrival, Ended::Deferred, Some(&fault)).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "status": "deferred", "delivery_id": delivery_id })))
        .into_response())
}

fn count(connector: &str, verdict: &Result<Reading, CallError>) {
    let verdict = match verdict.as_ref().map(|reading| &reading.received) {
        Ok(Received::Events(_)) => "events",
        Ok(Received::Ignored { .. }) => "ignored",
        Ok(Received::Reply { .. }) => "reply",
        Ok(Received::Greeted { .. }) => "greeted",
        Ok(Received::Refused(_)) => "refused",
        Ok(Received::Unauthenticated(_)) => "unauthenticated",
        Err(CallError { fault: Fault::Quarantined { .. }, .. }) => "quarantined",
        Err(_) => "fault",
    };
    metrics::counter!("ase_deliveries_total", "connector" => connector.to_owned(), "verdict" => verdict)
        .increment(1);
}
