//! Cards on file.
//!
//! Source: <https://developer.squareup.com/reference/square/objects/Card>.

use ase_connector_kit::wit::{Event, Refusal, Subject};
use ase_connector_kit::{Node, event, known};

use super::attributes::{attributes, of_card};
use super::description;
use super::notice::{Notice, thing};

/// A card that was stored, changed or removed.
pub(crate) fn event(notice: &Notice<'_, '_>) -> Result<Event, Refusal> {
    let card = notice.object;
    let id = notice.object_id("id")?;
    let neutral = match notice.kind {
        "card.created" => "payment_method.added",
        "card.disabled" | "card.forgotten" => "payment_method.removed",
        _ => "payment_method.updated",
    };
    let sentence = description::sentence(neutral, None, label(card).as_deref());
    let customer = card.id("customer_id");
    let subject = Subject {
        name: card.name("cardholder_name"),
        ..event::subject(customer.clone().unwrap_or_else(|| thing("payment_method", &id)))
    };
    let facts = attributes(notice, &[("enabled", "enabled")]);
    let base = notice.event(neutral, subject);
    Ok(Event {
        action: sentence.and_then(|sentence| event::action(sentence, None, None)),
        billing: event::address(card.country("billing_address/country")),
        links: event::links([
            ("payment_method", Some(id)),
            ("customer", customer),
            ("card", card.id("fingerprint")),
        ]),
        attributes: facts.into_iter().chain(event::attributes(of_card(card))).collect(),
        ..base
    })
}

/// What a person may see of the card: `visa •••• 1111`.
fn label(card: &Node<'_>) -> Option<String> {
    let brand = card.word("card_brand").map(|brand| brand.to_ascii_lowercase());
    known::label(brand, card.text("last_4").and_then(|last| known::last_digits(&last)))
}
