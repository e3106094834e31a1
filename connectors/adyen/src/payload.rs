//! The body: from Adyen's notifications to neutral events. Authenticity is settled before; nothing here checks it,
//! except that an item is of the merchant account that the source is for.

mod attributes;
mod code;
mod description;
mod item;
mod platform;
mod risk;
mod sum;

use ase_connector_kit::refusal::other_account;
use ase_connector_kit::wit::{Delivery, Event, Outcome, Refusal};
use ase_connector_kit::{Node, request};

use crate::message::{Batch, Message};
use code::Meaning;
use item::Item;

/// What a delivery becomes: an event per item, or the reason why none of them is of concern.
///
/// # Errors
/// `malformed` when the body is no message or an item does not say what happened to what; `unauthenticated` when
/// an item is of another merchant account than the source's.
pub(crate) fn outcome(input: &Delivery) -> Result<Outcome, Refusal> {
    let message = Message::read(&input.body)?;
    let live_only = request::is_set(input, "live_only");
    match message {
        Message::Standard(batch) => standard(input, &batch, live_only && batch.is_test()),
        Message::Platform(body) => platform::outcome(&body, live_only),
    }
}

fn standard(input: &Delivery, batch: &Batch<'_>, unwanted: bool) -> Result<Outcome, Refusal> {
    let account = request::setting(input, "merchant_account");
    let mut events: Vec<Event> = Vec::new();
    let mut reasons: Vec<String> = Vec::new();
    for item in batch.items() {
        let (place, node) = item?;
        own(account, place, node)?;
        let item = Item::open(place, node, batch.is_test())?;
        match code::meaning(&item) {
            Meaning::Event(kind) => {
                let event = item.event(kind);
                // The same item twice in one batch is one event.
                if !events.iter().any(|known| known.id == event.id) {
                    events.push(event);
                }
            }
            Meaning::Ignored(why) => reasons.push(format!("eventCode {} is of no concern: {why}", item.code)),
            Meaning::Unknown => reasons.push(format!("eventCode {} is of no concern", item.code)),
        }
    }
    if unwanted {
        return Ok(Outcome::Ignored(
            "of the test environment, and the source takes live events only".to_owned(),
        ));
    }
    Ok(if events.is_empty() { Outcome::Ignored(reasons.join("; ")) } else { Outcome::Events(events) })
}

/// Whether an item is of the merchant account that the source is for. One webhook of a company account brings the
/// items of all its merchant accounts, and the account is among the signed fields.
fn own(account: Option<&str>, place: usize, item: &Node<'_>) -> Result<(), Refusal> {
    if account.is_none_or(|account| item.text("merchantAccountCode").as_deref() == Some(account)) {
        return Ok(());
    }
    let pointer = format!("/notificationItems/{place}/NotificationRequestItem/merchantAccountCode");
    Err(other_account("the item is not of the account that the setting `merchant_account` names", &pointer))
}
