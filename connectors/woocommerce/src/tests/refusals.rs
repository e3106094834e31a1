//! What is refused or ignored, and how it is said.

use ase_connector_kit::testing::{fixture, ignored};
use ase_connector_kit::wit::RefusalReason;

use super::{outcome, samples, told};
use crate::payload;

#[test]
fn a_body_that_means_nothing_is_malformed_and_says_where() {
    let cases = [
        ("", None),
        ("[]", None),
        ("webhook_id=x", None),
        (r#"{"id":1,"id":2}"#, None),
        ("{}", Some("")),
        (r#"{"order_key":"k","billing":{}}"#, Some("/id")),
        (r#"{"id":0,"order_key":"k","billing":{}}"#, Some("/id")),
        (r#"{"id":"a@b","order_key":"k","billing":{}}"#, Some("/id")),
    ];
    for (body, pointer) in cases {
        let refusal = outcome("order.created", body).unwrap_err();
        assert_eq!(refusal.reason, RefusalReason::Malformed, "{body}");
        assert_eq!(refusal.pointer.as_deref(), pointer, "{body}");
    }
    let refusal = payload::outcome(&ase_connector_kit::testing::delivery(b"{}", &[], &[])).unwrap_err();
    assert!(refusal.message.contains("x-wc-webhook-topic"), "{}", refusal.message);
}

#[test]
fn a_genuine_body_is_not_taken_for_another_topic() {
    let body = |name: &str| samples::BODIES.iter().find(|(topic, _)| *topic == name).unwrap().1;
    for (topic, genuine) in [
        ("customer.updated", "order.created"),
        ("order.created", "customer.updated"),
        ("order.deleted", "order.created"),
        ("customer.deleted", "customer.updated"),
        ("order.updated", "customer.deleted"),
        ("customer.created", "customer.deleted"),
    ] {
        let refusal = outcome(topic, body(genuine)).unwrap_err();
        assert_eq!(refusal.reason, RefusalReason::Malformed, "{genuine} as {topic}");
        assert!(refusal.message.contains(topic), "{}", refusal.message);
    }
}

#[test]
fn topics_of_no_concern_are_ignored_with_a_reason() {
    for (topic, reason) in [
        ("coupon.updated", "coupon"),
        ("product.deleted", "for sale"),
        ("action.woocommerce_add_to_cart", "its maker alone"),
        ("subscription.created", "subscription.created"),
        ("order.sneezed", "order.sneezed"),
    ] {
        assert!(ignored(outcome(topic, "{}")).contains(reason), "{topic}");
    }
    assert!(ignored(outcome("order.created", "webhook_id=5")).contains("ping"));
    let draft = r#"{"id":1,"order_key":"k","billing":{},"status":"checkout-draft"}"#;
    assert!(ignored(outcome("order.updated", draft)).contains("draft"));
}

#[test]
fn the_legacy_api_is_refused_with_the_way_out() {
    let refusal = outcome("customer.created", r#"{"customer":{"id":1}}"#).unwrap_err();
    assert_eq!(refusal.reason, RefusalReason::UnsupportedVersion);
    assert!(refusal.message.contains("WP REST API Integration v3"));
}

#[test]
fn the_recorded_coupon_is_ignored_and_no_order() {
    let Some(coupon) = fixture("generic/woocommerce.coupon.created.json") else { return };
    assert!(ignored(payload::outcome(&told("coupon.created", &coupon))).contains("coupon"));
    assert_eq!(
        payload::outcome(&told("order.created", &coupon)).unwrap_err().reason,
        RefusalReason::Malformed
    );
}
