//! The parts of an event. Owns how they are put together; what is unknown is left out, never empty.

use crate::{
    bindings::exports::ase::connector::normalizer::{
        Action, Address, Attribute, Change, Device, Event, Link, Money, Outcome, Signal, Subject,
    },
    payload::scalar::Scalar,
};

/// The outcome of a delivery that holds one event, as all of Shopify's do.
pub(crate) fn one(event: Event) -> Outcome {
    Outcome::Events(vec![event])
}

/// A subject of whom nothing but the id is known.
pub(crate) fn subject(id: String) -> Subject {
    Subject { id, email: None, phone: None, name: None, created_at: None, locale: None }
}

/// An amount exactly as it was written; unknown unless both halves are.
pub(crate) fn money(value: Scalar<'_>, currency: Scalar<'_>) -> Option<Money> {
    Some(Money { value: value.decimal()?.into_owned(), currency: currency.currency()? })
}

/// An action told in one sentence: what, then `joint` and the amount where there is one.
pub(crate) fn action(what: impl Into<String>, joint: &str, amount: Option<Money>) -> Action {
    let mut sentence = what.into();
    if let Some(Money { value, currency }) = &amount {
        sentence.extend([" ", joint, " ", value, " ", currency]);
    }
    Action { description: Some(sentence), amount, balance: None, destination: None }
}

/// The buyer's device, as far as address and browser tell; nothing when neither does.
pub(crate) fn device(ip: Option<String>, user_agent: Option<String>) -> Option<Device> {
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

/// The part of an address that risk looks at; nothing when its country is unknown.
pub(crate) fn address(country: Option<String>) -> Option<Address> {
    country.map(|country| Address { country: Some(country) })
}

/// Links to those of these whose id is known.
pub(crate) fn links<const N: usize>(links: [(&str, Option<String>); N]) -> Vec<Link> {
    let link = |(kind, id): (&str, Option<String>)| Some(Link { type_: kind.to_owned(), id: id? });
    links.into_iter().filter_map(link).collect()
}

/// Attributes of those of these whose value is known.
pub(crate) fn attributes<const N: usize>(attributes: [(&str, Option<String>); N]) -> Vec<Attribute> {
    let attribute =
        |(name, value): (&str, Option<String>)| Some(Attribute { name: name.to_owned(), value: value? });
    attributes.into_iter().filter_map(attribute).collect()
}

/// Signals of those of these whose score is known: 0 (none) to 100 (certain).
pub(crate) fn signals<const N: usize>(signals: [(&str, Option<f64>); N]) -> Vec<Signal> {
    let signal = |(name, score): (&str, Option<f64>)| Some(Signal { name: name.to_owned(), score: score? });
    signals.into_iter().filter_map(signal).collect()
}

/// A change of this field.
pub(crate) fn change(field: &str) -> Vec<Change> {
    vec![Change { field: field.to_owned() }]
}
