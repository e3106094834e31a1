//! Reading policies, refusing them, and their digests.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn refused(document: &Value) -> FieldError {
    match Policy::from_json(&document.to_string()) {
        Err(PolicyError::Field(error)) => error,
        other => panic!("{document}: {other:?}"),
    }
}

#[test]
fn default_document_is_the_default_policy_written_out() {
    let policy = Policy::from_json(DEFAULT_DOCUMENT).unwrap();
    assert_eq!(policy, Policy::default_policy());
    assert_eq!(format!("{}\n", serde_json::to_string_pretty(&policy).unwrap()), DEFAULT_DOCUMENT);
}

#[test]
fn what_a_document_leaves_out_has_its_default() {
    assert_eq!(Policy::from_json(r#"{"name":"default"}"#).unwrap(), Policy::default_policy());
    let policy =
        Policy::from_json(r#"{"name":"own","signals":{"NEW_DEVICE":{"unseen":20}},"floors":[]}"#).unwrap();
    assert_eq!(policy.signals.new_device.unseen, 20);
    assert_eq!(policy.signals.new_device.below_hours, Signals::default().new_device.below_hours);
    assert!(policy.floors.is_empty());
    assert_eq!(policy.groups, Groups::default());
}

#[test]
fn what_is_wrong_is_named() {
    let good = json!({"delay_from": 40, "hold_from": 50, "block_from": 90});
    let bands = json!({"delay_from": 50, "hold_from": 40, "block_from": 90});
    let table = [
        (json!({"signals": {"NEW_DEVIL": {}}}), "/signals/NEW_DEVIL", "unknown field"),
        (json!({"signals": {"NEW_DEVICE": {"unsee": 1}}}), "/signals/NEW_DEVICE/unsee", "unknown field"),
        (json!({"signals": {"NEW_DEVICE": {"unseen": 101}}}), "/signals/NEW_DEVICE/unseen", "0 to 100"),
        (json!({"signals": {"NEW_DEVICE": {"unseen": -1}}}), "/signals/NEW_DEVICE/unseen", "0 to 100"),
        (json!({"signals": {"NEW_DEVICE": {"mode": "loud"}}}), "/signals/NEW_DEVICE/mode", "shadow"),
        (
            json!({"signals": {"ACCOUNT_NEW": {"below_hours": [{"limit": 1, "points": 500}]}}}),
            "/signals/ACCOUNT_NEW/below_hours/0/points",
            "0 to 100",
        ),
        (json!({"signals": {"STRONG_AUTH": {"points": -1}}}), "/signals/STRONG_AUTH/points", "0 to 100"),
        (
            json!({"signals": {"NEAR_LIMIT": {"limits": [{"currency": "EUR", "value": "-1"}]}}}),
            "/signals/NEAR_LIMIT/limits/0",
            "`value`",
        ),
        (
            json!({"thresholds": {"categories": {"payout": bands}}}),
            "/thresholds/categories/payout",
            "hold_from",
        ),
        (json!({"thresholds": {"categories": {"payouts": good}}}), "/thresholds/categories", "payouts"),
        (json!({"thresholds": {"default": {"delay_from": 1}}}), "/thresholds/default", "hold_from"),
        (json!({"otp": {"from_score": 102}}), "/otp/from_score", "0 to 101"),
        (json!({"groups": {"device": 101}}), "/groups/device", "0 to 100"),
        (json!({"groups": {"devices": 1}}), "/groups", "devices"),
        (json!({"floors": [{"when_reason": "NEW_DEVIL", "score": 1}]}), "/floors/0/when_reason", "signal"),
        (json!({"name": "Not so"}), "/name", "lower-case"),
        (json!({"otp": "ana@example.com"}), "/otp", "an object"),
        (json!({"rule": []}), "/rule", "did you mean `rules`"),
        (
            json!({"tests": vec![json!({"name": "t", "event": {}, "expect": {"score": 1}}); 101]}),
            "/tests",
            "100",
        ),
    ];
    for (mut document, pointer, word) in table {
        if document.get("name").is_none() {
            document["name"] = "own".into();
        }
        let error = refused(&document);
        assert_eq!(error.pointer, pointer, "{document}: {error}");
        assert!(error.detail.contains(word), "{document}: {error}");
        assert!(!error.detail.contains("ana@") && !error.detail.contains(" line "), "{error}");
    }
    assert!(refused(&json!({})).detail.contains("name"));
    for text in ["", "{", "{\"name\":\"own\"} {}"] {
        assert!(matches!(Policy::from_json(text), Err(PolicyError::Syntax(_))), "{text}");
    }
}

#[test]
fn digest_tells_policies_apart() {
    let policy = Policy::default_policy();
    let mut other = policy.clone();
    other.signals.new_device.unseen += 1;
    assert_ne!(policy.digest(), other.digest());
    let hex = policy.digest().strip_prefix("sha256:").unwrap().to_owned();
    assert!(
        hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase())
    );
}

/// `value` as JSON text, its members in another order and with other spacing.
fn rewritten(value: &Value, turn: usize, space: &str) -> String {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            let turn_by = turn % members.len().max(1);
            members.rotate_left(turn_by);
            let members = members
                .iter()
                .map(|(name, value)| format!("{space}\"{name}\"{space}:{}", rewritten(value, turn, space)));
            format!("{{{}{space}}}", members.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            let items = items.iter().map(|item| format!("{space}{}", rewritten(item, turn, space)));
            format!("[{}]", items.collect::<Vec<_>>().join(","))
        }
        plain => plain.to_string(),
    }
}

/// `value` as YAML, its first `depth` levels in lines of their own and what is deeper in brackets.
fn yaml(value: &Value, depth: usize, indent: usize, turn: usize) -> String {
    let lead = " ".repeat(indent);
    let below = |value: &Value| yaml(value, depth - 1, indent + 2, turn);
    match value {
        Value::Object(members) if depth > 0 && !members.is_empty() => {
            let mut members: Vec<_> = members.iter().collect();
            let turn_by = turn % members.len();
            members.rotate_left(turn_by);
            let line =
                |(name, value): &(&String, &Value)| format!("\n{lead}{name}: {}  # words", below(value));
            members.iter().map(line).collect::<Vec<_>>().concat()
        }
        Value::Array(items) if depth > 0 && !items.is_empty() => {
            let line = |item| format!("\n{lead}- {}", below(item));
            items.iter().map(line).collect::<Vec<_>>().concat()
        }
        Value::String(text) if turn.is_multiple_of(2) => text.clone(),
        other => rewritten(other, turn, " "),
    }
}

fn written(policy: &Policy, left_out: &[&str]) -> Value {
    let mut document = serde_json::to_value(policy).unwrap();
    document.as_object_mut().unwrap().retain(|name, _| !left_out.contains(&name.as_str()));
    document
}

proptest! {
    #[test]
    fn digest_survives_another_order_and_spacing(
        turn in 0_usize..40,
        space in "[ \n\t]{0,3}",
        depth in 0_usize..6,
        unseen in 0_i32..=100,
        left_out in prop::sample::subsequence(vec!["thresholds", "otp", "groups", "floors"], 0..=4),
    ) {
        let mut policy = Policy::default_policy();
        policy.signals.new_device.unseen = unseen;
        let document = written(&policy, &left_out);
        let json = rewritten(&document, turn, &space);
        prop_assert_eq!(Policy::from_json(&json).unwrap().digest(), policy.digest());
        for text in [json, yaml(&document, depth, 0, turn)] {
            let report = check(&text);
            prop_assert_eq!(&report.complaints, &Vec::new(), "{}", text);
            prop_assert_eq!(report.policy.unwrap().digest(), policy.digest());
        }
    }
}

#[test]
fn tests_of_a_document_make_it_no_other_policy() {
    let untested = check("name: own\n").policy.unwrap();
    let tested = "name: own\ntests: [{name: t, event: {type: login.succeeded}, expect: {outcome: allow}}]\n";
    let tested = check(tested).policy.unwrap();
    assert_eq!((untested.digest(), tested.tests.len()), (tested.digest(), 1));
    let stored = serde_json::to_value(&tested).unwrap();
    assert_eq!(Policy::from_json(&stored.to_string()).unwrap(), tested);
    assert_eq!(serde_json::to_value(&untested).unwrap().get("tests"), None);
}
