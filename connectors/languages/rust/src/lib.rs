//! GitHub security events, in Rust: the component's face towards the host.
//!
//! `signature` says what must be signed, `payload` reads the body, `event` writes the event. Nothing here holds a
//! secret, knows the time or reaches outside: the same delivery always gives the same answer. A refusal is returned
//! as an `Err`; a panic is a fault of this connector.

mod bindings;
mod event;
mod payload;
mod request;
mod signature;
#[cfg(test)]
mod tests;
mod topics;

use bindings::exports::ase::connector::normalizer::{
    Claim, Delivery, Guest, Outcome, Refusal, RefusalReason,
};

use payload::Object;

struct Connector;

impl Guest for Connector {
    /// What must be true for the delivery to be authentic.
    fn authenticate(input: Delivery) -> Result<Vec<Claim>, Refusal> {
        signature::claim(&input).map(|claim| vec![claim])
    }

    /// What an authentic delivery becomes.
    fn normalize(input: Delivery) -> Result<Outcome, Refusal> {
        let is_name = |text: &&str| {
            (1..=64).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_'))
        };
        let topic = request::header(&input, "x-github-event").filter(is_name).ok_or_else(|| {
            let message = "the X-GitHub-Event header is missing or names no event";
            refuse(RefusalReason::UnsupportedTopic, message, None)
        })?;
        if topic == "ping" {
            return greeting(&payload::text(&input)?);
        }
        if !topics::is_known(topic) {
            return Ok(Outcome::Ignored(format!("{topic}: of no concern")));
        }
        let text = payload::text(&input)?;
        let body = Object::whole(&text)?;
        let action = body.raw("action").filter(|raw| raw.starts_with('"'));
        if action.is_none() {
            return Err(malformed("the action is missing", "/action"));
        }
        let action = body.text("action").unwrap_or_default();
        match topics::meaning(topic, &action) {
            Some(known) => Ok(Outcome::Events(vec![event::event(&input, topic, &known, &body)?])),
            None => Ok(Outcome::Ignored(format!("{topic}: another action is of no concern"))),
        }
    }
}

/// Headers are not signed. Only a real greeting has a hook in its body.
fn greeting(text: &str) -> Result<Outcome, Refusal> {
    let body = Object::whole(text)?;
    let is_number = |raw: &&str| raw.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    body.raw("hook_id")
        .filter(is_number)
        .map(|_| Outcome::Ignored("ping".to_owned()))
        .ok_or_else(|| malformed("a ping without the id of its hook", "/hook_id"))
}

/// The body is not what it should be; `pointer` says where.
fn malformed(message: impl Into<String>, pointer: &str) -> Refusal {
    refuse(RefusalReason::Malformed, message, Some(pointer))
}

/// The connector's no: one sentence for the operator, and where in the body it is about.
fn refuse(reason: RefusalReason, message: impl Into<String>, pointer: Option<&str>) -> Refusal {
    Refusal { reason, message: message.into(), pointer: pointer.map(str::to_owned) }
}
