//! Gift cards, which are as good as cash. Their numbers can be spent, so none is ever kept.
//!
//! Source: <https://developer.squareup.com/docs/gift-cards/webhooks>.

use ase_connector_kit::money::minor;
use ase_connector_kit::wit::{Event, Money, Refusal};
use ase_connector_kit::{Node, event};

use super::attributes::attributes;
use super::description;
use super::notice::{Notice, thing};

/// A gift card that was made, changed or given to a customer.
pub(crate) fn event(notice: &Notice<'_, '_>) -> Result<Event, Refusal> {
    let id = notice.object_id("id")?;
    let neutral = match notice.kind {
        "gift_card.created" => "gift_card.created",
        "gift_card.customer_linked" => "gift_card.linked",
        _ => "gift_card.updated",
    };
    let customer = notice.body.id("data/object/linked_customer_id");
    let amount = notice.money("balance_money");
    let sentence = description::sentence(neutral, amount.as_ref(), None);
    let subject = customer.clone().unwrap_or_else(|| thing("gift_card", &id));
    let base = notice.event(neutral, event::subject(subject));
    Ok(Event {
        action: sentence.and_then(|sentence| event::action(sentence, amount, None)),
        links: event::links([("gift_card", Some(id)), ("customer", customer)]),
        attributes: attributes(notice, &[("gift_card_type", "type")]),
        ..base
    })
}

/// Money that was put on a gift card or taken from it.
pub(crate) fn activity(notice: &Notice<'_, '_>) -> Result<Event, Refusal> {
    let activity = notice.object;
    let id = notice.object_id("id")?;
    let kind = activity.word("type").unwrap_or_default().to_ascii_lowercase();
    let neutral = match kind.as_str() {
        "activate" | "load" | "adjust_increment" | "import" | "transfer_balance_to" => "gift_card.loaded",
        "redeem" | "clear_balance" | "adjust_decrement" | "transfer_balance_from" => "gift_card.redeemed",
        _ => "gift_card.updated",
    };
    let details = activity.object_at(&format!("{kind}_activity_details"));
    let amount = details.and_then(moved);
    let sentence = description::sentence(neutral, amount.as_ref(), None);
    let card = activity.id("gift_card_id");
    let subject =
        card.as_ref().map_or_else(|| thing("gift_card_activity", &id), |card| thing("gift_card", card));
    let base = notice.event(neutral, event::subject(subject));
    Ok(Event {
        action: sentence.and_then(|sentence| event::action(sentence, amount, None)),
        links: event::links([
            ("gift_card", card),
            ("order", details.and_then(|details| details.id("order_id"))),
            ("payment", details.and_then(|details| details.id("payment_id"))),
        ]),
        attributes: attributes(notice, &[("activity", "type")]),
        ..base
    })
}

fn moved(details: &Node<'_>) -> Option<Money> {
    minor(details.whole("amount_money/amount")?, &details.text("amount_money/currency")?, &[])
}
