//! Customers.
//!
//! Source: <https://developer.squareup.com/reference/square/objects/Customer>.

use ase_connector_kit::wit::{Event, Refusal, Subject};
use ase_connector_kit::{Node, event, known};

use super::attributes::attributes;
use super::description;
use super::notice::Notice;

/// A customer that was made, changed or deleted. Square tells no earlier values, so what changed is for the
/// engine to see.
pub(crate) fn event(notice: &Notice<'_, '_>) -> Result<Event, Refusal> {
    let customer = notice.object;
    let id = notice.object_id("id")?;
    let neutral = match notice.kind {
        "customer.created" => "account.created",
        "customer.deleted" => "account.deleted",
        _ => "account.updated",
    };
    let base = notice.event(neutral, subject(customer, &id));
    Ok(Event {
        action: description::sentence(neutral, None, None)
            .and_then(|sentence| event::action(sentence, None, None)),
        billing: event::address(customer.country("address/country")),
        links: event::links([("customer", Some(id)), ("reference", customer.id("reference_id"))]),
        attributes: attributes(
            notice,
            &[("creation_source", "creation_source"), ("unsubscribed", "preferences/email_unsubscribed")],
        ),
        ..base
    })
}

fn subject(customer: &Node<'_>, id: &str) -> Subject {
    let name = known::full_name(customer.name("given_name"), customer.name("family_name"));
    Subject {
        email: customer.email("email_address"),
        phone: customer.phone("phone_number"),
        name: name.or_else(|| customer.name("company_name")),
        created_at: customer.time("created_at"),
        ..event::subject(id.to_owned())
    }
}
