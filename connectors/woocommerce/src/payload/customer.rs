//! A customer's account. Owns the topics `customer.created` and `customer.updated`.
//!
//! Source: <https://developer.woocommerce.com/docs/apis/rest-api/v3/customers/>.

use ase_connector_kit::wit::{Event, Refusal, Subject};
use ase_connector_kit::{Node, event, known};

use super::Reading;
use super::notice::Notice;

/// What an account became. WooCommerce tells no earlier values, so what changed is for the engine to see.
pub(crate) fn read(notice: &Notice<'_, '_>) -> Result<Reading, Refusal> {
    let customer = notice.body;
    if customer.text("username").is_none() || customer.at("order_key").is_some() {
        return Err(notice.unfit("a customer"));
    }
    let id = notice.id()?;
    let (neutral, sentence) = match notice.verb {
        "created" => ("account.created", "Open an account"),
        _ => ("account.updated", "Change the details of the account"),
    };
    let base = notice.event(neutral, &id, subject(notice, customer, &id));
    Ok(Reading::Event(Box::new(Event {
        action: event::action(sentence, None, None),
        billing: event::address(customer.country("billing/country")),
        shipping: event::address(customer.country("shipping/country")),
        links: event::links([("customer", Some(id))]),
        attributes: event::attributes([
            ("provider_event", known::word(notice.topic)),
            ("role", customer.word("role")),
            ("has_paid", event::flag(customer.flag("is_paying_customer"))),
        ]),
        ..base
    })))
}

fn subject(notice: &Notice<'_, '_>, customer: &Node<'_>, id: &str) -> Subject {
    let own = known::full_name(customer.name("first_name"), customer.name("last_name"));
    let billing =
        || known::full_name(customer.name("billing/first_name"), customer.name("billing/last_name"));
    Subject {
        email: customer.email("email").filter(|email| !is_erased(email)),
        phone: customer.phone("billing/phone"),
        name: own.or_else(billing),
        created_at: notice.moment("date_created_gmt"),
        ..event::subject(id.to_owned())
    }
}

/// Whether an address is what WordPress leaves behind when somebody's data was erased: `deleted@site.invalid`.
///
/// Source: <https://developer.wordpress.org/reference/functions/wp_privacy_anonymize_data/>.
pub(crate) fn is_erased(email: &str) -> bool {
    email.to_ascii_lowercase().ends_with(".invalid")
}
