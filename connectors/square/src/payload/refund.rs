//! Refunds.
//!
//! Source: <https://developer.squareup.com/reference/square/objects/PaymentRefund>.

use ase_connector_kit::event;
use ase_connector_kit::wit::{Event, Refusal};

use super::attributes::attributes;
use super::description;
use super::notice::{Notice, thing};

/// A refund that was begun or changed. The reason is text that somebody wrote, so it is not kept.
pub(crate) fn event(notice: &Notice<'_, '_>) -> Result<Event, Refusal> {
    let refund = notice.object;
    let id = notice.object_id("id")?;
    let neutral = match refund.text("status").as_deref() {
        Some("FAILED" | "REJECTED") => "refund.failed",
        _ if notice.is_creation() => "refund.created",
        _ => "refund.updated",
    };
    let payment = refund.id("payment_id");
    let amount = notice.money("amount_money");
    let sentence = description::sentence(neutral, amount.as_ref(), None);
    let subject = payment.as_ref().map_or_else(|| thing("refund", &id), |payment| thing("payment", payment));
    let base = notice.event(neutral, event::subject(subject));
    Ok(Event {
        action: sentence.and_then(|sentence| event::action(sentence, amount, None)),
        links: event::links([("refund", Some(id)), ("payment", payment), ("order", refund.id("order_id"))]),
        attributes: attributes(
            notice,
            &[("destination_type", "destination_type"), ("staff_id", "team_member_id")],
        ),
        ..base
    })
}
