//! Orders. The events are thin: they name the order and its state, and neither the customer nor the amount, which
//! the payment of the same order tells.
//!
//! Source: <https://developer.squareup.com/docs/orders-api/webhooks>.

use ase_connector_kit::event;
use ase_connector_kit::wit::{Event, Refusal};

use super::attributes::attributes;
use super::notice::{Notice, thing};

/// An order that was placed or changed.
pub(crate) fn event(notice: &Notice<'_, '_>) -> Result<Event, Refusal> {
    let id = notice.object_id("order_id")?;
    let neutral = match (notice.is_creation(), notice.object.text("state").as_deref()) {
        (true, _) => "order.created",
        (false, Some("CANCELED")) => "order.cancelled",
        (false, _) => "order.updated",
    };
    let base = notice.event(neutral, event::subject(thing("order", &id)));
    let thin = event::attributes([("hydration", Some("required".to_owned()))]);
    Ok(Event {
        links: event::links([("order", Some(id))]),
        attributes: attributes(notice, &[("version", "version")]).into_iter().chain(thin).collect(),
        ..base
    })
}
