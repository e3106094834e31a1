//! Thin events: they name what happened and to which object, and nothing of the object itself. They become
//! events without amounts and opinions, marked so that rules can tell "not told" from "harmless".

use super::attributes::attribute;
use super::envelope::Envelope;
use super::known;
use super::links::link_type;
use super::subject::of_thing;
use crate::bindings::exports::ase::connector::normalizer::{Event, Link, Subject};

/// The event that a thin event becomes.
///
/// Source: <https://docs.stripe.com/event-destinations#thin-events>.
pub(crate) fn event(envelope: &Envelope, id: &str, kind: &str, topic: &str) -> Event {
    let related = envelope.related_object.as_ref();
    let related_id = related.and_then(|related| related.id.get());
    let related_kind = related.and_then(|related| related.kind.as_deref()).and_then(known::word);
    let mut attributes = vec![attribute("hydration", "required"), attribute("provider_event", topic)];
    if let Some(account) = envelope.account() {
        attributes.push(attribute("connected_account", account));
    }
    Event {
        id: id.to_owned(),
        type_: kind.to_owned(),
        occurred_at: envelope.occurred_at(),
        subject: Subject {
            id: subject_id(related_kind, related_id, id),
            email: None,
            phone: None,
            name: None,
            created_at: None,
            locale: None,
        },
        action: None,
        device: None,
        billing: None,
        shipping: None,
        links: related_link(related_kind, related_id).into_iter().collect(),
        signals: Vec::new(),
        changes: Vec::new(),
        attributes,
        test: envelope.is_test(),
        return_url: None,
    }
}

/// Customers and accounts are subjects under their own ids, so that thin and snapshot events of one person
/// meet; everything else stands for a subject yet unknown.
fn subject_id(kind: Option<&str>, id: Option<&str>, event: &str) -> String {
    match (kind, id) {
        (Some("customer" | "account"), Some(id)) => id.to_owned(),
        (kind, Some(id)) => of_thing(kind.unwrap_or("object"), id),
        (_, None) => of_thing("event", event),
    }
}

fn related_link(kind: Option<&str>, id: Option<&str>) -> Option<Link> {
    let type_ = kind.map(|kind| link_type(kind).unwrap_or(kind))?;
    Some(Link { type_: type_.to_owned(), id: id?.to_owned() })
}
