//! Payloads of the project's own making, written from WooCommerce's documented shapes.

use ase_connector_kit::testing::{amount, assert_sound, attribute, description, event, links};
use ase_connector_kit::wit::Event;

use super::outcome;

/// Every own sample with its topic.
pub(super) const BODIES: [(&str, &str); 4] = [
    ("order.created", include_str!("../../samples/order.json")),
    ("order.updated", include_str!("../../samples/refunded_order.json")),
    ("customer.updated", include_str!("../../samples/customer.json")),
    ("customer.deleted", include_str!("../../samples/deletion.json")),
];

fn sample(topic: &str) -> Event {
    let (_, body) = BODIES.iter().find(|(known, _)| *known == topic).unwrap();
    let event = event(outcome(topic, body));
    assert_sound(&event);
    event
}

#[test]
fn an_order_tells_who_orders_what_from_where() {
    let event = sample("order.created");
    assert_eq!((event.type_.as_str(), event.subject.id.as_str()), ("order.created", "25"));
    assert_eq!(event.occurred_at.as_deref(), Some("2026-08-20T12:00:00Z"));
    assert_eq!(event.subject.email.as_deref(), Some("ana@example.org"));
    assert_eq!(event.subject.phone.as_deref(), Some("+4930123456"));
    assert_eq!(event.subject.name.as_deref(), Some("Ana Muster"));
    assert_eq!(event.subject.created_at, None, "the order's age is not the customer's");
    let device = event.device.as_ref().unwrap();
    assert_eq!(device.ip.as_deref(), Some("203.0.113.9"));
    assert_eq!(device.user_agent.as_deref(), Some("Mozilla/5.0 (X11; Linux x86_64)"));
    assert_eq!(event.billing.as_ref().unwrap().country.as_deref(), Some("DE"));
    assert_eq!(event.shipping.as_ref().unwrap().country.as_deref(), Some("NG"));
    assert_eq!(amount(&event).as_deref(), Some("5000 JPY"));
    assert_eq!(description(&event), Some("Order #1001 for 5000 JPY"));
    assert_eq!(links(&event), ["order 820982911946154508", "customer 25", "charge ch_ase_1"]);
    let facts = [
        ("status", "processing"),
        ("gateway", "stripe"),
        ("created_via", "checkout"),
        ("guest", "false"),
        ("paid", "true"),
        ("item_count", "3"),
        ("discount_count", "1"),
        ("shipping_method", "flat_rate"),
    ];
    for (name, value) in facts {
        assert_eq!(attribute(&event, name), Some(value), "{name}");
    }
    assert!(!format!("{event:?}").contains("wc_order_"), "the key opens the order's page");
}

#[test]
fn a_refunded_order_of_a_guest_whose_data_was_erased() {
    let event = sample("order.updated");
    assert_eq!((event.type_.as_str(), event.subject.id.as_str()), ("refund.updated", "order:728"));
    assert_eq!(event.occurred_at.as_deref(), Some("2026-08-21T12:00:00Z"));
    assert_eq!((event.subject.email.as_deref(), event.subject.phone.as_deref()), (None, None));
    assert!(event.device.is_none() && event.billing.is_none() && event.shipping.is_none());
    assert_eq!(description(&event), Some("Refund of order #728 for 29.35 EUR"));
    assert_eq!(links(&event), ["order 728", "refund 730"]);
    assert_eq!((attribute(&event, "guest"), attribute(&event, "refund_count")), (Some("true"), Some("1")));
    assert_eq!(attribute(&event, "paid"), None, "not told is not unpaid");
}

#[test]
fn a_customer_tells_who_it_is() {
    let event = sample("customer.updated");
    assert_eq!((event.type_.as_str(), event.subject.id.as_str()), ("account.updated", "25"));
    assert_eq!(event.subject.email.as_deref(), Some("ana@example.org"), "the account's own address");
    assert_eq!(event.subject.created_at.as_deref(), Some("2025-06-15T15:06:40Z"));
    assert_eq!(event.occurred_at.as_deref(), Some("2026-08-20T12:00:00Z"));
    assert_eq!((attribute(&event, "role"), attribute(&event, "has_paid")), (Some("customer"), Some("true")));
}

#[test]
fn a_deletion_is_told_and_erases_nothing() {
    let customer = sample("customer.deleted");
    assert_eq!((customer.type_.as_str(), customer.subject.id.as_str()), ("account.deleted", "25"));
    let order = event(outcome("order.deleted", r#"{"id":727}"#));
    assert_eq!((order.type_.as_str(), order.subject.id.as_str()), ("order.deleted", "order:727"));
    assert_eq!(order.occurred_at, None);
}

#[test]
fn the_same_body_is_the_same_event_and_another_is_another() {
    let body = BODIES[0].1;
    let id = |topic: &str, body: &str| event(outcome(topic, body)).id;
    assert_eq!(id("order.created", body), id("order.created", body));
    assert_ne!(id("order.created", body), id("order.updated", body));
    assert_ne!(
        id("order.updated", body),
        id("order.updated", &body.replace("\"quantity\": 2", "\"quantity\": 3"))
    );
    assert!(id("order.created", body).starts_with("order.created:820982911946154508:"));
}

#[test]
fn odd_amounts_are_unknown() {
    for total in ["\"-5.00\"", "\"1e3\"", "\"1,00\"", "null", "\"\"", "[]"] {
        let body = format!(r#"{{"id":1,"order_key":"k","billing":{{}},"currency":"EUR","total":{total}}}"#);
        assert_eq!(amount(&event(outcome("order.created", &body))), None, "{total}");
    }
    let body = r#"{"id":1,"order_key":"k","billing":{},"currency":"EUR","total":29.350}"#;
    assert_eq!(
        amount(&event(outcome("order.created", body))).as_deref(),
        Some("29.350 EUR"),
        "digits as written"
    );
}
