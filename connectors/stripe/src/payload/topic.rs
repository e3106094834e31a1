//! What each of Stripe's event types means here.
//!
//! Source: <https://docs.stripe.com/api/events/types>.

use super::previous::Previous;

/// What to do with an event of some type.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// It is an event of this neutral type.
    Event(&'static str),
    /// It is of no concern, and why.
    Ignored(&'static str),
}

/// Types with a meaning of their own.
const TYPES: [(&str, &str); 52] = [
    ("account.application.deauthorized", "source.removed"),
    ("account.updated", "merchant.updated"),
    ("charge.captured", "payment.captured"),
    ("charge.dispute.closed", "dispute.closed"),
    ("charge.dispute.created", "dispute.created"),
    ("charge.dispute.funds_reinstated", "dispute.updated"),
    ("charge.dispute.funds_withdrawn", "dispute.updated"),
    ("charge.dispute.updated", "dispute.updated"),
    ("charge.expired", "payment.expired"),
    ("charge.failed", "payment.failed"),
    ("charge.pending", "payment.pending"),
    ("charge.refund.updated", "refund.updated"),
    ("charge.refunded", "refund.created"),
    ("charge.succeeded", "payment.succeeded"),
    ("charge.updated", "payment.updated"),
    ("checkout.session.completed", "checkout.completed"),
    ("checkout.session.expired", "checkout.expired"),
    ("customer.created", "account.created"),
    ("customer.deleted", "account.deleted"),
    ("customer.source.created", "payment_method.added"),
    ("customer.source.deleted", "payment_method.removed"),
    ("customer.updated", "account.updated"),
    ("mandate.updated", "payment_method.updated"),
    ("payment_intent.amount_capturable_updated", "payment.authorized"),
    ("payment_intent.canceled", "payment.cancelled"),
    ("payment_intent.created", "payment.created"),
    ("payment_intent.payment_failed", "payment.failed"),
    ("payment_intent.processing", "payment.pending"),
    ("payment_intent.requires_action", "payment.challenged"),
    ("payment_intent.succeeded", "payment.succeeded"),
    ("payment_method.attached", "payment_method.added"),
    ("payment_method.automatically_updated", "payment_method.updated"),
    ("payment_method.detached", "payment_method.removed"),
    ("payment_method.updated", "payment_method.updated"),
    ("payout.canceled", "payout.cancelled"),
    ("payout.created", "payout.created"),
    ("payout.failed", "payout.failed"),
    ("payout.paid", "payout.paid"),
    ("payout.updated", "payout.updated"),
    ("radar.early_fraud_warning.created", "fraud_warning.created"),
    ("radar.early_fraud_warning.updated", "fraud_warning.updated"),
    ("refund.created", "refund.created"),
    ("refund.failed", "refund.failed"),
    ("refund.updated", "refund.updated"),
    ("review.closed", "review.closed"),
    ("review.opened", "review.opened"),
    ("setup_intent.setup_failed", "payment_method.failed"),
    ("setup_intent.succeeded", "payment_method.added"),
    ("transfer.created", "transfer.created"),
    ("transfer.paid", "transfer.updated"),
    ("transfer.reversed", "transfer.reversed"),
    ("transfer.updated", "transfer.updated"),
];

/// Families of which every other type, also one that Stripe adds later, tells of an update.
const FAMILIES: [(&str, &str); 11] = [
    ("account.external_account.", "payout.destination_changed"),
    ("charge.dispute.", "dispute.updated"),
    ("checkout.session.", "checkout.updated"),
    ("customer.source.", "payment_method.updated"),
    ("payment_intent.", "payment.updated"),
    ("payment_method.", "payment_method.updated"),
    ("payout.", "payout.updated"),
    ("radar.early_fraud_warning.", "fraud_warning.updated"),
    ("refund.", "refund.updated"),
    ("setup_intent.", "payment_method.updated"),
    ("transfer.", "transfer.updated"),
];

/// Families that are known and of no concern, and why.
const UNCONCERNED: [(&str, &str); 4] = [
    ("capability.", "what an account may do is decided between Stripe and the merchant"),
    ("person.", "who stands behind an account is verified by Stripe"),
    ("topup.", "a top-up moves the merchant's own money into the merchant's own balance"),
    ("v2.core.event_destination.ping", "a ping only tests the endpoint"),
];

/// The meaning of a type; none when it is of no concern at all.
pub(crate) fn meaning(topic: &str) -> Option<Meaning> {
    let exact = TYPES.iter().find(|(name, _)| *name == topic);
    let family = || FAMILIES.iter().find(|(prefix, _)| topic.starts_with(prefix));
    let unconcerned = || UNCONCERNED.iter().find(|(prefix, _)| topic.starts_with(prefix));
    match exact.or_else(family) {
        Some((_, kind)) => Some(Meaning::Event(kind)),
        None => unconcerned().map(|(_, reason)| Meaning::Ignored(reason)),
    }
}

/// The neutral type of a changed customer, by the most sensitive of the fields that changed.
pub(crate) fn customer_change(previous: &Previous) -> &'static str {
    if previous.has("email") {
        "account.email_changed"
    } else if previous.has("phone") {
        "account.phone_changed"
    } else if previous.has("address") || previous.has("shipping") {
        "account.address_changed"
    } else {
        "account.updated"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_families_have_meanings() {
        let cases = [
            ("payment_intent.canceled", "payment.cancelled"),
            ("payment_intent.partially_funded", "payment.updated"),
            ("charge.dispute.funds_reinstated", "dispute.updated"),
            ("charge.refund.updated", "refund.updated"),
            ("account.external_account.deleted", "payout.destination_changed"),
            ("account.application.deauthorized", "source.removed"),
            ("customer.source.expiring", "payment_method.updated"),
            ("payout.reconciliation_completed", "payout.updated"),
            ("checkout.session.async_payment_failed", "checkout.updated"),
        ];
        for (topic, kind) in cases {
            assert_eq!(meaning(topic), Some(Meaning::Event(kind)), "{topic}");
        }
    }

    #[test]
    fn known_families_of_no_concern_say_why() {
        for topic in
            ["topup.created", "capability.updated", "person.created", "v2.core.event_destination.ping"]
        {
            assert!(matches!(meaning(topic), Some(Meaning::Ignored(_))), "{topic}");
        }
    }

    #[test]
    fn other_types_have_no_meaning() {
        for topic in ["", "invoice.paid", "customer.subscription.created", "account.application.authorized"] {
            assert_eq!(meaning(topic), None, "{topic}");
        }
    }
}
