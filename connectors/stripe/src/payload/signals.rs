//! What Stripe, the card's bank and the merchant already said about the risk.

use super::charge::{FraudDetails, Outcome};
use super::object::Object;
use super::snapshot::Snapshot;
use crate::bindings::exports::ase::connector::normalizer::Signal;

/// Every opinion in the event.
pub(crate) fn signals(snapshot: &Snapshot) -> Vec<Signal> {
    let object = snapshot.object;
    let found = [
        object.outcome().and_then(radar),
        object.outcome().and_then(handling),
        object.fraud_details().and_then(report),
        snapshot.is_of("fraud_warning.").then_some(("stripe.early_fraud_warning", 100.0)),
        review(snapshot),
        snapshot.is_of("dispute.").then(|| dispute(object)).flatten(),
    ];
    found.into_iter().flatten().map(|(name, score)| Signal { name: name.to_owned(), score }).collect()
}

/// Radar's score, or the level where the account's plan gives no score.
fn radar(outcome: &Outcome) -> Option<(&'static str, f64)> {
    if let Some(score) = outcome.risk_score.filter(|score| (0.0..=100.0).contains(score)) {
        return Some(("stripe.radar.risk_score", score));
    }
    let score = match outcome.risk_level.as_deref()? {
        "normal" => 20.0,
        "elevated" => 70.0,
        "highest" => 90.0,
        _ => return None,
    };
    Some(("stripe.radar.risk_level", score))
}

/// What Stripe did with the charge because of its risk.
fn handling(outcome: &Outcome) -> Option<(&'static str, f64)> {
    match outcome.kind.as_deref()? {
        "manual_review" => Some(("stripe.radar.outcome", 70.0)),
        "blocked" => Some(("stripe.radar.outcome", 90.0)),
        _ => None,
    }
}

/// A charge that Stripe or the merchant reported as fraud.
fn report(details: &FraudDetails) -> Option<(&'static str, f64)> {
    let fraudulent = [&details.user_report, &details.stripe_report]
        .into_iter()
        .any(|report| report.as_deref() == Some("fraudulent"));
    fraudulent.then_some(("stripe.fraud_report", 90.0))
}

/// A review asks whether a payment is fraud; one that closed as fraud has answered.
fn review(snapshot: &Snapshot) -> Option<(&'static str, f64)> {
    match (snapshot.kind, snapshot.object.closed_reason.as_deref()) {
        ("review.opened", _) => Some(("stripe.review", 70.0)),
        ("review.closed", Some("refunded_as_fraud")) => Some(("stripe.review", 90.0)),
        _ => None,
    }
}

/// A dispute that has not been decided for the merchant.
fn dispute(object: &Object) -> Option<(&'static str, f64)> {
    if matches!(object.status.as_deref(), Some("won" | "warning_closed")) {
        return None;
    }
    let fraudulent = object.reason.as_deref() == Some("fraudulent");
    Some(("stripe.dispute", if fraudulent { 90.0 } else { 60.0 }))
}
