//! A snapshot event, opened: the object with what is known around it, and the neutral event it becomes.

use super::envelope::Envelope;
use super::object::Object;
use super::previous::Previous;
use super::{action, attributes, device, known, links, malformed, signals, subject, topic};
use crate::bindings::exports::ase::connector::normalizer::{Address, Change, Event, Refusal};

/// Everything that the parts of a neutral event are read from.
pub(crate) struct Snapshot<'e> {
    /// The event's id.
    pub(crate) id: &'e str,
    /// The neutral type.
    pub(crate) kind: &'static str,
    /// Stripe's type.
    pub(crate) topic: &'e str,
    /// The connected account, if it is not the endpoint's own.
    pub(crate) account: Option<&'e str>,
    /// The object after the event.
    pub(crate) object: &'e Object<'e>,
    /// What had been there before.
    pub(crate) previous: Option<&'e Previous<'e>>,
    /// When it happened: RFC 3339.
    occurred_at: Option<String>,
    /// Whether it is a test event.
    test: bool,
}

impl<'e> Snapshot<'e> {
    /// Opens an event of the given types.
    ///
    /// # Errors
    /// `malformed` when the event carries no object.
    pub(crate) fn open(
        envelope: &'e Envelope<'e>,
        id: &'e str,
        kind: &'static str,
        topic: &'e str,
    ) -> Result<Self, Refusal> {
        let change = envelope.data.as_ref();
        let object = change
            .and_then(|change| change.object.as_ref())
            .ok_or_else(|| malformed("the event carries no object", Some("/data/object")))?;
        let previous = change.and_then(|change| change.previous_attributes.as_ref());
        let kind = match previous {
            Some(previous) if kind == "account.updated" => topic::customer_change(previous),
            _ => kind,
        };
        Ok(Self {
            id,
            kind,
            topic,
            account: envelope.account(),
            object,
            previous,
            occurred_at: envelope.occurred_at(),
            test: envelope.is_test(),
        })
    }

    /// The neutral event.
    pub(crate) fn event(&self) -> Event {
        Event {
            id: self.id.to_owned(),
            type_: self.kind.to_owned(),
            occurred_at: self.occurred_at.clone(),
            subject: subject::subject(self),
            action: action::action(self),
            device: device::device(self.object),
            billing: self.billing(),
            shipping: self.shipping(),
            links: links::links(self),
            signals: signals::signals(self),
            changes: self.changes(),
            attributes: attributes::attributes(self),
            test: self.test,
            return_url: None,
        }
    }

    /// Whether the neutral type is of this category, such as `payout.`.
    pub(crate) fn is_of(&self, category: &str) -> bool {
        self.kind.starts_with(category)
    }

    /// Whether the object is where payouts of an account go.
    pub(crate) fn is_destination(&self) -> bool {
        self.kind == "payout.destination_changed"
    }

    fn billing(&self) -> Option<Address> {
        let contacts = self.object.billing().filter_map(|contact| contact.address.as_ref());
        let own = self.is_of("account.").then_some(self.object.address.as_ref()).flatten();
        let country = contacts.chain(own).find_map(|address| known::country(address.country.as_deref()?));
        country.map(|country| Address { country: Some(country) })
    }

    fn shipping(&self) -> Option<Address> {
        let addresses = self.object.shipping().filter_map(|contact| contact.address.as_ref());
        let country = addresses.into_iter().find_map(|address| known::country(address.country.as_deref()?));
        country.map(|country| Address { country: Some(country) })
    }

    fn changes(&self) -> Vec<Change> {
        let fields = self.previous.map(|previous| previous.fields.as_slice()).unwrap_or_default();
        let mut changes: Vec<Change> = fields.iter().map(|field| Change { field: field.clone() }).collect();
        if self.is_destination() {
            changes.push(Change { field: "payout_destination".to_owned() });
        }
        changes
    }
}
