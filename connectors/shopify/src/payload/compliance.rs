//! What privacy law asks of an app. Owns the topics `customers/data_request`, `customers/redact` and
//! `shop/redact`; never mixes them up: the body of one person's request must not erase a whole shop.
//! Source: Shopify, "Privacy law compliance" (to be acted on within 30 days).

use serde::Deserialize;

use super::{
    Payload,
    customer::Customer,
    nameless,
    nested::{List, Nested},
    scalar::Scalar,
};
use crate::{
    bindings::exports::ase::connector::normalizer::{Event, Outcome, Refusal, Subject},
    event,
    notice::Notice,
    topic::Kind,
};

/// The bodies of the three topics.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Compliance<'a> {
    customer: Nested<Customer<'a>>,
    data_request: Nested<Request<'a>>,
    id: Scalar<'a>,
    orders_requested: List<Scalar<'a>>,
    orders_to_redact: List<Scalar<'a>>,
    shop_domain: Scalar<'a>,
    shop_id: Scalar<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Request<'a> {
    id: Scalar<'a>,
}

impl Compliance<'_> {
    fn orders(&self) -> impl Iterator<Item = String> {
        let requested = self.orders_requested.items().iter();
        requested.chain(self.orders_to_redact.items()).filter_map(Scalar::id)
    }

    /// The person: his account, else the first of his orders. Address and number stay with it, because a guest
    /// is found by nothing else.
    fn person(&self) -> Result<Subject, Refusal> {
        let customer = self.customer.get();
        let account = customer.and_then(|customer| customer.id.id());
        let id = account.or_else(|| self.orders().next().map(|order| format!("order:{order}")));
        let id = id.ok_or_else(|| nameless("the customer", "/customer/id"))?;
        Ok(customer.map_or_else(|| event::subject(id.clone()), |customer| customer.subject(id.clone())))
    }

    /// The shop, by its domain where one is known.
    fn shop(&self, domain: Option<String>) -> Result<Subject, Refusal> {
        let shop = domain.or_else(|| self.shop_id.id()).ok_or_else(|| nameless("the shop", "/shop_id"))?;
        Ok(event::subject(format!("shop:{shop}")))
    }
}

impl<'a> Payload<'a> for Compliance<'a> {
    const NOUN: &'static str = "a compliance request";

    fn fits(&self, kind: Kind) -> bool {
        let shop = self.shop_domain.is_named() && self.shop_id.is_named() && !self.id.is_named();
        let person = self.customer.get().is_some();
        let wants = self.data_request.is_named() || self.orders_requested.is_named();
        let erases = self.orders_to_redact.is_named();
        shop && match kind {
            Kind::DataRequest => person && wants && !erases,
            Kind::CustomerErasure => person && erases && !wants,
            _ => !self.customer.is_named() && !wants && !erases,
        }
    }

    fn outcome(&self, notice: &Notice<'_>) -> Result<Outcome, Refusal> {
        let shop = notice.shop(self.shop_domain)?;
        let whole = notice.topic.kind == Kind::ShopErasure;
        let subject = if whole { self.shop(shop)? } else { self.person()? };
        let what = match notice.topic.kind {
            Kind::DataRequest => "Request for the data held",
            Kind::CustomerErasure => "Request to erase a customer",
            _ => "Request to erase a shop",
        };
        let request = self.data_request.get().and_then(|request| request.id.id());
        let base =
            notice.event(subject.clone(), request.as_deref().unwrap_or(&subject.id), Scalar::default());
        let customer = self.customer.get().and_then(|customer| customer.id.id());
        let mut links = event::links([("customer", customer), ("data_request", request)]);
        links.extend(self.orders().flat_map(|order| event::links([("order", Some(order))])));
        Ok(event::one(Event {
            occurred_at: notice.occurred_at([]),
            action: Some(event::action(what, "", None)),
            links,
            ..base
        }))
    }
}
