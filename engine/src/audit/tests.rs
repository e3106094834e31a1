//! The leaf hash is pinned, survives a round trip through a store of JSON, and changes with every member.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn entry() -> Entry {
    Entry {
        v: VERSION,
        org_id: "org_1".into(),
        id: "aud_0123456789abcdefghjkmnpqrs".into(),
        session_id: Some("ses_1".into()),
        occurred_at: "2026-11-22T10:00:00.000120Z".parse().unwrap(),
        actor: Actor { actor_type: ActorType::Subject, id: "user_42".into() },
        action: action::INTENT_ANSWERED.into(),
        metadata:
            json!({"intent": "confirmed", "n": 7, "score": 0.1, "größe": [null, true, {}], "big": u64::MAX})
                .as_object()
                .unwrap()
                .clone(),
    }
}

fn hex(entry: &Entry) -> String {
    data_encoding::HEXLOWER.encode(&entry.leaf_hash())
}

/// The same values as a store of JSON gives them back: members in another order, numbers respelled.
fn through_a_store(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| (name.len(), (*name).clone()));
            Value::Object(members.into_iter().rev().map(|(n, v)| (n.clone(), through_a_store(v))).collect())
        }
        Value::Array(items) => items.iter().map(through_a_store).collect(),
        Value::Number(number) if number.is_f64() => {
            // An exact decimal store drops the exponent and the sign of zero.
            let digits = number.as_f64().unwrap().to_string();
            let digits = if digits == "-0" { "0".to_owned() } else { digits };
            serde_json::from_str(&digits).unwrap()
        }
        other => other.clone(),
    }
}

/// Computed apart from this code: the canonical text below, hashed with `hashlib` in Python.
#[test]
fn leaf_hash_keeps_its_golden_vector() {
    let canonical = concat!(
        r#"{"action":"intent.answered","actor":{"id":"user_42","type":"subject"},"#,
        r#""id":"aud_0123456789abcdefghjkmnpqrs","metadata":{"big":"18446744073709551615","#,
        r#""größe":[null,true,{}],"intent":"confirmed","n":7,"score":0.1},"#,
        r#""occurred_at":"2026-11-22T10:00:00.000120Z","org_id":"org_1","session_id":"ses_1","v":1}"#,
    );
    assert_eq!(serde_json_canonicalizer::to_string(&entry()).unwrap(), canonical);
    assert_eq!(hex(&entry()), LEAF);
    let bare = Entry { session_id: None, metadata: Map::new(), ..entry() };
    assert_eq!(hex(&bare), BARE_LEAF);
}

const LEAF: &str = "c7b74381bd03f282906829104fed12b9ee199180fa4d9c8567d9c739e7ae8dfc";
const BARE_LEAF: &str = "b661c1699ff40c7be6c68072ae36dfa0e77278e7cde2cb0a72d28add75a7439e";

#[test]
fn every_member_is_written_even_when_empty() {
    let bare = Entry { session_id: None, metadata: Map::new(), ..entry() };
    let json = serde_json::to_value(&bare).unwrap();
    assert_eq!(json["session_id"], Value::Null);
    assert_eq!(json["metadata"], json!({}));
    assert_eq!(json.as_object().unwrap().len(), 8);
}

#[test]
fn time_has_six_digits_whatever_its_value() {
    for (time, written) in [
        ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00.000000Z"),
        ("2026-11-22T11:00:00.5+01:00", "2026-11-22T10:00:00.500000Z"),
        ("2026-11-22T10:00:00.123456999Z", "2026-11-22T10:00:00.123456Z"),
        ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
    ] {
        let entry = Entry { occurred_at: time.parse().unwrap(), ..entry() };
        assert_eq!(serde_json::to_value(&entry).unwrap()["occurred_at"], written);
    }
}

