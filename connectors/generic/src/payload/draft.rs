//! An event in the making: texts by field name, turned into typed values at the end.
//!
//! It is filled by a mapping or from a body that already is an event, and does not know which.

use std::collections::BTreeMap;

use crate::payload::{field, money, plain, time};
use crate::wit::{
    Action, Address, Attribute, Change, Destination, Device, Event, Link, Money, Signal, Subject,
};

/// The three things without which there is no event.
#[derive(Debug)]
pub(crate) struct Identity {
    /// The event's id.
    pub(crate) id: String,
    /// What happened.
    pub(crate) kind: String,
    /// The subject's id.
    pub(crate) subject: String,
}

/// What has been read so far.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    texts: BTreeMap<&'static str, String>,
    flags: Vec<String>,
    links: Vec<Link>,
    signals: Vec<Signal>,
    changes: Vec<Change>,
    attributes: Vec<Attribute>,
}

impl Draft {
    /// Sets a field when there is a text for it; an unknown name is of no effect.
    pub(crate) fn set(&mut self, name: &str, text: Option<String>) {
        if let (Some(field), Some(text)) = (field::named(name), text) {
            self.texts.insert(field, text);
        }
    }

    /// Whether a field has been set.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.texts.contains_key(name)
    }

    /// Takes a field out.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.texts.remove(name)
    }

    /// Adds what `text` names of the known device flags.
    pub(crate) fn flag(&mut self, text: &str) {
        self.flags.extend(plain::flag(text).filter(|flag| !self.flags.contains(flag)));
    }

    /// Adds another thing that the event is about.
    pub(crate) fn link(&mut self, kind: String, id: String) {
        self.links.push(Link { type_: kind, id });
    }

    /// Adds somebody's opinion, when `score` is a number.
    pub(crate) fn signal(&mut self, name: String, score: &str) {
        self.signals.extend(plain::score(score).map(|score| Signal { name, score }));
    }

    /// Adds something that changed.
    pub(crate) fn change(&mut self, field: String) {
        self.changes.push(Change { field });
    }

    /// Adds a further fact.
    pub(crate) fn attribute(&mut self, name: String, value: String) {
        self.attributes.push(Attribute { name, value });
    }

    /// The event; a text that its field cannot read leaves the field unknown.
    pub(crate) fn event(self, identity: Identity) -> Event {
        Event {
            id: identity.id,
            type_: identity.kind,
            occurred_at: self.read("occurred_at", time::instant),
            subject: self.subject(identity.subject),
            action: self.action(),
            device: self.device(),
            billing: self.address("billing.country"),
            shipping: self.address("shipping.country"),
            test: self.read("test", |text| Some(matches!(text, "true" | "1"))).unwrap_or(false),
            return_url: self.read("return_url", plain::url),
            links: self.links,
            signals: self.signals,
            changes: self.changes,
            attributes: self.attributes,
        }
    }

    fn read<T>(&self, field: &str, reader: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.texts.get(field).and_then(|text| reader(text))
    }

    fn words(&self, field: &str) -> Option<String> {
        self.read(field, |text| Some(text.trim().to_owned()))
    }

    fn money(&self, value: &str, currency: &str) -> Option<Money> {
        money::money(self.texts.get(value).map(String::as_str), self.texts.get(currency).map(String::as_str))
    }

    fn subject(&self, id: String) -> Subject {
        Subject {
            id,
            email: self.read("subject.email", plain::email),
            phone: self.read("subject.phone", plain::phone),
            name: self.words("subject.name"),
            created_at: self.read("subject.created_at", time::instant),
            locale: self.read("subject.locale", plain::locale),
        }
    }

    fn action(&self) -> Option<Action> {
        let destination = self.words("action.destination.id").map(|id| Destination {
            id,
            label: self.words("action.destination.label"),
            created_at: self.read("action.destination.created_at", time::instant),
            name_match: self.read("action.destination.name_match", plain::name_match),
        });
        let action = Action {
            description: self.words("action.description"),
            amount: self.money("action.amount.value", "action.amount.currency"),
            balance: self.money("action.balance.value", "action.balance.currency"),
            destination,
        };
        let known = action.description.is_some()
            || action.amount.is_some()
            || action.balance.is_some()
            || action.destination.is_some();
        known.then_some(action)
    }

    fn device(&self) -> Option<Device> {
        let device = Device {
            id: self.words("device.id"),
            ip: self.read("device.ip", plain::ip),
            user_agent: self.words("device.user_agent"),
            country: self.read("device.country", plain::country),
            latitude: self.read("device.latitude", |text| plain::degrees(text, 90.0)),
            longitude: self.read("device.longitude", |text| plain::degrees(text, 180.0)),
            session_started_at: self.read("device.session_started_at", time::instant),
            flags: self.flags.clone(),
        };
        let known = device.id.is_some()
            || device.ip.is_some()
            || device.user_agent.is_some()
            || device.country.is_some()
            || device.latitude.is_some()
            || device.longitude.is_some()
            || device.session_started_at.is_some()
            || !device.flags.is_empty();
        known.then_some(device)
    }

    fn address(&self, field: &str) -> Option<Address> {
        let country = self.read(field, plain::country)?;
        Some(Address { country: Some(country) })
    }
}
