//! An order. Owns the topics `order.created`, `order.updated` and `order.restored`.
//!
//! Source: <https://developer.woocommerce.com/docs/apis/rest-api/v3/orders/>.

use ase_connector_kit::wit::{Action, Attribute, Event, Link, Money, Refusal, Subject};
use ase_connector_kit::{Node, event, known, money};

use super::notice::Notice;
use super::standing::{Standing, standing};
use super::{Reading, customer};

/// Refunds that are linked. An order with more of them is still one order.
const REFUNDS: usize = 20;

/// What an order became.
pub(crate) fn read(notice: &Notice<'_, '_>) -> Result<Reading, Refusal> {
    let order = notice.body;
    if order.text("order_key").is_none() || order.object_at("billing").is_none() {
        return Err(notice.unfit("an order"));
    }
    let id = notice.id()?;
    let neutral = match standing(notice.verb, order.text("status").as_deref()) {
        Standing::Event(neutral) => neutral,
        Standing::Ignored(why) => return Ok(Reading::Ignored(why)),
    };
    let base = notice.event(neutral, &id, subject(order, &id));
    let agent = order.text("customer_user_agent").and_then(|text| known::user_agent(&text));
    Ok(Reading::Event(Box::new(Event {
        action: action(order, neutral, &id),
        device: event::device(order.ip("customer_ip_address"), agent),
        billing: event::address(order.country("billing/country")),
        shipping: event::address(order.country("shipping/country")),
        links: links(order, id),
        attributes: attributes(notice),
        ..base
    })))
}

/// The customer's account; a guest is customer 0, and the order stands for the person.
fn customer_id(order: &Node<'_>) -> Option<String> {
    order.id("customer_id").filter(|id| id != "0")
}

/// The address is the one that was typed in for this order: an order does not tell what the account holds.
fn subject(order: &Node<'_>, id: &str) -> Subject {
    let name = known::full_name(order.name("billing/first_name"), order.name("billing/last_name"));
    Subject {
        email: order.email("billing/email").filter(|email| !customer::is_erased(email)),
        phone: order.phone("billing/phone"),
        name: name.or_else(|| order.name("billing/company")),
        ..event::subject(customer_id(order).unwrap_or_else(|| known::clip(format!("order:{id}"))))
    }
}

fn total(order: &Node<'_>) -> Option<Money> {
    money::decimal(&order.scalar("total")?, &order.text("currency")?)
}

fn action(order: &Node<'_>, neutral: &str, id: &str) -> Option<Action> {
    let number = order.id("number").unwrap_or_else(|| id.to_owned());
    let what = match neutral {
        "order.created" => "Order",
        "order.cancelled" => "Cancellation of order",
        "order.restored" => "Restoring of order",
        "order.deleted" => "Deletion of order",
        "payment.failed" => "Attempt to pay order",
        "refund.updated" => "Refund of order",
        _ => "Change to order",
    };
    let amount = total(order);
    let sum = event::sum(amount.as_ref()).map(|sum| format!(" for {sum}")).unwrap_or_default();
    event::action(format!("{what} #{number}{sum}"), amount, None)
}

/// A payment's number is the gateway's own. That of a charge says so by its beginning, so that the order and the
/// gateway's webhook find each other.
fn links(order: &Node<'_>, id: String) -> Vec<Link> {
    let transaction = order.id("transaction_id");
    let kind = match transaction.as_deref() {
        Some(id) if id.starts_with("ch_") || id.starts_with("py_") => "charge",
        _ => "payment",
    };
    let own = [
        ("order", Some(id)),
        ("customer", customer_id(order)),
        (kind, transaction),
        ("order", order.id("parent_id").filter(|id| id != "0")),
    ];
    let refunds = order.elements("refunds").iter().take(REFUNDS).map(|refund| ("refund", refund.id("id")));
    event::links(own.into_iter().chain(refunds))
}

/// The facts of an order. The key opens the order's page to whoever has it, notes are what people wrote: neither is
/// kept.
fn attributes(notice: &Notice<'_, '_>) -> Vec<Attribute> {
    let order = notice.body;
    let count = |field: &str| {
        Some(order.elements(field).len()).filter(|count| *count > 0).map(|count| count.to_string())
    };
    event::attributes([
        ("provider_event", known::word(notice.topic)),
        ("status", order.word("status")),
        ("gateway", order.word("payment_method")),
        ("created_via", order.word("created_via")),
        ("guest", event::flag(order.id("customer_id").map(|id| id == "0"))),
        ("paid", event::flag(order.at("date_paid_gmt").map(|_| notice.moment("date_paid_gmt").is_some()))),
        ("item_count", items(order)),
        ("discount_count", count("coupon_lines")),
        ("refund_count", count("refunds")),
        ("shipping_method", order.elements("shipping_lines").iter().find_map(|line| line.word("method_id"))),
    ])
}

/// How many things were ordered; unknown where one line does not say.
fn items(order: &Node<'_>) -> Option<String> {
    let add = |sum: u64, line: &Node<'_>| sum.checked_add(line.whole("quantity")?);
    let sum = order.elements("line_items").iter().try_fold(0, add)?;
    (sum > 0).then(|| sum.to_string())
}
