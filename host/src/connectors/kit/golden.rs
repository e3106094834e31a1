//! `Golden`: what a recorded request became, as it is kept beside it in `NAME.expected.json`.
//!
//! It holds what is the same on every machine and every day: no times, no sizes of memory, no signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::Value;

use super::super::{Received, Refusal};
use super::Trial;

/// What a recorded request became. What is not there is left out.
#[derive(Debug, Serialize)]
pub struct Golden {
    /// `events`, `reply`, `ignored`, `refused` or `unauthenticated`.
    pub verdict: &'static str,
    /// Why, where it came to nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The kind of a refusal, as `wit/` spells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<&'static str>,
    /// Where in the body, as an RFC 6901 pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// What the connector said must be true.
    pub claims: Vec<Claimed>,
    /// A synchronous answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Reply>,
    /// Events in the words of `POST /events/ingest`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Value>,
}

/// A claim as people read it.
#[derive(Debug, Clone, Serialize)]
pub struct Claimed {
    /// As `wit/` spells it.
    pub algorithm: String,
    /// How the secret is written.
    pub key: String,
    /// What was signed, piece by piece.
    pub message: Vec<Piece>,
    /// How many signatures the delivery offers.
    pub signatures: usize,
    /// When it was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<String>,
}

/// One piece of a signed message.
#[derive(Debug, Clone, Serialize)]
pub struct Piece {
    /// `literal`, `body` or `header`.
    pub part: String,
    /// The literal, or the name of the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<String>,
    /// How many bytes it adds; nothing for a header that is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<usize>,
}

/// A synchronous answer.
#[derive(Debug, Serialize)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Media type.
    pub content_type: String,
    /// The body: text, or base64 where it is none.
    pub body: String,
}

impl Golden {
    /// What a trial came to, or the sentence of its fault: a fault is nothing to be kept and expected.
    ///
    /// # Errors
    /// The connector or the host failed.
    pub fn of(trial: &Trial) -> Result<Self, String> {
        let received = trial.answer.as_ref().map_err(ToString::to_string)?;
        let mut golden = Self {
            verdict: received.kind(),
            reason: None,
            refusal: trial.refusal.as_ref().map(|refusal| refusal.reason.as_str()),
            pointer: trial.refusal.as_ref().and_then(|refusal| refusal.pointer.clone()),
            claims: trial.claims.clone(),
            reply: None,
            events: Vec::new(),
        };
        match received {
            Received::Events(events) => golden.events = events.iter().map(event).collect(),
            Received::Reply { status, content_type, body }
            | Received::Greeted { status, content_type, body } => {
                let text = str::from_utf8(body).map_or_else(|_| STANDARD.encode(body), str::to_owned);
                golden.reply =
                    Some(Reply { status: *status, content_type: content_type.clone(), body: text });
            }
            Received::Ignored { reason } | Received::Unauthenticated(reason) => {
                golden.reason = Some(reason.clone());
            }
            Received::Refused(Refusal { reason, message, pointer }) => {
                golden.reason = Some(message.clone());
                golden.refusal = Some(reason.as_str());
                golden.pointer.clone_from(pointer);
            }
        }
        Ok(golden)
    }

    /// As it is written to a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        // texts, numbers and lists are always JSON
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("{text}\n")
    }
}

/// One event without what is not known.
fn event(draft: &ase_engine::event::Draft) -> Value {
    let mut value = serde_json::to_value(draft).unwrap_or_default();
    prune(&mut value);
    value
}

/// Takes out what says nothing: null, the empty, and a `test` that is false.
fn prune(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.values_mut().for_each(prune);
        fields.retain(|name, value| match value {
            Value::Null => false,
            Value::Bool(said) => *said || name != "test",
            Value::Array(list) => !list.is_empty(),
            Value::Object(fields) => !fields.is_empty(),
            _ => true,
        });
    } else if let Value::Array(list) = value {
        list.iter_mut().for_each(prune);
    }
}

#[cfg(test)]
mod tests {
    use ase_engine::event::{Draft, DraftLink, DraftSubject};

    use super::*;

    #[test]
    fn what_is_not_known_is_left_out() {
        let draft = Draft {
            id: Some("1".to_owned()),
            subject: DraftSubject { id: Some("u".to_owned()), ..DraftSubject::default() },
            device: Some(ase_engine::event::DraftDevice::default()),
            links: vec![DraftLink { link_type: "order".to_owned(), id: "7".to_owned() }],
            ..Draft::default()
        };
        let expected = serde_json::json!({ "id": "1", "subject": { "id": "u" }, "links": [{ "type": "order", "id": "7" }] });
        assert_eq!(event(&draft), expected);
        assert_eq!(event(&Draft { test: true, ..Draft::default() }), serde_json::json!({ "test": true }));
    }
}
