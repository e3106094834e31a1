//! What a platform is told of its delivery.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use ase_engine::screening::Screened;

use crate::connectors::{Refusal, RefusalReason};
use crate::http::problem::Problem;

/// All that came of its events.
pub(super) fn screened(all: Vec<Screened>) -> Response {
    let mut duplicate = true;
    let mut decisions = Vec::new();
    let mut notices = Vec::new();
    for one in all {
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
    Json(body).into_response()
}

/// That nothing was done, and why.
pub(super) fn ignored(reason: &str) -> Response {
    Json(json!({ "status": "ignored", "reason": reason })).into_response()
}

/// A handshake's answer; a connector cannot send anybody elsewhere or pass for a page of ours.
pub(super) fn reply(status: u16, content_type: String, body: Vec<u8>) -> Response {
    let status = StatusCode::from_u16(status).ok().filter(StatusCode::is_success).unwrap_or(StatusCode::OK);
    let plain = if content_type.starts_with("application/") || content_type.starts_with("text/plain") {
        content_type
    } else {
        "text/plain".to_owned()
    };
    (status, [(header::CONTENT_TYPE, plain)], body).into_response()
}

/// What cannot be read, with its place.
pub(super) fn refused(refusal: &Refusal) -> Problem {
    let code = match refusal.reason {
        RefusalReason::UnsupportedVersion => "unsupported_version",
        _ => "malformed_delivery",
    };
    let problem = Problem::new(StatusCode::BAD_REQUEST, code, refusal.message.clone());
    match &refusal.pointer {
        Some(pointer) => problem.with("pointer", pointer.clone()),
        None => problem,
    }
}

/// What does not hold.
pub(super) fn unauthenticated(check: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated_delivery", check)
}
