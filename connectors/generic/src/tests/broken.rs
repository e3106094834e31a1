//! Whatever arrives, the connector answers: it never panics and never makes up what it could not read.

use serde_json::{Value, json};

use super::given::{self, Pairs, borrowed, delivery};
use crate::Generic;
use crate::wit::{Event, Guest, Money, Outcome};

/// A small generator of repeatable chance (Knuth's MMIX constants).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

/// Replaces one value somewhere in the tree.
fn disturb(value: &mut Value, chance: &mut Chance) {
    let swaps = [
        json!(null),
        json!(""),
        json!("***"),
        json!(-1),
        json!(1e300),
        json!(true),
        json!([]),
        json!({}),
        json!([[]]),
        json!("\u{0}\u{1F600}é"),
        json!({"id": null}),
        json!("9".repeat(400)),
    ];
    match value {
        Value::Object(members) if !members.is_empty() && chance.below(8) > 0 => {
            let n = chance.below(members.len());
            disturb(members.values_mut().nth(n).unwrap(), chance);
        }
        Value::Array(list) if !list.is_empty() && chance.below(8) > 0 => {
            let n = chance.below(list.len());
            disturb(&mut list[n], chance);
        }
        _ => *value = swaps[chance.below(swaps.len())].clone(),
    }
}

fn check(event: &Event) {
    assert!(
        !event.id.trim().is_empty() && !event.type_.trim().is_empty() && !event.subject.id.trim().is_empty()
    );
    let action = event.action.as_ref();
    let amounts = action.into_iter().flat_map(|action| [&action.amount, &action.balance]).flatten();
    for Money { value, currency } in amounts {
        assert!(value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.')), "{value}");
        assert_eq!(currency.len(), 3);
    }
    assert!(event.signals.iter().all(|signal| (0.0..=100.0).contains(&signal.score)));
}

fn answer(headers: &[(String, String)], settings: &[(String, String)], body: &[u8]) {
    let delivery = delivery(&borrowed(headers), &borrowed(settings), body);
    let _ = Generic::authenticate(delivery.clone());
    if let Ok(Outcome::Events(events)) = Generic::normalize(delivery) {
        assert!(!events.is_empty());
        events.iter().for_each(check);
    }
}

/// Headers, settings and body of everything at hand.
fn bodies() -> Vec<(Pairs, Pairs, Vec<u8>)> {
    let mut bodies = Vec::new();
    for (file, headers, body) in given::fixtures() {
        bodies.push((headers.clone(), Vec::new(), body.clone()));
        bodies.push((headers, given::preset(given::preset_for(&file)), body));
    }
    let own: [&[u8]; 4] = [
        include_bytes!("../../samples/event.json"),
        include_bytes!("../../samples/envelope.json"),
        include_bytes!("../../samples/wrapped_event.json"),
        include_bytes!("../../samples/woocommerce.order.created.json"),
    ];
    bodies.extend(own.map(|body| (Vec::new(), Vec::new(), body.to_vec())));
    bodies.push((Vec::new(), given::preset("woocommerce"), own[3].to_vec()));
    bodies
}

#[test]
fn truncated_bodies_are_answered() {
    let mut chance = Chance(1);
    for (headers, settings, body) in bodies() {
        for _ in 0..100 {
            answer(&headers, &settings, &body[..chance.below(body.len())]);
        }
    }
}

#[test]
fn disturbed_bodies_are_answered() {
    let mut chance = Chance(2);
    for (headers, settings, body) in bodies() {
        let whole: Value = serde_json::from_slice(&body).unwrap();
        for _ in 0..200 {
            let mut value = whole.clone();
            for _ in 0..=chance.below(4) {
                disturb(&mut value, &mut chance);
            }
            answer(&headers, &settings, value.to_string().as_bytes());
        }
    }
}

#[test]
fn disturbed_settings_are_answered() {
    let mut chance = Chance(3);
    for (headers, settings, body) in bodies() {
        let settings = given::written_out(&settings);
        for n in 0..settings.len() {
            let Ok(whole) = serde_json::from_str::<Value>(&settings[n].1) else {
                continue;
            };
            for _ in 0..50 {
                let mut value = whole.clone();
                disturb(&mut value, &mut chance);
                let mut settings = settings.clone();
                settings[n].1 = value.to_string();
                answer(&headers, &settings, &body);
            }
        }
    }
}

#[test]
fn odd_bodies_are_refused_as_no_json() {
    let deep = [b"[".repeat(200_000), b"]".repeat(200_000)].concat();
    for body in [&b""[..], b" ", b"{", b"nul", b"\xff\xfe", b"{\"id\":\"\xff\"}", b"payload=%7B%7D", b"{} {}"]
    {
        let refused = given::refusal(delivery(&[("webhook-id", "m")], &[], body));
        assert_eq!(refused.message, "the body is not JSON");
    }
    for body in [
        &b"null"[..],
        b"[]",
        b"1",
        b"\"text\"",
        b"{}",
        b"{\"type\":\"a\",\"data\":{\"id\":\"\\ud800\"}}",
        &deep,
    ] {
        let refused = given::refusal(delivery(&[("webhook-id", "m")], &[], body));
        assert!(refused.pointer.is_some());
    }
}
