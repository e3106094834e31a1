//! A checkout under way. Owns the topics `checkouts/create` and `checkouts/update`.

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
    bindings::exports::ase::connector::normalizer::{Event, Outcome, Refusal},
    event,
    notice::Notice,
    topic::Kind,
};

/// The REST resource `Checkout`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Checkout<'a> {
    token: Scalar<'a>,
    abandoned_checkout_url: Scalar<'a>,
    billing_address: Nested<Address<'a>>,
    buyer_accepts_sms_marketing: Scalar<'a>,
    cart_token: Scalar<'a>,
    completed_at: Scalar<'a>,
    created_at: Scalar<'a>,
    currency: Scalar<'a>,
    customer: Nested<Customer<'a>>,
    customer_locale: Scalar<'a>,
    discount_codes: List<IgnoredAny>,
    email: Scalar<'a>,
    gateway: Scalar<'a>,
    line_items: List<Nested<LineItem<'a>>>,
    phone: Scalar<'a>,
    reservation_token: Scalar<'a>,
    shipping_address: Nested<Address<'a>>,
    source_name: Scalar<'a>,
    total_price: Scalar<'a>,
    updated_at: Scalar<'a>,
}

impl<'a> Checkout<'a> {
    fn buyer(&self) -> Buyer<'_, 'a> {
        Buyer {
            customer: &self.customer,
            billing: &self.billing_address,
            emails: [self.email, Scalar::default()],
            phone: self.phone,
            locale: self.customer_locale,
        }
    }
}

impl<'a> Payload<'a> for Checkout<'a> {
    const NOUN: &'static str = "a checkout";

    fn fits(&self, _: Kind) -> bool {
        let marks = [self.abandoned_checkout_url, self.buyer_accepts_sms_marketing, self.reservation_token];
        marks.iter().any(Scalar::is_named)
    }

    fn outcome(&self, notice: &Notice<'_>) -> Result<Outcome, Refusal> {
        let token = self.token.id().ok_or_else(|| nameless("the checkout", "/token"))?;
        let created =
            if notice.topic.event == "checkout.created" { self.created_at } else { Scalar::default() };
        let buyer = self.buyer();
        let base = notice.event(buyer.subject(format!("checkout:{token}")), &token, self.updated_at);
        Ok(event::one(Event {
            occurred_at: notice.occurred_at([created, self.updated_at]),
            action: Some(event::action("Checkout", "for", event::money(self.total_price, self.currency))),
            billing: self.billing_address.country(),
            shipping: self.shipping_address.country(),
            links: event::links([
                ("checkout", Some(token)),
                ("cart", self.cart_token.id()),
                ("customer", buyer.customer_id()),
            ]),
            attributes: event::attributes([
                ("completed", self.completed_at.time().map(|_| true.to_string())),
                ("gateway", self.gateway.word()),
                ("source_name", self.source_name.word()),
                ("item_count", self.line_items.item_count()),
                ("gift_card_share", self.line_items.gift_card_share()),
                ("discount_count", self.discount_codes.count()),
                ("customer_state", buyer.state()),
                ("verified_email", buyer.verified_email()),
                ("contact_email_differs", buyer.contact_differs()),
            ]),
            ..base
        }))
    }
}
