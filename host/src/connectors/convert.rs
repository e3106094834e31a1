//! Between the engine's words and the interface's: a delivery on the way in, an outcome on the way out.
//!
//! What comes out of a guest is bounded here, in number and in bytes. Whether its fields mean anything is for
//! the engine to read.

mod event;
mod request;
mod text;

use super::bindings::{Outcome, RefusalReason as WitReason, Response};
use super::{Fault, Received, Refusal, RefusalReason};

pub(super) use request::Request;
pub(super) use text::plain;
#[cfg(test)]
pub(super) use text::{MAX_LIST, MAX_STRING};

/// Events of one delivery.
pub(super) const MAX_EVENTS: usize = 256;
/// Bytes of all strings of one delivery's outcome together.
pub(super) const MAX_TOTAL: usize = 1 << 20;
/// Bytes of a synchronous answer.
pub(super) const MAX_REPLY: usize = 64 << 10;
/// Bytes of an answer to whoever greets.
pub(super) const MAX_GREETING: usize = 1 << 10;
/// Characters of a sentence that a guest wrote for a person.
pub(super) const MAX_SENTENCE: usize = 500;

/// What `normalize` said, within bounds.
///
/// # Errors
/// [`Fault::WrongShape`] names the bound.
pub(super) fn outcome(said: Result<Outcome, super::bindings::Refusal>) -> Result<Received, Fault> {
    match said {
        Ok(Outcome::Events(events)) if events.is_empty() => {
            Err(Fault::WrongShape("events without an event".to_owned()))
        }
        Ok(Outcome::Events(events)) if events.len() > MAX_EVENTS => {
            Err(Fault::WrongShape(format!("{} events, at most {MAX_EVENTS}", events.len())))
        }
        Ok(Outcome::Events(events)) => {
            let mut budget = text::Budget::new(MAX_TOTAL);
            events
                .into_iter()
                .map(|event| event::draft(event, &mut budget))
                .collect::<Result<_, _>>()
                .map(Received::Events)
        }
        Ok(Outcome::Reply(response)) => reply(response),
        Ok(Outcome::Ignored(reason)) => Ok(Received::Ignored { reason: plain(&reason, MAX_SENTENCE) }),
        Err(said) => Ok(Received::Refused(refusal(said))),
    }
}

/// A guest's no, cut and cleaned for people and logs.
pub(super) fn refusal(said: super::bindings::Refusal) -> Refusal {
    Refusal {
        reason: match said.reason {
            WitReason::Malformed => RefusalReason::Malformed,
            WitReason::UnsupportedTopic => RefusalReason::UnsupportedTopic,
            WitReason::UnsupportedVersion => RefusalReason::UnsupportedVersion,
            WitReason::Unauthenticated => RefusalReason::Unauthenticated,
        },
        message: plain(&said.message, MAX_SENTENCE),
        pointer: said.pointer.map(|pointer| plain(&pointer, MAX_SENTENCE)),
    }
}

/// The answer to a greeting. Whoever sent it may be anybody, so there is little to send back, and no page of ours.
pub(super) fn greeting(response: Response) -> Result<Received, Fault> {
    let plain = ["text/plain", "application/json"].contains(&response.content_type.as_str());
    if !plain || response.body.len() > MAX_GREETING {
        let most = "text/plain or application/json, at most 1 KiB";
        return Err(Fault::WrongShape(format!("the answer to a greeting that is not {most}")));
    }
    match reply(response)? {
        Received::Reply { status, content_type, body } => {
            Ok(Received::Greeted { status, content_type, body })
        }
        other => Ok(other),
    }
}

/// A synchronous answer: success only, with a media type that fits in a header.
fn reply(response: Response) -> Result<Received, Fault> {
    if !(200..=299).contains(&response.status) {
        return Err(Fault::WrongShape(format!("a reply of status {}, expected 200 to 299", response.status)));
    }
    if response.body.len() > MAX_REPLY {
        return Err(Fault::WrongShape(format!(
            "a reply of {} bytes, at most {MAX_REPLY}",
            response.body.len()
        )));
    }
    let printable = response.content_type.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    if !printable || response.content_type.is_empty() || response.content_type.len() > 255 {
        return Err(Fault::WrongShape("a reply whose content type is not a media type".to_owned()));
    }
    Ok(Received::Reply { status: response.status, content_type: response.content_type, body: response.body })
}
