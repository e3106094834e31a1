//! Recorded and own bodies, broken in every simple way: nothing panics and nothing unsound comes out.

use serde_json::{Value, json};

use super::{assert_sound, fixtures, outcome, samples};
use crate::bindings::exports::ase::connector::normalizer::{Outcome, RefusalReason};

fn bodies() -> Vec<(String, Vec<u8>)> {
    let own = samples::BODIES.iter().map(|(name, body)| ((*name).to_owned(), body.as_bytes().to_vec()));
    own.chain(fixtures()).collect()
}

fn assert_answer(body: &[u8], what: &str) {
    match outcome(body) {
        Ok(Outcome::Events(events)) => events.iter().for_each(assert_sound),
        Ok(Outcome::Ignored(reason)) => assert!(!reason.is_empty(), "{what}"),
        Ok(Outcome::Reply(_)) => panic!("{what}: nothing to reply to"),
        Err(refusal) => assert!(matches!(refusal.reason, RefusalReason::Malformed), "{what}"),
    }
}

#[test]
fn a_truncated_body_is_malformed() {
    for (name, body) in bodies() {
        let body = body.trim_ascii();
        for length in 0..body.len() {
            let refusal = outcome(&body[..length]).unwrap_err();
            assert!(matches!(refusal.reason, RefusalReason::Malformed), "{name} cut at {length}");
        }
    }
}

#[test]
fn a_flipped_byte_never_panics() {
    for (name, mut body) in bodies() {
        for at in 0..body.len() {
            for flip in [0x01, 0x20, 0x80] {
                body[at] ^= flip;
                assert_answer(&body, &name);
                body[at] ^= flip;
            }
        }
    }
}

#[test]
fn a_value_of_another_type_is_unknown_and_never_panics() {
    let values = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!(""),
        json!("***"),
        json!("a@b.c"),
        json!([]),
        json!([[{}]]),
        json!({}),
        json!({ "id": 7, "data": [null], "object": "object" }),
    ];
    for (name, body) in bodies() {
        let mut whole: Value = serde_json::from_slice(&body).unwrap();
        let mut pointers = Vec::new();
        collect(&whole, String::new(), &mut pointers);
        for pointer in pointers {
            for value in &values {
                let before = std::mem::replace(whole.pointer_mut(&pointer).unwrap(), value.clone());
                assert_answer(&serde_json::to_vec(&whole).unwrap(), &format!("{name} {pointer} {value}"));
                *whole.pointer_mut(&pointer).unwrap() = before;
            }
        }
    }
}

/// Pointers to every value below.
fn collect(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            collect(value, format!("{pointer}/{name}"), pointers);
        }),
        Value::Array(elements) => elements
            .iter()
            .enumerate()
            .for_each(|(index, value)| collect(value, format!("{pointer}/{index}"), pointers)),
        _ => {}
    }
    pointers.push(pointer);
}

#[test]
fn deep_nesting_is_skipped_or_refused() {
    for (open, close) in [("[", "]"), (r#"{"charge":"#, "}"), (r#"{"customer":"#, "}")] {
        for depth in [10, 100, 1000, 100_000] {
            let inner = if open == "[" { "" } else { "1" };
            let nested = format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
            for field in ["metadata", "charge", "unknown", "id"] {
                let body = format!(
                    r#"{{"id":"evt_1","type":"review.opened","data":{{"object":{{"{field}":{nested}}}}}}}"#
                );
                assert_answer(body.as_bytes(), &format!("{field} {depth}"));
            }
        }
    }
}
