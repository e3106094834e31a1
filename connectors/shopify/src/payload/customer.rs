//! A customer's account. Owns the topics `customers/create`, `update`, `enable` and `disable`, and the customer
//! inside an order. Never says what changed: Shopify sends no earlier values, so the engine compares by itself.

use serde::Deserialize;

use super::{Payload, nameless, scalar::Scalar};
use crate::{
    bindings::exports::ase::connector::normalizer::{Event, Outcome, Refusal, Subject},
    event,
    notice::Notice,
    topic::Kind,
};

/// The REST resource `Customer`, whole or inside another.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Customer<'a> {
    pub(super) id: Scalar<'a>,
    pub(super) email: Scalar<'a>,
    pub(super) phone: Scalar<'a>,
    pub(super) created_at: Scalar<'a>,
    pub(super) state: Scalar<'a>,
    pub(super) verified_email: Scalar<'a>,
    admin_graphql_api_id: Scalar<'a>,
    first_name: Scalar<'a>,
    last_name: Scalar<'a>,
    tax_exemptions: Scalar<'a>,
    updated_at: Scalar<'a>,
}

impl Customer<'_> {
    /// First and last name, as far as known.
    pub(super) fn name(&self) -> Option<String> {
        let names: Vec<_> = [self.first_name, self.last_name].iter().filter_map(Scalar::word).collect();
        Some(names.join(" ")).filter(|name| !name.is_empty())
    }

    /// The subject of this id, as far as the account tells of him.
    pub(super) fn subject(&self, id: String) -> Subject {
        Subject {
            id,
            email: self.email.email(),
            phone: self.phone.phone(),
            name: self.name(),
            created_at: self.created_at.time(),
            locale: None,
        }
    }
}

impl<'a> Payload<'a> for Customer<'a> {
    const NOUN: &'static str = "a customer";

    fn fits(&self, _: Kind) -> bool {
        let marks = || self.verified_email.is_named() || self.tax_exemptions.is_named();
        // The body of a deletion also names a customer, but has nothing to tell of him.
        let told = [self.created_at, self.updated_at, self.state, self.email];
        self.admin_graphql_api_id.names("Customer").unwrap_or_else(marks) && told.iter().any(Scalar::is_named)
    }

    fn outcome(&self, notice: &Notice<'_>) -> Result<Outcome, Refusal> {
        let id = self.id.id().ok_or_else(|| nameless("the customer", "/id"))?;
        let (what, changes) = match notice.topic.event {
            "account.created" => ("New account", Vec::new()),
            "account.enabled" => ("Activation of the account", event::change("state")),
            "account.disabled" => ("Deactivation of the account", event::change("state")),
            _ => ("Change to the account", Vec::new()),
        };
        let created =
            if notice.topic.event == "account.created" { self.created_at } else { Scalar::default() };
        let base = notice.event(self.subject(id.clone()), &id, self.updated_at);
        Ok(event::one(Event {
            occurred_at: notice.occurred_at([created, self.updated_at]),
            action: Some(event::action(what, "", None)),
            links: event::links([("customer", Some(id))]),
            changes,
            attributes: event::attributes([
                ("customer_state", self.state.word()),
                ("verified_email", self.verified_email.flag_word()),
            ]),
            ..base
        }))
    }
}
