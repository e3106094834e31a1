//! What each of Adyen's event codes means here.
//!
//! Source: <https://docs.adyen.com/development-resources/webhooks/webhook-types>, "Standard webhooks", and
//! <https://docs.adyen.com/risk-management/disputes-api/dispute-notifications>.

use super::item::Item;

/// What to do with an item.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// It is an event of this neutral type.
    Event(&'static str),
    /// It is known and of no concern, and why.
    Ignored(&'static str),
    /// It is of no concern.
    Unknown,
}

/// Codes with the type of what succeeded and of what did not.
///
/// A failed capture is no failed payment: the card's holder did nothing, and it must not count as a card that was
/// tried. `NOTIFICATION_OF_CHARGEBACK` comes before the `CHARGEBACK` of the same dispute, which alone counts.
const CODES: [(&str, &str, &str); 34] = [
    ("AUTHORISATION", "payment.authorized", "payment.failed"),
    ("AUTHORISATION_ADJUSTMENT", "payment.updated", "payment.updated"),
    ("AUTORESCUE", "payment.updated", "payment.updated"),
    ("CANCELLATION", "payment.cancelled", "payment.updated"),
    ("CAPTURE", "payment.captured", "payment.capture_failed"),
    ("CAPTURE_FAILED", "payment.capture_failed", "payment.capture_failed"),
    ("CHARGEBACK", "dispute.created", "dispute.updated"),
    ("CHARGEBACK_REVERSED", "dispute.updated", "dispute.updated"),
    ("DISPUTE_DEFENSE_PERIOD_ENDED", "dispute.updated", "dispute.updated"),
    ("EXPIRE", "payment.expired", "payment.updated"),
    ("INFORMATION_SUPPLIED", "dispute.updated", "dispute.updated"),
    ("ISSUER_COMMENTS", "dispute.updated", "dispute.updated"),
    ("ISSUER_RESPONSE_TIMEFRAME_EXPIRED", "dispute.closed", "dispute.updated"),
    ("MANUAL_REVIEW_ACCEPT", "review.closed", "review.updated"),
    ("MANUAL_REVIEW_REJECT", "review.closed", "review.updated"),
    ("NOTIFICATION_OF_CHARGEBACK", "dispute.announced", "dispute.updated"),
    ("NOTIFICATION_OF_FRAUD", "fraud_warning.created", "fraud_warning.updated"),
    ("OFFER_CLOSED", "payment.expired", "payment.updated"),
    ("PAIDOUT_REVERSED", "payout.failed", "payout.updated"),
    ("PAYOUT_DECLINE", "payout.cancelled", "payout.updated"),
    ("PAYOUT_EXPIRE", "payout.expired", "payout.updated"),
    ("PAYOUT_THIRDPARTY", "payout.created", "payout.failed"),
    ("PENDING", "payment.pending", "payment.updated"),
    ("POSTPONED_REFUND", "refund.updated", "refund.failed"),
    ("PREARBITRATION_LOST", "dispute.closed", "dispute.updated"),
    ("PREARBITRATION_WON", "dispute.closed", "dispute.updated"),
    ("RECURRING_CONTRACT", "payment_method.added", "payment_method.updated"),
    ("REFUND", "refund.created", "refund.failed"),
    ("REFUNDED_REVERSED", "refund.updated", "refund.updated"),
    ("REFUND_FAILED", "refund.failed", "refund.failed"),
    ("REFUND_WITH_DATA", "refund.created", "refund.failed"),
    ("REQUEST_FOR_INFORMATION", "dispute.inquired", "dispute.updated"),
    ("SECOND_CHARGEBACK", "dispute.updated", "dispute.updated"),
    ("TECHNICAL_CANCEL", "payment.cancelled", "payment.updated"),
];

/// Codes that are known and of no concern, and why.
const UNCONCERNED: [(&str, &str); 5] = [
    ("CANCEL_AUTORESCUE", "an automatic retry was called off"),
    ("DONATION", "a gift to charity moves nothing of the merchant's"),
    ("ORDER_CLOSED", "the payments of a split order come as items of their own"),
    ("ORDER_OPENED", "the payments of a split order come as items of their own"),
    ("REPORT_AVAILABLE", "a report is for the merchant's books"),
];

/// The meaning of an item. An item that does not say whether it succeeded tells of no success.
pub(crate) fn meaning(item: &Item<'_, '_>) -> Meaning {
    let pick = |succeeded, failed| Meaning::Event(if item.success { succeeded } else { failed });
    if item.code == "CANCEL_OR_REFUND" {
        // The request left open which of the two it would be; the item says what it became.
        return match item.data("modification.action").as_deref() {
            Some("refund") => pick("refund.created", "refund.failed"),
            _ => pick("payment.cancelled", "payment.updated"),
        };
    }
    if let Some((_, succeeded, failed)) = CODES.iter().find(|(code, ..)| *code == item.code) {
        return pick(succeeded, failed);
    }
    let known = UNCONCERNED.iter().find(|(code, _)| *code == item.code);
    known.map_or(Meaning::Unknown, |(_, why)| Meaning::Ignored(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_once_and_in_order() {
        assert!(CODES.is_sorted_by(|one, next| one.0 < next.0));
        assert!(UNCONCERNED.is_sorted_by(|one, next| one.0 < next.0));
        assert!(UNCONCERNED.iter().all(|(code, _)| CODES.iter().all(|(known, ..)| known != code)));
    }
}
