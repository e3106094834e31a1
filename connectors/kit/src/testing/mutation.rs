//! Deliveries broken in every simple way.

use serde_json::{Value, json};

use super::assert_answer;
use crate::wit::{Delivery, Outcome, Refusal};

/// Breaks a delivery in every simple way: cut, one bit of a byte flipped, a value of another type, nested deeply.
/// Nothing panics and nothing unsound comes out of either function.
pub fn break_in_every_way(name: &str, good: &Delivery, ask: impl Fn(&Delivery) -> Result<Outcome, Refusal>) {
    let mut broken = good.clone();
    for length in 0..good.body.len() {
        broken.body = good.body.iter().copied().take(length).collect();
        assert_answer(ask(&broken), &format!("{name} cut at {length}"));
    }
    broken.body.clone_from(&good.body);
    for at in 0..good.body.len() {
        for flip in [0x01, 0x20, 0x80] {
            broken.body.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= flip);
            assert_answer(ask(&broken), &format!("{name} flipped at {at}"));
            broken.body.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= flip);
        }
    }
    let Ok(mut whole) = serde_json::from_slice::<Value>(&good.body) else { return };
    let mut pointers = Vec::new();
    collect(&whole, String::new(), &mut pointers);
    for pointer in pointers {
        for value in odd_values() {
            let place = whole.pointer_mut(&pointer).unwrap();
            let before = std::mem::replace(place, value.clone());
            broken.body = serde_json::to_vec(&whole).unwrap();
            assert_answer(ask(&broken), &format!("{name} {pointer} {value}"));
            *whole.pointer_mut(&pointer).unwrap() = before;
        }
    }
}

/// Values that stand in for every value of a body.
fn odd_values() -> Vec<Value> {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let mut values = vec![deep, json!(null), json!(true), json!(-1), json!(1.5), json!(u64::MAX), json!("")];
    values.extend([json!("***"), json!("a@b.c"), json!("€\u{0}\u{202e}"), json!("x".repeat(300))]);
    values.extend([
        json!([]),
        json!([[{}]]),
        json!({}),
        json!({ "id": 7, "data": [null], "object": "object" }),
    ]);
    values
}

/// Pointers to every value below.
fn collect(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    let escaped = |name: &String| name.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(name, value)| collect(value, format!("{pointer}/{}", escaped(name)), pointers));
        }
        Value::Array(list) => {
            list.iter()
                .enumerate()
                .for_each(|(at, value)| collect(value, format!("{pointer}/{at}"), pointers));
        }
        _ => {}
    }
    pointers.push(pointer);
}
