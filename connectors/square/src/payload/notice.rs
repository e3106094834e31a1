//! One event around its object, and what every object has in common.

use ase_connector_kit::money::minor;
use ase_connector_kit::refusal::malformed;
use ase_connector_kit::wit::{Event, Money, Refusal, Subject};
use ase_connector_kit::{Node, event, known};

/// An event, opened.
#[derive(Debug)]
pub(crate) struct Notice<'n, 'b> {
    /// The event's id, the same on every retry.
    pub(crate) id: String,
    /// Square's type.
    pub(crate) kind: &'n str,
    /// The seller.
    pub(crate) merchant: Option<String>,
    /// Whether it is of the sandbox.
    pub(crate) test: bool,
    /// The whole body.
    pub(crate) body: &'n Node<'b>,
    /// The object that the event is about.
    pub(crate) object: &'n Node<'b>,
}

impl Notice<'_, '_> {
    /// Whether something was made, rather than changed.
    pub(crate) fn is_creation(&self) -> bool {
        self.kind.ends_with(".created")
    }

    /// The id of the object: its own, or the one beside it.
    ///
    /// # Errors
    /// `malformed` when neither is there.
    pub(crate) fn object_id(&self, own: &str) -> Result<String, Refusal> {
        let id = self.object.id(own).or_else(|| self.body.id("data/id"));
        id.ok_or_else(|| malformed("the object of the event has no id", Some("/data/id")))
    }

    /// An event of this neutral type with what every one of them has.
    pub(crate) fn event(&self, neutral: &str, subject: Subject) -> Event {
        let base = event::event(self.id.clone(), neutral, subject);
        Event { occurred_at: self.body.time("created_at"), test: self.test, ..base }
    }

    /// An amount of the object in minor units, by ISO 4217; unknown where it is negative.
    ///
    /// Source: <https://developer.squareup.com/docs/build-basics/common-data-types/working-with-monetary-amounts>.
    pub(crate) fn money(&self, field: &str) -> Option<Money> {
        let part = self.object.object_at(field)?;
        minor(part.whole("amount")?, &part.text("currency")?, &[])
    }

    /// The seller as a subject, for what happens to the seller's own money.
    pub(crate) fn seller(&self) -> Subject {
        event::subject(self.merchant.clone().unwrap_or_else(|| "self".to_owned()))
    }
}

/// The id of a thing by its kind, for subjects who have no account.
pub(crate) fn thing(kind: &str, id: &str) -> String {
    known::clip(format!("{kind}:{id}"))
}
