//! The further facts that are kept with an event: an allow-list of words from Square's own vocabularies. Never a
//! card number, never the number of a gift card, never anything that a person wrote.

use ase_connector_kit::wit::Attribute;
use ase_connector_kit::{Node, event};

use super::notice::Notice;

/// Facts of every event, then those of the object at these paths.
pub(crate) fn attributes(notice: &Notice<'_, '_>, words: &[(&str, &str)]) -> Vec<Attribute> {
    let own = [
        ("provider_event", notice.body.word("type")),
        ("seller", notice.merchant.clone()),
        ("location", notice.object.id("location_id")),
        ("status", notice.object.word("status").or_else(|| notice.object.word("state"))),
    ];
    event::attributes(
        own.into_iter().chain(words.iter().map(|(name, path)| (*name, notice.object.word(path)))),
    )
}

/// What identifies and rates a card, wherever one stands.
pub(crate) fn of_card<'n>(card: &Node<'_>) -> impl Iterator<Item = (&'n str, Option<String>)> {
    [
        ("card_bin", card.word("bin")),
        ("card_brand", card.word("card_brand")),
        ("card_funding", card.word("card_type")),
        ("card_prepaid", card.word("prepaid_type")),
        ("card_issuer_alert", card.word("issuer_alert")),
    ]
    .into_iter()
}
