//! One step of a payment. Owns the topic `order_transactions/create`, whose event type follows from the kind and
//! the status of the step; never passes on a card number.

use serde::Deserialize;

use super::{Payload, nameless, nested::Nested, receipt::Receipt, scalar::Scalar};
use crate::{
    bindings::exports::ase::connector::normalizer::{Attribute, Event, Link, Outcome, Refusal, Signal},
    event,
    notice::Notice,
    topic::Kind,
};

/// The REST resource `Transaction`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Transaction<'a> {
    id: Scalar<'a>,
    admin_graphql_api_id: Scalar<'a>,
    amount: Scalar<'a>,
    authorization: Scalar<'a>,
    created_at: Scalar<'a>,
    currency: Scalar<'a>,
    error_code: Scalar<'a>,
    gateway: Scalar<'a>,
    kind: Scalar<'a>,
    order_id: Scalar<'a>,
    parent_id: Scalar<'a>,
    payment_details: Nested<PaymentDetails<'a>>,
    payment_id: Scalar<'a>,
    processed_at: Scalar<'a>,
    receipt: Nested<Receipt<'a>>,
    source_name: Scalar<'a>,
    status: Scalar<'a>,
    test: Scalar<'a>,
}

/// `payment_details`: what the gateway said of the card.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct PaymentDetails<'a> {
    avs_result_code: Scalar<'a>,
    credit_card_company: Scalar<'a>,
    credit_card_wallet: Scalar<'a>,
    cvv_result_code: Scalar<'a>,
    payment_method_name: Scalar<'a>,
}

/// Kinds and statuses are those of the REST resource; what is neither is an attempt of unknown end.
fn event_type(kind: &str, status: &str) -> &'static str {
    match (kind, status) {
        ("refund", "failure" | "error") => "refund.failed",
        ("refund", _) => "refund.updated",
        ("capture" | "void", "failure" | "error") => "payment.updated",
        (_, "failure" | "error") => "payment.failed",
        (_, "pending" | "awaiting_response") => "payment.pending",
        ("authorization" | "emv_authorization", "success") => "payment.authorized",
        ("sale", "success") => "payment.succeeded",
        ("capture", "success") => "payment.captured",
        ("void", "success") => "payment.cancelled",
        _ => "payment.attempted",
    }
}

/// How suspicious an answer of the address verification service is; unknown where the bank checked nothing.
fn avs_score(code: &str) -> Option<f64> {
    match code {
        "D" | "F" | "M" | "X" | "Y" => Some(0.0),
        "A" | "W" | "Z" => Some(40.0),
        "N" => Some(80.0),
        _ => None,
    }
}

/// How suspicious an answer about the card's security code is; unknown where nothing was checked.
fn cvv_score(code: &str) -> Option<f64> {
    match code {
        "M" => Some(0.0),
        "N" => Some(80.0),
        _ => None,
    }
}

impl Transaction<'_> {
    fn links(&self, id: String, order: Option<String>) -> Vec<Link> {
        let at_gateway = |prefix: &str| self.authorization.id().filter(|id| id.starts_with(prefix));
        event::links([
            ("transaction", Some(id)),
            ("order", order),
            ("payment", self.payment_id.id()),
            ("payment", at_gateway("pi_")),
            ("charge", at_gateway("ch_")),
            ("transaction", self.parent_id.id()),
            ("card", self.receipt.get().and_then(Receipt::fingerprint)),
        ])
    }

    fn signals(&self) -> Vec<Signal> {
        let details = self.payment_details.get();
        event::signals([
            ("shopify.avs", details.and_then(|details| avs_score(&details.avs_result_code.word()?))),
            ("shopify.cvv", details.and_then(|details| cvv_score(&details.cvv_result_code.word()?))),
            ("shopify.payments_risk_level", self.receipt.get().and_then(Receipt::risk_score)),
        ])
    }

    fn attributes(&self) -> Vec<Attribute> {
        let detail =
            |part: fn(&PaymentDetails<'_>) -> Option<String>| self.payment_details.get().and_then(part);
        event::attributes([
            ("kind", self.kind.word()),
            ("status", self.status.word()),
            ("gateway", self.gateway.word()),
            ("error_code", self.error_code.word()),
            ("source_name", self.source_name.word()),
            ("card_brand", detail(|details| details.credit_card_company.word())),
            ("card_wallet", detail(|details| details.credit_card_wallet.word())),
            ("payment_method", detail(|details| details.payment_method_name.word())),
            ("avs_result_code", detail(|details| details.avs_result_code.word())),
            ("cvv_result_code", detail(|details| details.cvv_result_code.word())),
        ])
    }
}

impl<'a> Payload<'a> for Transaction<'a> {
    const NOUN: &'static str = "a transaction of an order";

    fn fits(&self, _: Kind) -> bool {
        let marks = || self.kind.is_named() && self.payment_details.is_named();
        self.admin_graphql_api_id.names("OrderTransaction").unwrap_or_else(marks)
    }

    fn outcome(&self, notice: &Notice<'_>) -> Result<Outcome, Refusal> {
        let id = self.id.id().ok_or_else(|| nameless("the transaction", "/id"))?;
        let order = self.order_id.id();
        let subject =
            order.as_ref().map_or_else(|| format!("transaction:{id}"), |order| format!("order:{order}"));
        let base = notice.event(event::subject(subject), &id, self.processed_at.or(self.created_at));
        let (kind, status) = (self.kind.word().unwrap_or_default(), self.status.word().unwrap_or_default());
        let what = if kind == "refund" { "Refund" } else { "Payment" };
        Ok(event::one(Event {
            type_: event_type(&kind, &status).to_owned(),
            occurred_at: notice.occurred_at([self.processed_at, self.created_at]),
            action: Some(event::action(what, "of", event::money(self.amount, self.currency))),
            links: self.links(id, order),
            signals: self.signals(),
            attributes: self.attributes(),
            test: notice.is_test(self.test),
            ..base
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_follows_from_kind_and_status() {
        let cases = [
            ("authorization", "success", "payment.authorized"),
            ("sale", "success", "payment.succeeded"),
            ("sale", "pending", "payment.pending"),
            ("sale", "failure", "payment.failed"),
            ("capture", "success", "payment.captured"),
            ("capture", "error", "payment.updated"),
            ("void", "success", "payment.cancelled"),
            ("refund", "success", "refund.updated"),
            ("refund", "failure", "refund.failed"),
            ("example string", "example string", "payment.attempted"),
            ("", "", "payment.attempted"),
        ];
        for (kind, status, event) in cases {
            assert_eq!(event_type(kind, status), event, "{kind} {status}");
        }
    }
}
