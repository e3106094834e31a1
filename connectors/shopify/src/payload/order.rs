//! An order. Owns the topics `orders/create`, `paid`, `updated` and `cancelled`.

use serde::{Deserialize, de::IgnoredAny};

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
    bindings::exports::ase::connector::normalizer::{Attribute, Device, Event, Outcome, Refusal},
    event,
    notice::Notice,
    topic::Kind,
};

/// The REST resource `Order`; any member may be left out by a subscription's `include_fields`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
#[expect(clippy::struct_field_names, reason = "members are named as Shopify names them")]
pub(super) struct Order<'a> {
    id: Scalar<'a>,
    admin_graphql_api_id: Scalar<'a>,
    billing_address: Nested<Address<'a>>,
    browser_ip: Scalar<'a>,
    cancel_reason: Scalar<'a>,
    cancelled_at: Scalar<'a>,
    cart_token: Scalar<'a>,
    checkout_token: Scalar<'a>,
    client_details: Nested<ClientDetails<'a>>,
    confirmation_number: Scalar<'a>,
    contact_email: Scalar<'a>,
    created_at: Scalar<'a>,
    currency: Scalar<'a>,
    customer: Nested<Customer<'a>>,
    customer_locale: Scalar<'a>,
    discount_codes: List<IgnoredAny>,
    email: Scalar<'a>,
    financial_status: Scalar<'a>,
    fulfillment_status: Scalar<'a>,
    gateway: Scalar<'a>,
    line_items: List<Nested<LineItem<'a>>>,
    name: Scalar<'a>,
    order_number: Scalar<'a>,
    order_status_url: Scalar<'a>,
    payment_gateway_names: List<Scalar<'a>>,
    phone: Scalar<'a>,
    shipping_address: Nested<Address<'a>>,
    source_name: Scalar<'a>,
    test: Scalar<'a>,
    total_price: Scalar<'a>,
    updated_at: Scalar<'a>,
}

/// `client_details`: the browser that placed the order.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct ClientDetails<'a> {
    browser_ip: Scalar<'a>,
    user_agent: Scalar<'a>,
}

impl<'a> Order<'a> {
    fn buyer(&self) -> Buyer<'_, 'a> {
        Buyer {
            customer: &self.customer,
            billing: &self.billing_address,
            emails: [self.email, self.contact_email],
            phone: self.phone,
            locale: self.customer_locale,
        }
    }

    fn device(&self) -> Option<Device> {
        let details = self.client_details.get();
        let ip = self.browser_ip.ip().or_else(|| details?.browser_ip.ip());
        event::device(ip, details.and_then(|details| details.user_agent.line()))
    }

    fn gateways(&self) -> Option<String> {
        let names: Vec<_> = self.payment_gateway_names.items().iter().filter_map(Scalar::word).collect();
        Some(names.join(",")).filter(|names| !names.is_empty()).or_else(|| self.gateway.word())
    }

    fn attributes(&self, buyer: &Buyer<'_, '_>) -> Vec<Attribute> {
        event::attributes([
            ("financial_status", self.financial_status.word()),
            ("fulfillment_status", self.fulfillment_status.word()),
            ("cancel_reason", self.cancel_reason.word()),
            ("gateway", self.gateways()),
            ("source_name", self.source_name.word()),
            ("item_count", self.line_items.item_count()),
            ("gift_card_share", self.line_items.gift_card_share()),
            ("discount_count", self.discount_codes.count()),
            ("customer_state", buyer.state()),
            ("verified_email", buyer.verified_email()),
            ("contact_email_differs", buyer.contact_differs()),
        ])
    }
}

impl<'a> Payload<'a> for Order<'a> {
    const NOUN: &'static str = "an order";

    fn fits(&self, kind: Kind) -> bool {
        let marks =
            [self.order_number, self.financial_status, self.confirmation_number, self.order_status_url];
        let order = self.admin_graphql_api_id.names("Order");
        let said = kind != Kind::CancelledOrder || self.cancelled_at.text().is_some();
        order.unwrap_or_else(|| marks.iter().any(Scalar::is_named)) && said
    }

    fn outcome(&self, notice: &Notice<'_>) -> Result<Outcome, Refusal> {
        let id = self.id.id().ok_or_else(|| nameless("the order", "/id"))?;
        let (what, moment) = match notice.topic.event {
            "order.created" => ("Order", self.created_at),
            "order.cancelled" => ("Cancellation of order", self.cancelled_at),
            "order.paid" => ("Payment of order", self.updated_at),
            _ => ("Change to order", self.updated_at),
        };
        let (checkout, cart) = (self.checkout_token.id(), self.cart_token.id());
        let guest =
            checkout.as_ref().map_or_else(|| format!("order:{id}"), |token| format!("checkout:{token}"));
        let buyer = self.buyer();
        let base = notice.event(buyer.subject(guest), &id, self.updated_at);
        let fraud = self.cancel_reason.word().is_some_and(|reason| reason == "fraud");
        Ok(event::one(Event {
            occurred_at: notice.occurred_at([moment, self.updated_at]),
            action: Some(event::action(
                self.name.after(what),
                "for",
                event::money(self.total_price, self.currency),
            )),
            device: self.device(),
            billing: self.billing_address.country(),
            shipping: self.shipping_address.country(),
            links: event::links([
                ("order", Some(id)),
                ("checkout", checkout),
                ("cart", cart),
                ("customer", buyer.customer_id()),
            ]),
            signals: event::signals([("shopify.cancelled_as_fraud", fraud.then_some(90.0))]),
            attributes: self.attributes(&buyer),
            test: notice.is_test(self.test),
            ..base
        }))
    }
}
