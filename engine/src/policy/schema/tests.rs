//! The schema says what the reader does.

mod validator;

use serde_json::{Map, Value, json};

use self::validator::valid;
use super::*;
use crate::policy::{DEFAULT_DOCUMENT, PRESETS, Policy, PolicyText};

fn readable(document: &Value) -> bool {
    Policy::from_json(&document.to_string()).is_ok()
}

/// The default policy and every preset.
fn good() -> Vec<Value> {
    let presets = PRESETS.iter().map(|preset| PolicyText::read(preset.text).unwrap().value().clone());
    presets.chain([serde_json::from_str(DEFAULT_DOCUMENT).unwrap(), json!({"name": "least"})]).collect()
}

#[test]
fn good_documents_are_valid() {
    for document in good() {
        valid(&schema(), &document).unwrap();
        assert!(readable(&document));
    }
}

#[test]
fn what_the_reader_refuses_is_invalid() {
    let event = json!({"type": "payout.created"});
    let expect = json!({"score": 1});
    let table = [
        json!({}),
        json!({"name": "Not so"}),
        json!({"name": "a", "rule": []}),
        json!({"name": "a", "otp": {"from": 1}}),
        json!({"name": "a", "otp": {"from_score": 102}}),
        json!({"name": "a", "observe": {"categories": ["payouts"]}}),
        json!({"name": "a", "groups": {"devices": 1}}),
        json!({"name": "a", "groups": {"device": 101}}),
        json!({"name": "a", "thresholds": {"default": {"delay_from": 1}}}),
        json!({"name": "a", "thresholds": {"categories": {"payouts": {"delay_from": 1, "hold_from": 1, "block_from": 1}}}}),
        json!({"name": "a", "floors": [{"when_reason": "NEW_DEVICE", "score": 101}]}),
        json!({"name": "a", "floors": [{"when_reason": "new device", "score": 1}]}),
        json!({"name": "a", "holds": [{"when_reason": "NEW_DEVICE", "hours": 0}]}),
        json!({"name": "a", "holds": [{"when_reason": "NEW_DEVICE", "hours": 721}]}),
        json!({"name": "a", "signals": {"NEW_DEVIL": {}}}),
        json!({"name": "a", "signals": {"NEW_DEVICE": {"mode": "loud"}}}),
        json!({"name": "a", "signals": {"NEW_DEVICE": {"below_hours": [{"limit": 1, "points": 1, "x": 1}]}}}),
        json!({"name": "a", "tests": [{"name": "t", "event": event, "expect": {}}]}),
        json!({"name": "a", "tests": [{"name": "t", "event": event, "expect": {"score": 101}}]}),
        json!({"name": "a", "tests": [{"name": "t", "event": event, "expect": expect, "x": 1}]}),
    ];
    for document in table {
        assert!(!readable(&document), "{document}");
        assert!(valid(&schema(), &document).is_err(), "{document}");
    }
}

/// A signed number of a signal is taken for points; whoever adds a signal with another one is told here.
#[test]
fn limits_of_signals_are_those_of_the_reader() {
    let schema = schema();
    let mut asked = 0;
    for (code, signal) in properties(&schema["$defs"]["Signals"]) {
        for (name, field) in properties(resolved(&signal)) {
            let (Some(least), Some(most)) = (field["minimum"].as_i64(), field["maximum"].as_i64()) else {
                continue;
            };
            for (value, good) in [(least - 1, false), (least, true), (most, true), (most + 1, false)] {
                let document = json!({"name": "a", "signals": {&code: {&name: value}}});
                assert_eq!(readable(&document), good, "{document}");
                assert_eq!(valid(&schema, &document).is_ok(), good, "{document}");
            }
            asked += 1;
        }
    }
    assert!(asked > 15, "{asked}");
}

#[test]
fn every_field_is_described_and_has_a_type() {
    let schema = schema();
    let definitions = schema["$defs"].as_object().unwrap();
    for (name, definition) in definitions.iter().chain([(&"Policy".to_owned(), &schema)]) {
        assert!(definition["description"].is_string(), "{name}");
        for (field, property) in properties(definition) {
            let target = resolved(&property);
            let described = property["description"].is_string() || target["description"].is_string();
            assert!(described, "{name}.{field}");
            let typed = ["type", "oneOf", "anyOf", "$ref"].iter().any(|key| target.get(key).is_some());
            assert!(typed, "{name}.{field}");
        }
    }
}

#[test]
fn every_signal_tells_its_defaults() {
    let defaults = serde_json::to_value(Policy::default_policy().signals).unwrap();
    for (code, signal) in properties(&SCHEMA["$defs"]["Signals"]) {
        for (name, field) in properties(resolved(&signal)) {
            assert_eq!(field["default"], defaults[&code][&name], "{code}.{name}");
        }
    }
}

fn properties(definition: &Value) -> Map<String, Value> {
    definition["properties"].as_object().cloned().unwrap_or_default()
}
