//! The bodies. Owns the way from a topic to an event; never believes the topic alone.
//!
//! The topic header is not signed: whoever holds one genuine body may send it again under another topic. So a
//! body must have the shape that its topic promises, or it is refused before anything is made of it. What a
//! field cannot say (masked, redacted, of another type) is unknown; it is never zero and never a mismatch.

mod address;
mod buyer;
mod cart;
mod checkout;
mod compliance;
mod customer;
mod decimal;
mod deletion;
mod dispute;
mod draft_order;
pub(crate) mod format;
mod nested;
mod order;
mod order_edit;
mod receipt;
mod refund;
mod risk_assessment;
pub(crate) mod scalar;
mod shop;
mod tagging;
mod transaction;

use serde::Deserialize;

use crate::{
    bindings::exports::ase::connector::normalizer::{Delivery, Outcome, Refusal},
    headers::Headers,
    notice::Notice,
    refusal,
    topic::{Kind, Topic},
};
use nested::Nested;

/// One of Shopify's bodies.
trait Payload<'a>: Deserialize<'a> {
    /// What it is, with its article, for messages.
    const NOUN: &'static str;

    /// Whether it looks like what a topic of this kind carries.
    fn fits(&self, kind: Kind) -> bool;

    /// What it becomes.
    ///
    /// # Errors
    /// `malformed` when it has no id, `unauthenticated` when it is about another shop.
    fn outcome(&self, notice: &Notice<'_>) -> Result<Outcome, Refusal>;
}

/// Turns a delivery into what it means.
///
/// # Errors
/// `malformed` when the body is not JSON or not what its topic promises; `unauthenticated` when a header is
/// missing or the body is about another shop.
pub(crate) fn normalize(delivery: &Delivery) -> Result<Outcome, Refusal> {
    let headers = Headers::read(&delivery.headers)?;
    let Some(topic) = Topic::find(headers.topic) else {
        let shown: String = headers.topic.chars().take(64).collect();
        return Ok(Outcome::Ignored(format!("topic {shown} is of no concern")));
    };
    let body = std::str::from_utf8(&delivery.body)
        .map_err(|_not_text| refusal::malformed("the body is not UTF-8 text", None))?;
    let notice = Notice::new(topic, headers, delivery);
    match topic.kind {
        Kind::Order | Kind::CancelledOrder => read::<order::Order<'_>>(body, &notice),
        Kind::OrderDeletion | Kind::CustomerDeletion => read::<deletion::Deletion<'_>>(body, &notice),
        Kind::OrderEdit => read::<order_edit::OrderEdit<'_>>(body, &notice),
        Kind::RiskAssessment => read::<risk_assessment::RiskAssessment<'_>>(body, &notice),
        Kind::Customer => read::<customer::Customer<'_>>(body, &notice),
        Kind::CustomerTags => read::<tagging::Tagging<'_>>(body, &notice),
        Kind::PurchasingSummary => {
            Ok(Outcome::Ignored("a purchasing summary repeats what the orders have said".to_owned()))
        }
        Kind::Checkout => read::<checkout::Checkout<'_>>(body, &notice),
        Kind::DraftOrder => read::<draft_order::DraftOrder<'_>>(body, &notice),
        Kind::Refund => read::<refund::Refund<'_>>(body, &notice),
        Kind::Dispute => read::<dispute::Dispute<'_>>(body, &notice),
        Kind::Transaction => read::<transaction::Transaction<'_>>(body, &notice),
        Kind::DataRequest | Kind::CustomerErasure | Kind::ShopErasure => {
            read::<compliance::Compliance<'_>>(body, &notice)
        }
        Kind::Shop => read::<shop::Shop<'_>>(body, &notice),
    }
}

fn read<'a, P: Payload<'a>>(body: &'a str, notice: &Notice<'_>) -> Result<Outcome, Refusal> {
    let parsed: Nested<P> = serde_json::from_str(body).map_err(|_detail| {
        refusal::malformed("the body is not valid JSON, or names one of its members twice", None)
    })?;
    match parsed.get() {
        Some(payload) if payload.fits(notice.topic.kind) => payload.outcome(notice),
        _ => Err(refusal::malformed(
            format!("the body is not {}, which topic {} promises", P::NOUN, notice.topic.name),
            Some(""),
        )),
    }
}

/// The refusal of a body that does not say which thing it is about.
fn nameless(noun: &str, pointer: &str) -> Refusal {
    refusal::malformed(format!("{noun} has no id"), Some(pointer))
}
