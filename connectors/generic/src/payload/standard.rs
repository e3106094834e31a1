//! What a body says without any mapping: it is an event itself, or a Standard Webhooks envelope around one.
//!
//! It guesses only where a member's name leaves no doubt, and leaves everything else unknown.

use crate::payload::draft::{Draft, Identity};
use crate::payload::field;
use crate::payload::money;
use crate::payload::node::Node;
use crate::payload::scope::Scope;
use crate::refusal::malformed;
use crate::wit::{Event, Refusal};

/// Where an envelope names its subject, in this order.
const SUBJECTS: [&str; 6] =
    ["data/subject/id", "data/user_id", "data/user/id", "data/customer_id", "data/customer/id", "data/id"];
/// Where an envelope names the subject's email address.
const EMAILS: [&str; 6] = [
    "data/subject/email",
    "data/user/email",
    "data/customer/email",
    "data/user_email",
    "data/customer_email",
    "data/email",
];
/// Members of an envelope that hold the id of something else.
const LINKS: [(&str, &str); 6] = [
    ("order", "data/order_id"),
    ("payment", "data/payment_id"),
    ("charge", "data/charge_id"),
    ("checkout", "data/checkout_id"),
    ("dispute", "data/dispute_id"),
    ("subscription", "data/subscription_id"),
];

/// The event of a body that needs no mapping.
///
/// # Errors
/// `malformed` with a pointer when the body has no id, type or subject where an event or an envelope has it.
pub(crate) fn event(scope: &Scope<'_, '_>) -> Result<Event, Refusal> {
    let envelope = text(scope, "type").zip(scope.at("data").filter(|node| node.is_object()));
    match envelope {
        Some((kind, inner)) if text(scope, "data/subject/id").is_some() => {
            let mut draft = own(inner);
            draft.set("type", Some(kind));
            draft.set("occurred_at", text(scope, "timestamp"));
            finished(draft, scope, "data/")
        }
        Some((kind, _)) => enveloped(scope, kind),
        None => finished(own(scope.element), scope, ""),
    }
}

fn text(scope: &Scope<'_, '_>, way: &str) -> Option<String> {
    scope.at(way).and_then(Node::text)
}

fn first(scope: &Scope<'_, '_>, ways: &[&str]) -> Option<String> {
    ways.iter().find_map(|way| text(scope, way))
}

/// Reads an event in the shape of the event API.
fn own(event: &Node<'_>) -> Draft {
    let mut draft = Draft::default();
    for field in field::single() {
        draft.set(field, event.walk(field.split('.')).and_then(Node::text));
    }
    let list = |name: &str| event.walk(name.split('.')).and_then(Node::elements).unwrap_or_default();
    let member = |node: &Node<'_>, name: &str| node.child(name).and_then(Node::text);
    for flag in list(field::DEVICE_FLAGS).iter().filter_map(Node::text) {
        draft.flag(&flag);
    }
    for link in list("links") {
        if let (Some(kind), Some(id)) = (member(link, "type"), member(link, "id")) {
            draft.link(kind, id);
        }
    }
    for signal in list("signals") {
        if let (Some(name), Some(score)) = (member(signal, "name"), member(signal, "score")) {
            draft.signal(name, &score);
        }
    }
    for field in list("changes").iter().filter_map(|change| member(change, "field")) {
        draft.change(field);
    }
    for (name, node) in event.child("attributes").into_iter().flat_map(Node::members) {
        if let Some(value) = node.text() {
            draft.attribute(name.to_owned(), value);
        }
    }
    draft
}

fn finished(mut draft: Draft, scope: &Scope<'_, '_>, way: &str) -> Result<Event, Refusal> {
    let missing = |field: &str| {
        let message =
            format!("no `{field}` where an event has it; describe this sender with the setting `mapping`");
        malformed(message, scope.place_of(&format!("{way}{}", field.replace('.', "/"))))
    };
    let id = draft.take("id").or_else(|| scope.message_id()).ok_or_else(|| missing("id"))?;
    let kind = draft.take("type").ok_or_else(|| missing("type"))?;
    let subject = draft.take("subject.id").ok_or_else(|| missing("subject.id"))?;
    Ok(draft.event(Identity { id, kind, subject }))
}

/// Reads an envelope whose `data` is of the sender's own shape. The signed `webhook-id` is the event's id; the
/// id inside `data` is that of a thing, which may see many events.
fn enveloped(scope: &Scope<'_, '_>, kind: String) -> Result<Event, Refusal> {
    let id = scope.webhook_id().or_else(|| text(scope, "id")).or_else(|| scope.message_id());
    let id = id.ok_or_else(|| malformed("no `id` in the body and none in a header", scope.place_of("id")))?;
    let subject = first(scope, &SUBJECTS).ok_or_else(|| {
        let message = "no subject in `data`; describe this sender with the setting `mapping`";
        malformed(message, scope.place_of("data/subject/id"))
    })?;
    let mut draft = Draft::default();
    draft.set("occurred_at", text(scope, "timestamp"));
    draft.set("subject.email", first(scope, &EMAILS));
    if let Some((value, currency)) = amount(scope) {
        draft.set("action.amount.value", Some(value));
        draft.set("action.amount.currency", Some(currency));
    }
    for (kind, way) in LINKS {
        if let Some(id) = text(scope, way) {
            draft.link(kind.to_owned(), id);
        }
    }
    Ok(draft.event(Identity { id, kind, subject }))
}

/// An amount that says its currency. A bare whole number may be cents as well as dollars and is left alone.
fn amount(scope: &Scope<'_, '_>) -> Option<(String, String)> {
    if let Some(value) = text(scope, "data/amount/value") {
        return Some((value, text(scope, "data/amount/currency")?));
    }
    let value = text(scope, "data/amount").and_then(|value| money::decimal(&value))?;
    Some((value, text(scope, "data/currency")?)).filter(|(value, _)| value.contains('.'))
}
