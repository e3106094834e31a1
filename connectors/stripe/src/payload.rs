//! The body: from Stripe's event to one neutral event. Authenticity is settled before; nothing here checks it,
//! except that the event is of the account that the source is for.

mod action;
mod attributes;
mod card;
mod charge;
mod contact;
mod description;
mod device;
mod envelope;
mod known;
mod lenient;
mod links;
mod money;
mod object;
mod previous;
mod reference;
mod settings;
mod signals;
mod snapshot;
mod subject;
mod thin;
mod topic;

use crate::bindings::exports::ase::connector::normalizer::{Delivery, Outcome, Refusal, RefusalReason};
use envelope::Envelope;
use settings::Settings;
use topic::Meaning;

/// Longest event type that is read, in bytes.
const TOPIC_BYTES: usize = 128;

/// What a delivery becomes: one event, or the reason why it is of no concern.
///
/// # Errors
/// `malformed` when the body is not a JSON object or lacks the id, the type or the object of the event;
/// `unauthenticated` when the event is of another account than the source's.
pub(crate) fn outcome(input: &Delivery) -> Result<Outcome, Refusal> {
    let settings = Settings::read(&input.settings);
    let envelope = Envelope::read(&input.body)?;
    let id = envelope.id.get().ok_or_else(|| malformed("the event has no id", Some("/id")))?;
    let topic = topic(&envelope)?;
    if settings.account.is_some_and(|account| envelope.account() != Some(account)) {
        return Err(other_account());
    }
    if settings.livemode_only && envelope.is_test() {
        return Ok(Outcome::Ignored("a test event, and the source takes live events only".to_owned()));
    }
    // Thin events put `v1.` before the types that snapshot events have too.
    let plain = if envelope.is_thin() { topic.strip_prefix("v1.").unwrap_or(topic) } else { topic };
    match topic::meaning(plain) {
        None => Ok(Outcome::Ignored(format!("type {topic} is of no concern"))),
        Some(Meaning::Ignored(why)) => Ok(Outcome::Ignored(format!("type {topic} is of no concern: {why}"))),
        Some(Meaning::Event(kind)) if envelope.is_thin() => {
            Ok(Outcome::Events(vec![thin::event(&envelope, id, kind, plain)]))
        }
        Some(Meaning::Event(kind)) => {
            let snapshot = snapshot::Snapshot::open(&envelope, id, kind, plain)?;
            Ok(Outcome::Events(vec![snapshot.event()]))
        }
    }
}

/// The type of the event, if it can be one.
fn topic<'e>(envelope: &'e Envelope) -> Result<&'e str, Refusal> {
    let readable = |topic: &&str| {
        (1..=TOPIC_BYTES).contains(&topic.len()) && topic.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let topic = envelope.topic.as_deref().filter(readable);
    topic.ok_or_else(|| malformed("the event has no type", Some("/type")))
}

fn other_account() -> Refusal {
    Refusal {
        reason: RefusalReason::Unauthenticated,
        message: "the event is not of the account that the setting `account` names".to_owned(),
        pointer: Some("/account".to_owned()),
    }
}

/// A refusal of a body that means nothing.
fn malformed(message: &str, pointer: Option<&str>) -> Refusal {
    Refusal {
        reason: RefusalReason::Malformed,
        message: message.to_owned(),
        pointer: pointer.map(str::to_owned),
    }
}
