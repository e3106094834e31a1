//! Disputes: a bank asks about a payment or takes it back.
//!
//! Source: <https://developer.squareup.com/reference/square/objects/Dispute>.

use ase_connector_kit::wit::{Event, Refusal};
use ase_connector_kit::{Node, event};

use super::attributes::attributes;
use super::description;
use super::notice::{Notice, thing};

/// A dispute that was opened or went on. An inquiry takes no money back yet.
pub(crate) fn event(notice: &Notice<'_, '_>) -> Result<Event, Refusal> {
    let dispute = notice.object;
    let id = notice.object_id("id")?;
    let neutral = match (dispute.text("state").as_deref(), notice.is_creation()) {
        (Some("WON" | "LOST" | "ACCEPTED" | "INQUIRY_CLOSED"), _) => "dispute.closed",
        (Some("INQUIRY_EVIDENCE_REQUIRED" | "INQUIRY_PROCESSING"), true) => "dispute.inquired",
        (_, true) => "dispute.created",
        (_, false) => "dispute.updated",
    };
    let payment = dispute.id("disputed_payment/payment_id");
    let amount = notice.money("amount_money");
    let sentence = description::sentence(neutral, amount.as_ref(), None);
    let subject = payment.as_ref().map_or_else(|| thing("dispute", &id), |payment| thing("payment", payment));
    let facts = attributes(notice, &[("reason", "reason"), ("card_brand", "card_brand")]);
    let due = event::attributes([("evidence_due_by", dispute.time("due_at"))]);
    let base = notice.event(neutral, event::subject(subject));
    Ok(Event {
        action: sentence.and_then(|sentence| event::action(sentence, amount, None)),
        links: event::links([("dispute", Some(id)), ("payment", payment)]),
        signals: event::signals([("square.dispute", score(dispute))]),
        attributes: facts.into_iter().chain(due).collect(),
        ..base
    })
}

/// A dispute that has not been decided for the seller. `NO_KNOWLEDGE` is Square's word for a holder who did not
/// make the payment, `EMV_LIABILITY_SHIFT` for a counterfeit card.
fn score(dispute: &Node<'_>) -> Option<f64> {
    if matches!(dispute.text("state").as_deref(), Some("WON" | "INQUIRY_CLOSED")) {
        return None;
    }
    match dispute.text("reason").as_deref() {
        Some("NO_KNOWLEDGE" | "EMV_LIABILITY_SHIFT") => Some(90.0),
        _ => Some(60.0),
    }
}