#[test]
fn another_spelling_of_an_entry_is_refused() {
    let change = |name: &str, value: Value| {
        let mut json = serde_json::to_value(entry()).unwrap();
        json[name] = value;
        serde_json::from_value::<Entry>(json)
    };
    assert!(change("v", json!(1)).is_ok());
    assert!(change("v", json!(2)).is_err());
    assert!(change("occurred_at", json!("2026-11-22T10:00:00.00012Z")).is_err());
    assert!(change("occurred_at", json!("2026-11-22T10:00:00.000120+00:00")).is_err());
    assert!(change("note", json!("more")).is_err());
    assert!(change("actor", json!({"type": "root", "id": "x"})).is_err());
    let mut json = serde_json::to_value(entry()).unwrap();
    json.as_object_mut().unwrap().remove("session_id");
    assert!(serde_json::from_value::<Entry>(json).is_err());
}

#[test]
fn change_of_any_member_changes_the_leaf() {
    let metadata = |value: Value| Entry { metadata: value.as_object().unwrap().clone(), ..entry() };
    let entries = [
        entry(),
        Entry { org_id: "org_2".into(), ..entry() },
        Entry { id: "aud_2".into(), ..entry() },
        Entry { session_id: None, ..entry() },
        Entry { session_id: Some(String::new()), ..entry() },
        Entry { occurred_at: entry().occurred_at + chrono::TimeDelta::microseconds(1), ..entry() },
        Entry { actor: Actor { actor_type: ActorType::Analyst, id: "user_42".into() }, ..entry() },
        Entry { action: action::OTP_ISSUED.into(), ..entry() },
        metadata(json!({})),
        metadata(json!({"a": null})),
        metadata(json!({"a": ""})),
        metadata(json!({"a": "\u{e9}"})),
        metadata(json!({"a": "e\u{301}"})),
        metadata(json!({"a": i64::MAX})),
        metadata(json!({"a": i64::MAX - 1})),
        metadata(json!({"a": i64::MIN})),
        metadata(json!({"a": 9_007_199_254_740_992_u64})),
        metadata(json!({"a": 9_007_199_254_740_993_u64})),
        metadata(json!({"a": [1]})),
    ];
    let mut leaves: Vec<_> = entries.iter().map(Entry::leaf_hash).collect();
    leaves.sort_unstable();
    leaves.dedup();
    assert_eq!(leaves.len(), entries.len());
}

#[test]
fn leaf_is_no_plain_hash_of_the_entry() {
    let canonical = serde_json_canonicalizer::to_vec(&entry()).unwrap();
    assert_ne!(entry().leaf_hash(), <[u8; 32]>::from(Sha256::digest(canonical)));
}

#[test]
fn metadata_of_a_megabyte_is_hashed() {
    let large = json!({"text": "ä".repeat(1 << 19)}).as_object().unwrap().clone();
    let large = Entry { metadata: large, ..entry() };
    let back: Entry = serde_json::from_str(&serde_json::to_string(&large).unwrap()).unwrap();
    assert_eq!(back.leaf_hash(), large.leaf_hash());
}

fn json_value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", |f| serde_json::Number::from_f64(f).map(Value::Number)),
        (-400_i32..400).prop_map(|e| Value::from(1.5 * f64::from(e).exp2())),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number,
        ".*".prop_map(Value::from)
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(".*", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn leaf_hash_survives_a_store_of_json(
        members in prop::collection::btree_map(".*", json_value(), 0..5),
        micros in -2_000_000_000_000_000_i64..32_503_680_000_000_000,
    ) {
        let occurred_at = DateTime::from_timestamp_micros(micros).unwrap();
        let entry = Entry { metadata: members.into_iter().collect(), occurred_at, ..entry() };
        let export: Entry = serde_json::from_str(&serde_json::to_string(&entry).unwrap()).unwrap();
        prop_assert_eq!(export.leaf_hash(), entry.leaf_hash());
        let column = through_a_store(&Value::Object(entry.metadata.clone()));
        let column: Map<String, Value> = serde_json::from_str(&column.to_string()).unwrap();
        prop_assert_eq!(Entry { metadata: column, ..entry.clone() }.leaf_hash(), entry.leaf_hash());
    }
}
