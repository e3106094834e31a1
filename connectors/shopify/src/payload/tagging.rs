//! Tags put on or taken off a customer. Owns the topics `customer.tags_added` and `customer.tags_removed`; never
//! passes the tags on, which are free text of the staff's.

use serde::{Deserialize, de::IgnoredAny};

use super::{Payload, nameless, nested::List, scalar::Scalar};
use crate::{
    bindings::exports::ase::connector::normalizer::{Event, Outcome, Refusal},
    event,
    notice::Notice,
    topic::Kind,
};

/// The body of both topics, which is of the newer kind: camel case and GraphQL ids.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Tagging<'a> {
    customer_id: Scalar<'a>,
    occurred_at: Scalar<'a>,
    tags: List<IgnoredAny>,
}

impl<'a> Payload<'a> for Tagging<'a> {
    const NOUN: &'static str = "a list of a customer's tags";

    fn fits(&self, _: Kind) -> bool {
        self.customer_id.is_named() && self.tags.is_named()
    }

    fn outcome(&self, notice: &Notice<'_>) -> Result<Outcome, Refusal> {
        let customer = self.customer_id.gid().filter(|(resource, _)| resource == "Customer");
        let (_, id) = customer.ok_or_else(|| nameless("the customer", "/customerId"))?;
        let count = if notice.topic.name == "customer.tags_added" { "tags_added" } else { "tags_removed" };
        let base = notice.event(event::subject(id.clone()), &id, self.occurred_at);
        Ok(event::one(Event {
            occurred_at: notice.occurred_at([self.occurred_at]),
            links: event::links([("customer", Some(id))]),
            changes: event::change("tags"),
            attributes: event::attributes([(count, self.tags.count())]),
            ..base
        }))
    }
}
