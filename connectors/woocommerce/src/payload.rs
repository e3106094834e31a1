//! The bodies. Owns the way from a topic to an event; never believes the topic alone.
//!
//! The topic header is not signed: whoever holds one genuine body may send it again under another topic. So a body
//! must have the shape that its topic promises, or it is refused.

mod customer;
mod deletion;
mod notice;
mod order;
mod standing;

use ase_connector_kit::refusal::{malformed, unsupported_version};
use ase_connector_kit::wit::{Delivery, Event, Outcome, Refusal};
use ase_connector_kit::{Node, known, request};

use notice::Notice;

/// Topics that are known and of no concern, by the resource before the dot, and why.
const UNCONCERNED: [(&str, &str); 3] = [
    ("action", "a hook of the shop's own means something to its maker alone"),
    ("coupon", "what a coupon is worth says nothing of a person; its use is told by the order"),
    ("product", "what is for sale says nothing of a person"),
];

/// Whether this is the greeting of a new webhook: a form with nothing but the webhook's number.
pub(crate) fn is_ping(body: &[u8]) -> bool {
    let id = body.strip_prefix(b"webhook_id=");
    id.is_some_and(|id| (1..=20).contains(&id.len()) && id.iter().all(u8::is_ascii_digit))
}

/// What a delivery becomes: one event, or the reason why it is of no concern.
///
/// # Errors
/// `malformed` when the topic is missing, or the body is not JSON or not what its topic promises;
/// `unsupported-version` when it is of the legacy API.
pub(crate) fn outcome(input: &Delivery) -> Result<Outcome, Refusal> {
    if is_ping(&input.body) {
        return Ok(Outcome::Ignored("a ping only tests the webhook".to_owned()));
    }
    let topic = request::header(input, "x-wc-webhook-topic")?.and_then(known::word);
    let topic = topic.ok_or_else(|| malformed("the header x-wc-webhook-topic is missing", None))?;
    let (resource, verb) = topic.split_once('.').unwrap_or((topic.as_str(), ""));
    if let Some((_, why)) = UNCONCERNED.iter().find(|(name, _)| *name == resource) {
        return Ok(Outcome::Ignored(format!("topic {topic} is of no concern: {why}")));
    }
    let Some(read) = reader(resource, verb) else {
        return Ok(Outcome::Ignored(format!("topic {topic} is of no concern")));
    };
    let body = Node::object(&input.body)?;
    if body.object_at(resource).is_some() && body.at("id").is_none() {
        return Err(unsupported_version(
            "the webhook is of the legacy API: set its API version to WP REST API Integration v3",
        ));
    }
    let notice = Notice { topic: &topic, verb, raw: &input.body, body: &body };
    Ok(match read(&notice)? {
        Reading::Event(event) => Outcome::Events(vec![*event]),
        Reading::Ignored(why) => Outcome::Ignored(format!("topic {topic} is of no concern: {why}")),
    })
}

/// What a body said.
pub(crate) enum Reading {
    /// This happened.
    Event(Box<Event>),
    /// Nothing that concerns anybody, and why.
    Ignored(&'static str),
}

/// Reads the body of a topic.
type Read = fn(&Notice<'_, '_>) -> Result<Reading, Refusal>;

/// How the body of a topic is read; none for topics that are not known.
fn reader(resource: &str, verb: &str) -> Option<Read> {
    Some(match (resource, verb) {
        ("order", "created" | "updated" | "restored") => order::read,
        ("customer", "created" | "updated") => customer::read,
        ("order" | "customer", "deleted") => deletion::read,
        _ => return None,
    })
}
