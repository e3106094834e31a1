//! What each of Square's event types is about.
//!
//! Source: <https://developer.squareup.com/docs/webhooks/v2webhook-events-tech-ref>.

use ase_connector_kit::wit::{Event, Refusal};

use super::notice::Notice;
use super::{card, customer, dispute, gift_card, order, payment, payout, refund, revocation};

/// Reads the object of an event.
pub(crate) type Read = fn(&Notice<'_, '_>) -> Result<Event, Refusal>;

/// What to do with an event of some type.
#[derive(Debug)]
pub(crate) enum Meaning {
    /// It is about the object of this name below `data/object`.
    About(&'static str, Read),
    /// It is known and of no concern, and why.
    Ignored(&'static str),
    /// It is of no concern.
    Unknown,
}

/// Types and the member that holds their object.
const TYPES: [(&str, &str, Read); 28] = [
    ("bank_account.created", "bank_account", payout::bank_account),
    ("bank_account.disabled", "bank_account", payout::bank_account),
    ("bank_account.verified", "bank_account", payout::bank_account),
    ("card.automatically_updated", "card", card::event),
    ("card.created", "card", card::event),
    ("card.disabled", "card", card::event),
    ("card.forgotten", "card", card::event),
    ("card.updated", "card", card::event),
    ("customer.created", "customer", customer::event),
    ("customer.deleted", "customer", customer::event),
    ("customer.updated", "customer", customer::event),
    ("dispute.created", "dispute", dispute::event),
    ("dispute.state.changed", "dispute", dispute::event),
    ("dispute.state.updated", "dispute", dispute::event),
    ("gift_card.activity.created", "gift_card_activity", gift_card::activity),
    ("gift_card.created", "gift_card", gift_card::event),
    ("gift_card.customer_linked", "gift_card", gift_card::event),
    ("gift_card.updated", "gift_card", gift_card::event),
    ("oauth.authorization.revoked", "revocation", revocation::event),
    ("order.created", "order_created", order::event),
    ("order.updated", "order_updated", order::event),
    ("payment.created", "payment", payment::event),
    ("payment.updated", "payment", payment::event),
    ("payout.failed", "payout", payout::event),
    ("payout.paid", "payout", payout::event),
    ("payout.sent", "payout", payout::event),
    ("refund.created", "refund", refund::event),
    ("refund.updated", "refund", refund::event),
];

/// Types that are known and of no concern, and why.
const UNCONCERNED: [(&str, &str); 6] = [
    ("dispute.evidence.", "the seller collects documents"),
    ("gift_card.activity.updated", "it completes what an earlier event told"),
    ("gift_card.customer_unlinked", "a gift card without a customer is told by its next activity"),
    ("inventory.", "goods on the shelf say nothing of a person"),
    ("order.fulfillment.updated", "how goods are on their way says nothing of a person"),
    ("webhooks.test_notification", "it only tests the endpoint"),
];

/// The meaning of a type.
pub(crate) fn meaning(kind: &str) -> Meaning {
    if let Some((_, member, read)) = TYPES.iter().find(|(name, ..)| *name == kind) {
        return Meaning::About(member, *read);
    }
    let known = UNCONCERNED.iter().find(|(prefix, _)| kind.starts_with(prefix));
    known.map_or(Meaning::Unknown, |(_, why)| Meaning::Ignored(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_stand_once_and_in_order() {
        assert!(TYPES.is_sorted_by(|one, next| one.0 < next.0));
        assert!(UNCONCERNED.is_sorted_by(|one, next| one.0 < next.0));
        assert!(
            TYPES.iter().all(|(name, ..)| UNCONCERNED.iter().all(|(prefix, _)| !name.starts_with(prefix)))
        );
    }
}
