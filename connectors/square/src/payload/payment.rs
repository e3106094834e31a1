//! Payments.
//!
//! Source: <https://developer.squareup.com/reference/square/objects/Payment>.

use ase_connector_kit::wit::{Attribute, Event, Refusal, Signal, Subject};
use ase_connector_kit::{Node, event};

use super::attributes::{attributes, of_card};
use super::description;
use super::notice::{Notice, thing};

/// What is read of the payment beside what every object has.
const WORDS: [(&str, &str); 7] = [
    ("payment_method_type", "source_type"),
    ("application", "application_details/square_product"),
    ("address_check", "card_details/avs_status"),
    ("cvc_check", "card_details/cvv_status"),
    ("entry_method", "card_details/entry_method"),
    ("verification_result", "card_details/verification_results"),
    ("risk_level", "risk_evaluation/risk_level"),
];

/// A payment that was begun or changed.
pub(crate) fn event(notice: &Notice<'_, '_>) -> Result<Event, Refusal> {
    let payment = notice.object;
    let id = notice.object_id("id")?;
    let neutral = kind(notice);
    let amount = notice.money("total_money").or_else(|| notice.money("amount_money"));
    let sentence = description::sentence(neutral, amount.as_ref(), None);
    let base = notice.event(neutral, subject(payment, &id));
    Ok(Event {
        action: sentence.and_then(|sentence| event::action(sentence, amount, None)),
        billing: event::address(country(payment, "billing_address")),
        shipping: event::address(payment.country("shipping_address/country")),
        links: event::links([
            ("payment", Some(id)),
            ("order", payment.id("order_id")),
            ("customer", payment.id("customer_id")),
            ("card", payment.id("card_details/card/fingerprint")),
            ("payment_method", payment.id("card_details/card/id")),
            ("reference", payment.id("reference_id")),
        ]),
        signals: signals(payment),
        attributes: facts(notice),
        ..base
    })
}

/// The address may stand with the payment or with the card.
fn country(payment: &Node<'_>, field: &str) -> Option<String> {
    let own = payment.country(&format!("{field}/country"));
    own.or_else(|| payment.country(&format!("card_details/card/{field}/country")))
}

/// The customer, else the card, which stays the same over a guest's purchases, else the payment itself.
fn subject(payment: &Node<'_>, id: &str) -> Subject {
    let card = || payment.id("card_details/card/fingerprint").map(|print| thing("card", &print));
    let subject = payment.id("customer_id").or_else(card).unwrap_or_else(|| thing("payment", id));
    Subject {
        email: payment.email("buyer_email_address"),
        phone: payment.phone("buyer_phone_number"),
        name: payment.name("card_details/card/cardholder_name"),
        ..event::subject(subject)
    }
}

/// The neutral type, by what became of the payment. Once completed, a payment is still changed when its fee is
/// known or it is paid back; those are no second success.
fn kind(notice: &Notice<'_, '_>) -> &'static str {
    let payment = notice.object;
    let settled = payment.at("refunded_money").is_some() || !payment.elements("processing_fee").is_empty();
    match payment.text("status").as_deref() {
        Some("COMPLETED") if settled && !notice.is_creation() => "payment.updated",
        Some("COMPLETED") => "payment.succeeded",
        Some("APPROVED") => "payment.authorized",
        Some("CANCELED") => "payment.cancelled",
        Some("FAILED") => "payment.failed",
        Some("PENDING") => "payment.pending",
        _ if notice.is_creation() => "payment.created",
        _ => "payment.updated",
    }
}

/// What Square's risk evaluation says.
///
/// Source: <https://developer.squareup.com/reference/square/objects/RiskEvaluation>.
fn signals(payment: &Node<'_>) -> Vec<Signal> {
    let level = match payment.text("risk_evaluation/risk_level").as_deref() {
        Some("NORMAL") => Some(20.0),
        Some("MODERATE") => Some(70.0),
        Some("HIGH") => Some(90.0),
        _ => None,
    };
    event::signals([("square.risk_level", level)])
}

fn facts(notice: &Notice<'_, '_>) -> Vec<Attribute> {
    let payment = notice.object;
    let failure = payment.elements("card_details/errors").iter().find_map(|error| error.word("code"));
    let card = payment.object_at("card_details/card").into_iter().flat_map(of_card);
    let own = attributes(notice, &WORDS).into_iter();
    own.chain(event::attributes(card.chain([("failure_code", failure)]))).collect()
}
