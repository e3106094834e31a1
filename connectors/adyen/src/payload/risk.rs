//! What Adyen and the card's bank already said about the risk.

use ase_connector_kit::event;
use ase_connector_kit::wit::Signal;

use super::item::Item;

/// Reason codes of card schemes that mean fraud, besides Visa's, which all begin with `10.`.
///
/// Source: <https://docs.adyen.com/risk-management/disputes-api/dispute-reason-codes>, Mastercard.
const FRAUD_REASONS: [&str; 4] = ["4837", "4863", "4870", "4871"];

/// Every opinion in the item.
pub(crate) fn signals(item: &Item<'_, '_>, kind: &str) -> Vec<Signal> {
    event::signals([
        ("adyen.risk.total_score", total(item)),
        ("adyen.risk.result", result(item).filter(|_| total(item).is_none())),
        ("adyen.risk.level", level(item)),
        ("adyen.risk.manual_review", review(item)),
        ("adyen.refused_as_fraud", refused(item).filter(|_| kind == "payment.failed")),
        ("adyen.notification_of_fraud", (kind == "fraud_warning.created").then_some(100.0)),
        ("adyen.dispute", dispute(item).filter(|_| kind.starts_with("dispute."))),
    ])
}

/// The sum of all risk checks. From 100 on a payment is refused, so more than 100 is as certain as 100.
///
/// Source: <https://docs.adyen.com/risk-management/risk-management-basics>.
fn total(item: &Item<'_, '_>) -> Option<f64> {
    item.own().at("additionalData")?.score("totalFraudScore")
}

/// The colour, where there is no score.
fn result(item: &Item<'_, '_>) -> Option<f64> {
    match item.data("fraudResultType")?.as_str() {
        "GREEN" => Some(10.0),
        "AMBER" => Some(70.0),
        "RED" | "FRAUD" => Some(90.0),
        _ => None,
    }
}

/// How likely the payment is to be disputed as fraud, as the machine-learning rule classifies it.
fn level(item: &Item<'_, '_>) -> Option<f64> {
    match item.data("fraudRiskLevel")?.as_str() {
        "veryLow" => Some(5.0),
        "low" => Some(20.0),
        "medium" => Some(50.0),
        "high" => Some(75.0),
        "veryHigh" => Some(90.0),
        _ => None,
    }
}

/// A payment that waits for a person's judgement, and what that judgement was.
fn review(item: &Item<'_, '_>) -> Option<f64> {
    match item.code.as_str() {
        "MANUAL_REVIEW_REJECT" => Some(90.0),
        "MANUAL_REVIEW_ACCEPT" => None,
        _ => (item.data("fraudManualReview").as_deref() == Some("true")).then_some(70.0),
    }
}

/// A payment that Adyen or the bank refused because it looked like fraud: `FRAUD`, `FRAUD-CANCELLED`, `Issuer
/// Suspected Fraud`.
fn refused(item: &Item<'_, '_>) -> Option<f64> {
    item.own().text("reason")?.to_ascii_lowercase().contains("fraud").then_some(90.0)
}

/// A dispute that has not been decided for the merchant.
fn dispute(item: &Item<'_, '_>) -> Option<f64> {
    let won = matches!(item.code.as_str(), "CHARGEBACK_REVERSED" | "PREARBITRATION_WON")
        || item.data("disputeStatus").as_deref() == Some("Won");
    let reason = item.data("chargebackReasonCode").unwrap_or_default();
    let fraud = reason.starts_with("10.") || FRAUD_REASONS.contains(&reason.as_str());
    (!won).then_some(if fraud { 90.0 } else { 60.0 })
}
