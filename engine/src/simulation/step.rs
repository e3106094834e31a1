//! `Step`: one event with its label.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::person::{Payee, Person};
use super::script::Script;
use crate::event::{
    Draft, DraftAction, DraftChange, DraftDestination, DraftDevice, DraftMoney, DraftSubject,
};

/// What an event truly is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// Its owner wants it.
    Honest,
    /// A part of a script that does no harm by itself, such as signing in.
    Prelude(Script),
    /// Money leaves, or control over the account or over where its money goes.
    Harmful(Script),
}

/// What happens to a question, should there be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// "Nobody guides me", and the right code where one is asked for.
    Denies,
    /// "Somebody guides me."
    Admits,
    /// None, until the time is over.
    Leaves,
}

/// One event of the stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// When it happens.
    pub at: DateTime<Utc>,
    /// Whose account it is; the honest come first.
    pub person: u32,
    /// The event itself; its id is set last.
    pub draft: Draft,
    /// What it truly is.
    pub label: Label,
    /// What would be answered.
    pub answer: Answer,
    /// The script cannot go on without it: when it does not get through, nothing follows.
    pub pivotal: bool,
    /// The device told of a call, a shared screen or a remote hand; known for reports.
    pub flagged: bool,
}

/// A sum as events write it.
pub(super) fn money(value: f64, currency: &str) -> DraftMoney {
    DraftMoney { value: format!("{:.2}", value.max(1.0)), currency: currency.to_owned() }
}

impl Step {
    /// An honest event of `person`.
    pub(super) fn new(person: &Person, seconds: i64, event_type: &str, device: DraftDevice) -> Self {
        let subject = DraftSubject {
            id: Some(person.id.clone()),
            email: Some(person.email.clone()),
            phone: Some(person.phone.clone()),
            created_at: Some(super::at(person.created_at).to_rfc3339()),
            ..DraftSubject::default()
        };
        let flagged = ["call_active", "screen_share", "remote_control"]
            .into_iter()
            .any(|flag| device.flags.iter().any(|known| known == flag));
        let draft = Draft {
            event_type: Some(event_type.to_owned()),
            occurred_at: Some(super::at(seconds).to_rfc3339()),
            subject,
            device: Some(device),
            ..Draft::default()
        };
        Self {
            at: super::at(seconds),
            person: person.index,
            draft,
            label: Label::Honest,
            answer: Answer::Denies,
            pivotal: false,
            flagged,
        }
    }

    /// So much money.
    pub(super) fn paying(mut self, amount: f64, currency: &str) -> Self {
        self.action().amount = Some(money(amount, currency));
        self
    }

    /// Out of so much.
    pub(super) fn of_balance(mut self, balance: f64, currency: &str) -> Self {
        self.action().balance = Some(money(balance, currency));
        self
    }

    /// To this destination.
    pub(super) fn to(mut self, payee: &Payee) -> Self {
        self.action().destination = Some(DraftDestination {
            id: Some(payee.id.clone()),
            created_at: Some(super::at(payee.created_at).to_rfc3339()),
            name_match: payee.name_match.map(str::to_owned),
            ..DraftDestination::default()
        });
        self
    }

    /// Changing this.
    pub(super) fn changing(mut self, field: &str) -> Self {
        self.draft.changes.push(DraftChange { field: field.to_owned() });
        self
    }

    /// With a further fact.
    pub(super) fn with(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.draft.attributes.insert(name.to_owned(), value.into());
        self
    }

    /// As a part of a script, answered in its way.
    pub(super) fn scripted(self, label: Label, answer: Answer) -> Self {
        Self { label, answer, ..self }
    }

    fn action(&mut self) -> &mut DraftAction {
        self.draft.action.get_or_insert_default()
    }
}
