//! The parts of an event and how they are put together: what is unknown is left out, never empty.

use crate::wit::{
    Action, Address, Attribute, Change, Destination, Device, Event, Link, Money, Signal, Subject,
};

/// An event with nothing in it yet but what happened to whom.
#[must_use]
pub fn event(id: String, kind: &str, subject: Subject) -> Event {
    Event {
        id,
        type_: kind.to_owned(),
        occurred_at: None,
        subject,
        action: None,
        device: None,
        billing: None,
        shipping: None,
        links: Vec::new(),
        signals: Vec::new(),
        changes: Vec::new(),
        attributes: Vec::new(),
        test: false,
        return_url: None,
    }
}

/// A subject of whom nothing but the id is known.
#[must_use]
pub fn subject(id: String) -> Subject {
    Subject { id, email: None, phone: None, name: None, created_at: None, locale: None }
}

/// An action told in one sentence.
#[must_use]
pub fn action(
    description: impl Into<String>,
    amount: Option<Money>,
    destination: Option<Destination>,
) -> Option<Action> {
    Some(Action { description: Some(description.into()), amount, balance: None, destination })
}

/// A destination with what a person may see of it.
#[must_use]
pub fn destination(id: String, label: Option<String>) -> Destination {
    Destination { id, label, created_at: None, name_match: None }
}

/// The device that acted, as far as address and browser tell; none when neither does.
#[must_use]
pub fn device(ip: Option<String>, user_agent: Option<String>) -> Option<Device> {
    (ip.is_some() || user_agent.is_some()).then(|| Device {
        id: None,
        ip,
        user_agent,
        country: None,
        latitude: None,
        longitude: None,
        session_started_at: None,
        flags: Vec::new(),
    })
}

/// The part of an address that risk looks at; none when its country is unknown.
#[must_use]
pub fn address(country: Option<String>) -> Option<Address> {
    country.map(|country| Address { country: Some(country) })
}

/// Links to those whose id is known, each once.
pub fn links<'k>(found: impl IntoIterator<Item = (&'k str, Option<String>)>) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for (kind, id) in found {
        let Some(id) = id else { continue };
        if !links.iter().any(|link| link.type_ == kind && link.id == id) {
            links.push(Link { type_: kind.to_owned(), id });
        }
    }
    links
}

/// Attributes of those whose value is known, the first of each name.
pub fn attributes<'n>(found: impl IntoIterator<Item = (&'n str, Option<String>)>) -> Vec<Attribute> {
    let mut attributes: Vec<Attribute> = Vec::new();
    for (name, value) in found {
        let Some(value) = value else { continue };
        if !attributes.iter().any(|attribute| attribute.name == name) {
            attributes.push(Attribute { name: name.to_owned(), value });
        }
    }
    attributes
}

/// Signals of those whose score is known: 0 (none) to 100 (certain).
pub fn signals<'n>(found: impl IntoIterator<Item = (&'n str, Option<f64>)>) -> Vec<Signal> {
    let signal = |(name, score): (&str, Option<f64>)| Some(Signal { name: name.to_owned(), score: score? });
    found.into_iter().filter_map(signal).collect()
}

/// Changes of these fields.
pub fn changes<'f>(fields: impl IntoIterator<Item = &'f str>) -> Vec<Change> {
    fields.into_iter().map(|field| Change { field: field.to_owned() }).collect()
}

/// A truth value as an attribute writes it.
#[must_use]
pub fn flag(value: Option<bool>) -> Option<String> {
    value.map(|value| value.to_string())
}

/// An amount with its currency, as a sentence says it.
#[must_use]
pub fn sum(amount: Option<&Money>) -> Option<String> {
    amount.map(|money| format!("{} {}", money.value, money.currency))
}
