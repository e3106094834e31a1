//! What is refused or ignored, and how it is said.

use ase_connector_kit::testing::{delivery, event, ignored};
use ase_connector_kit::wit::RefusalReason;

use super::{event_of, outcome};
use crate::payload;

#[test]
fn a_body_that_means_nothing_is_malformed_and_says_where() {
    let cases = [
        (String::new(), None),
        ("[]".to_owned(), None),
        (r#"{"event_id":"a","event_id":"b"}"#.to_owned(), None),
        ("{}".to_owned(), Some("/event_id")),
        (r#"{"event_id":"e"}"#.to_owned(), Some("/type")),
        (r#"{"event_id":"e","type":"two words"}"#.to_owned(), Some("/type")),
        (event_of("payment.created", "{}"), Some("/data/object/payment")),
        (event_of("payment.created", r#"{"payment":"pay_1"}"#), Some("/data/object/payment")),
        (event_of("payment.created", r#"{"payment":{}}"#).replace("x_1", ""), Some("/data/id")),
    ];
    for (body, pointer) in cases {
        let refusal = outcome(&body).unwrap_err();
        assert_eq!(refusal.reason, RefusalReason::Malformed, "{body}");
        assert_eq!(refusal.pointer.as_deref(), pointer, "{body}");
    }
}

#[test]
fn another_seller_is_refused_before_a_type_is_ignored() {
    for kind in ["payout.sent", "invoice.created"] {
        let body = event_of(kind, r#"{"payout":{"id":"po_1"}}"#);
        let with = |own| payload::outcome(&delivery(body.as_bytes(), &[], &[("merchant_id", own)]));
        let refusal = with("ML2").unwrap_err();
        assert_eq!(
            (refusal.reason, refusal.pointer.as_deref()),
            (RefusalReason::Unauthenticated, Some("/merchant_id"))
        );
        assert!(with("ML1").is_ok() && with("").is_ok());
    }
}

#[test]
fn the_sandbox_is_marked_and_can_be_ignored() {
    let body = event_of("payout.sent", r#"{"payout":{"id":"po_1"}}"#);
    let with = |environment, only| {
        payload::outcome(&delivery(
            body.as_bytes(),
            &[("square-environment", environment)],
            &[("production_only", only)],
        ))
    };
    assert!(event(with("Sandbox", "false")).test);
    assert!(!event(with("Production", "true")).test);
    assert!(ignored(with("Sandbox", "true")).contains("sandbox"));
}

#[test]
fn types_of_no_concern_are_ignored_with_a_reason() {
    for (kind, reason) in [
        ("webhooks.test_notification", "tests the endpoint"),
        ("inventory.count.updated", "shelf"),
        ("dispute.evidence.created", "documents"),
        ("invoice.created", "invoice.created"),
    ] {
        assert!(ignored(outcome(&event_of(kind, "{}"))).contains(reason), "{kind}");
    }
}
