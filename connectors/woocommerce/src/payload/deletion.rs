//! The end of an order or an account. Owns the topics `order.deleted` and `customer.deleted`.
//!
//! The body is `{"id":7}`, whatever the resource. So whoever holds the genuine body of a deleted order could send it
//! again as that of the customer with the same number. For that reason a deleted customer is told as what happened,
//! `account.deleted`, and not as a wish to be forgotten: nothing may be erased on an unsigned word.

use ase_connector_kit::wit::{Event, Refusal};
use ase_connector_kit::{event, known};

use super::Reading;
use super::notice::Notice;

/// What was deleted.
pub(crate) fn read(notice: &Notice<'_, '_>) -> Result<Reading, Refusal> {
    if notice.body.names("").any(|name| name != "id") {
        return Err(notice.unfit("an id alone"));
    }
    let id = notice.id()?;
    let order = notice.topic.starts_with("order.");
    let (neutral, kind) = if order { ("order.deleted", "order") } else { ("account.deleted", "customer") };
    let subject = if order { known::clip(format!("order:{id}")) } else { id.clone() };
    let sentence = if order { format!("Deletion of order #{id}") } else { "Delete the account".to_owned() };
    let base = notice.event(neutral, &id, event::subject(subject));
    Ok(Reading::Event(Box::new(Event {
        action: event::action(sentence, None, None),
        links: event::links([(kind, Some(id))]),
        attributes: event::attributes([("provider_event", known::word(notice.topic))]),
        ..base
    })))
}
