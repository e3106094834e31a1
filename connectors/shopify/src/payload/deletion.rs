//! The id of something that is gone. Owns the topics `orders/delete` and `customers/delete`.

use serde::Deserialize;

use super::{Payload, nameless, nested::Nested, scalar::Scalar};
use crate::{
    bindings::exports::ase::connector::normalizer::{Event, Outcome, Refusal},
    event,
    notice::Notice,
    topic::Kind,
};

/// An id, and what shows that a body is something else: a deletion has no times and no parts.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Deletion<'a> {
    id: Scalar<'a>,
    addresses: Scalar<'a>,
    admin_graphql_api_id: Scalar<'a>,
    created_at: Scalar<'a>,
    customer: Nested<Other>,
    initiated_at: Scalar<'a>,
    order_id: Scalar<'a>,
    state: Scalar<'a>,
    tax_exemptions: Scalar<'a>,
    updated_at: Scalar<'a>,
}

/// An object of which nothing is read.
#[derive(Debug, Deserialize)]
struct Other {}

impl<'a> Payload<'a> for Deletion<'a> {
    const NOUN: &'static str = "the id of something deleted";

    fn fits(&self, kind: Kind) -> bool {
        let living = [self.created_at, self.updated_at, self.initiated_at, self.order_id, self.state];
        let customer = || self.addresses.is_named() || self.tax_exemptions.is_named();
        let right = if kind == Kind::CustomerDeletion {
            self.admin_graphql_api_id.names("Customer").unwrap_or_else(customer)
        } else {
            self.admin_graphql_api_id.names("Order").unwrap_or_else(|| !customer())
        };
        right && !self.customer.is_named() && !living.iter().any(Scalar::is_named)
    }

    fn outcome(&self, notice: &Notice<'_>) -> Result<Outcome, Refusal> {
        let id = self.id.id().ok_or_else(|| nameless("what was deleted", "/id"))?;
        let (what, link, subject) = if notice.topic.kind == Kind::CustomerDeletion {
            ("Deletion of the account", "customer", id.clone())
        } else {
            ("Deletion of an order", "order", format!("order:{id}"))
        };
        let base = notice.event(event::subject(subject), &id, Scalar::default());
        Ok(event::one(Event {
            occurred_at: notice.occurred_at([]),
            action: Some(event::action(what, "", None)),
            links: event::links([(link, Some(id))]),
            ..base
        }))
    }
}
