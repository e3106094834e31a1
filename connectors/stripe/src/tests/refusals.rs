//! What is refused or ignored, and how it is said.

use super::{delivery, event, outcome};
use crate::bindings::exports::ase::connector::normalizer::{Outcome, Refusal, RefusalReason};
use crate::payload;

fn refusal(body: &str) -> Refusal {
    outcome(body.as_bytes()).unwrap_err()
}

#[test]
fn a_body_that_means_nothing_is_malformed_and_says_where() {
    let cases = [
        ("", None),
        ("{", None),
        ("null", None),
        ("7", None),
        ("[]", None),
        (r#"{"id":"evt_1","id":"evt_2"}"#, None),
        (r#"{"id":"evt_1","type":"charge.failed","data":{"object":{"id":nul}}}"#, None),
        ("{}", Some("/id")),
        (r#"{"id":null,"type":"charge.failed"}"#, Some("/id")),
        (r#"{"id":"","type":"charge.failed"}"#, Some("/id")),
        (r#"{"id":"evt_1"}"#, Some("/type")),
        (r#"{"id":"evt_1","type":"two words"}"#, Some("/type")),
        (r#"{"id":"evt_1","type":"charge.failed"}"#, Some("/data/object")),
        (r#"{"id":"evt_1","type":"charge.failed","data":{"object":"ch_1"}}"#, Some("/data/object")),
    ];
    for (body, pointer) in cases {
        let refusal = refusal(body);
        assert!(matches!(refusal.reason, RefusalReason::Malformed), "{body}");
        assert_eq!(refusal.pointer.as_deref(), pointer, "{body}");
    }
}

#[test]
fn a_refusal_never_repeats_the_body() {
    let message =
        refusal(r#"{"id":"evt_1","type":"charge.failed","email":"ana@example.com" secret}"#).message;
    assert!(!message.contains("ana") && !message.contains("secret"), "{message}");
}

const PAYOUT: &str = r#"{"id":"evt_1","type":"payout.paid","account":"acct_1","livemode":false,
    "data":{"object":{"id":"po_1","object":"payout"}}}"#;

#[test]
fn an_event_of_another_account_is_unauthenticated() {
    let with = |account| payload::outcome(&delivery(PAYOUT.as_bytes(), &[("account", account)]));
    assert!(matches!(with("acct_1"), Ok(Outcome::Events(_))));
    assert!(matches!(with(""), Ok(Outcome::Events(_))), "a blank setting is not set");
    let refusal = with("acct_2").unwrap_err();
    assert!(matches!(refusal.reason, RefusalReason::Unauthenticated));
    assert_eq!(refusal.pointer.as_deref(), Some("/account"));
    let own = PAYOUT.replace(r#""account":"acct_1","#, "");
    let own = payload::outcome(&delivery(own.as_bytes(), &[("account", "acct_1")]));
    assert!(matches!(own.unwrap_err().reason, RefusalReason::Unauthenticated), "the platform's own event");
}

#[test]
fn the_account_is_checked_before_a_type_is_ignored() {
    let other = PAYOUT.replace("payout.paid", "invoice.paid");
    let other = payload::outcome(&delivery(other.as_bytes(), &[("account", "acct_2")]));
    assert!(other.is_err());
}

#[test]
fn a_thin_event_is_of_the_account_in_its_context() {
    let body = r#"{"id":"evt_1","object":"v2.core.event","type":"v1.payout.paid","context":"org_1/acct_1"}"#;
    assert!(payload::outcome(&delivery(body.as_bytes(), &[("account", "acct_1")])).is_ok());
    assert!(payload::outcome(&delivery(body.as_bytes(), &[("account", "org_1")])).is_err());
}

#[test]
fn a_test_event_is_ignored_where_only_live_ones_count() {
    let of = |body: &str| payload::outcome(&delivery(body.as_bytes(), &[("livemode_only", "true")])).unwrap();
    assert!(matches!(of(PAYOUT), Outcome::Ignored(reason) if reason.contains("test event")));
    assert!(matches!(of(&PAYOUT.replace("false", "true")), Outcome::Events(_)));
    assert!(matches!(of(&PAYOUT.replace("false", "null")), Outcome::Events(_)), "unknown counts as live");
    assert!(event(PAYOUT.as_bytes()).test);
}

#[test]
fn types_of_no_concern_are_ignored_with_a_reason() {
    for topic in ["invoice.paid", "customer.subscription.created", "topup.created", "capability.updated"] {
        let body = format!(r#"{{"id":"evt_1","type":"{topic}"}}"#);
        match outcome(body.as_bytes()) {
            Ok(Outcome::Ignored(reason)) => {
                assert!(reason.starts_with(&format!("type {topic} is of no concern")));
            }
            other => panic!("{topic}: {other:?}"),
        }
    }
}
