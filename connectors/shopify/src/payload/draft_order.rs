//! An order that staff or an app is drafting. Owns the topics `draft_orders/create` and `draft_orders/update`.

use serde::Deserialize;

use super::{
    Payload,
    address::Address,
    buyer::Buyer,
    cart::LineItem,
    customer::Customer,
    nameless,
    nested::{List, Nested},
    scalar::Scalar,
};
use crate::{
    bindings::exports::ase::connector::normalizer::{Event, Outcome, Refusal},
    event,
    notice::Notice,
    topic::Kind,
};

/// The REST resource `DraftOrder`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct DraftOrder<'a> {
    id: Scalar<'a>,
    admin_graphql_api_id: Scalar<'a>,
    billing_address: Nested<Address<'a>>,
    created_at: Scalar<'a>,
    currency: Scalar<'a>,
    customer: Nested<Customer<'a>>,
    email: Scalar<'a>,
    invoice_sent_at: Scalar<'a>,
    invoice_url: Scalar<'a>,
    line_items: List<Nested<LineItem<'a>>>,
    name: Scalar<'a>,
    order_id: Scalar<'a>,
    shipping_address: Nested<Address<'a>>,
    status: Scalar<'a>,
    total_price: Scalar<'a>,
    updated_at: Scalar<'a>,
}

impl<'a> DraftOrder<'a> {
    fn buyer(&self) -> Buyer<'_, 'a> {
        Buyer {
            customer: &self.customer,
            billing: &self.billing_address,
            emails: [self.email, Scalar::default()],
            phone: Scalar::default(),
            locale: Scalar::default(),
        }
    }
}

impl<'a> Payload<'a> for DraftOrder<'a> {
    const NOUN: &'static str = "a draft order";

    fn fits(&self, _: Kind) -> bool {
        let marks = || self.invoice_url.is_named() || self.invoice_sent_at.is_named();
        self.admin_graphql_api_id.names("DraftOrder").unwrap_or_else(marks)
    }

    fn outcome(&self, notice: &Notice<'_>) -> Result<Outcome, Refusal> {
        let id = self.id.id().ok_or_else(|| nameless("the draft order", "/id"))?;
        let created =
            if notice.topic.event == "order.draft_created" { self.created_at } else { Scalar::default() };
        let order = self.order_id.id();
        let guest =
            order.as_ref().map_or_else(|| format!("draft_order:{id}"), |order| format!("order:{order}"));
        let buyer = self.buyer();
        let base = notice.event(buyer.subject(guest), &id, self.updated_at);
        let amount = event::money(self.total_price, self.currency);
        Ok(event::one(Event {
            occurred_at: notice.occurred_at([created, self.updated_at]),
            action: Some(event::action(self.name.after("Draft order"), "for", amount)),
            billing: self.billing_address.country(),
            shipping: self.shipping_address.country(),
            links: event::links([
                ("draft_order", Some(id)),
                ("order", order),
                ("customer", buyer.customer_id()),
            ]),
            attributes: event::attributes([
                ("status", self.status.word()),
                ("item_count", self.line_items.item_count()),
                ("gift_card_share", self.line_items.gift_card_share()),
                ("customer_state", buyer.state()),
                ("verified_email", buyer.verified_email()),
                ("contact_email_differs", buyer.contact_differs()),
            ]),
            ..base
        }))
    }
}
