//! A genuine body sent again under another topic or to another shop's source. Owns the proof that nothing comes
//! of it; the same body under its own topic is the host's to recognise.

use super::{fixtures, samples, setting};
use crate::{
    bindings::exports::ase::connector::normalizer::{Outcome, RefusalReason},
    payload,
    topic::{Kind, TOPICS, Topic},
};

/// Orders share one shape, so a cancelled one also fits the other topics of an order.
fn alike(body: Kind, topic: Kind) -> bool {
    body == topic || (body == Kind::CancelledOrder && topic == Kind::Order)
}

/// Bodies of our own and, where they are there, the provider's: topic, body, what to call it.
fn bodies() -> Vec<(&'static Topic, Vec<u8>, String)> {
    let own = samples::bodies().into_iter().map(|(topic, body, name)| (topic, body.into_bytes(), name));
    let foreign = fixtures::all().into_iter().map(|fixture| (fixture.topic, fixture.body, fixture.file));
    own.chain(foreign).filter_map(|(topic, body, name)| Some((Topic::find(&topic)?, body, name))).collect()
}

#[test]
fn a_body_never_passes_under_a_topic_of_another_kind() {
    for (origin, body, name) in bodies() {
        // The documented samples of all order topics are one and the same cancelled order.
        let cancelled = String::from_utf8_lossy(&body).replace(' ', "").contains("\"cancelled_at\":\"");
        let kind = if origin.kind == Kind::Order && cancelled { Kind::CancelledOrder } else { origin.kind };
        for topic in TOPICS.iter().filter(|topic| !alike(kind, topic.kind)) {
            if topic.kind == Kind::PurchasingSummary {
                continue;
            }
            match payload::normalize(&fixtures::under(topic.name, &body)) {
                Err(refusal) => {
                    assert_eq!(refusal.reason, RefusalReason::Malformed, "{name} as {}", topic.name);
                }
                Ok(outcome) => panic!("{name} passed as {}: {outcome:?}", topic.name),
            }
        }
    }
}

#[test]
fn an_order_replayed_as_a_removal_of_the_app_is_refused() {
    let order = samples::body("order.json");
    let refusal = payload::normalize(&fixtures::under("app/uninstalled", order.as_bytes())).unwrap_err();
    assert_eq!(refusal.reason, RefusalReason::Malformed);
    assert_eq!(refusal.message, "the body is not a shop, which topic app/uninstalled promises");
    assert_eq!(refusal.pointer.as_deref(), Some(""));
}

#[test]
fn an_order_replayed_as_a_request_to_erase_the_customer_is_refused() {
    let order = samples::body("order.json");
    let refusal = payload::normalize(&fixtures::under("customers/redact", order.as_bytes())).unwrap_err();
    assert_eq!(refusal.reason, RefusalReason::Malformed);
}

#[test]
fn one_persons_request_never_erases_the_whole_shop() {
    let body = br#"{"shop_id":7,"shop_domain":"a.myshopify.com","customer":{"id":1},"orders_to_redact":[2]}"#;
    let refusal = payload::normalize(&fixtures::under("shop/redact", body)).unwrap_err();
    assert_eq!(refusal.reason, RefusalReason::Malformed);
}

#[test]
fn an_order_that_is_not_cancelled_never_passes_as_cancelled() {
    let order =
        br#"{"id":1,"admin_graphql_api_id":"gid://shopify/Order/1","order_number":1,"cancelled_at":null}"#;
    assert!(payload::normalize(&fixtures::under("orders/cancelled", order)).is_err());
    assert!(payload::normalize(&fixtures::under("orders/updated", order)).is_ok());
}

#[test]
fn another_shops_erasure_or_removal_is_refused() {
    let cases = [
        ("shop/redact", r#"{"shop_id":7,"shop_domain":"OTHER.myshopify.com"}"#),
        (
            "customers/redact",
            r#"{"shop_id":7,"shop_domain":"other.myshopify.com","customer":{"id":1},"orders_to_redact":[]}"#,
        ),
        ("app/uninstalled", r#"{"id":7,"myshopify_domain":"other.myshopify.com","plan_name":"basic"}"#),
    ];
    for (topic, body) in cases {
        for own in ["", "ase-fixture.myshopify.com"] {
            let mut delivery = fixtures::under(topic, body.as_bytes());
            delivery.settings = vec![setting("shop_domain", own)];
            let refusal = payload::normalize(&delivery).unwrap_err();
            assert_eq!(refusal.reason, RefusalReason::Unauthenticated, "{topic} {own:?}");
        }
        let mut delivery = fixtures::under(topic, body.as_bytes());
        delivery.settings = vec![setting("shop_domain", "other.myshopify.com")];
        assert!(matches!(payload::normalize(&delivery), Ok(Outcome::Events(_))), "{topic}");
    }
}
