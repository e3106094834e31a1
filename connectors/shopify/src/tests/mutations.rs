//! Bodies that nobody documented: cut off, with types exchanged, nulled. Owns the proof that the connector
//! answers each of them; a panic would be the only failure.

use super::{fixtures, samples};
use crate::{
    bindings::exports::ase::connector::normalizer::{Outcome, RefusalReason},
    payload,
    topic::TOPICS,
};

/// A fixed sequence (xorshift, Marsaglia 2003), so that a failure can be had again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

const VALUES: &[&str] = &[
    "null",
    "true",
    "[]",
    "{}",
    "-1",
    "0",
    "1e999",
    "18446744073709551616",
    "\"\"",
    "\"example string\"",
    "[null,[{}]]",
    "{\"id\":{}}",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "\"gid://shopify/Order/\"",
];

fn bodies() -> Vec<(String, String)> {
    let own = samples::bodies().into_iter().map(|(topic, body, _)| (topic, body));
    let foreign = fixtures::all().into_iter().map(|one| (one.topic, String::from_utf8(one.body).unwrap()));
    own.chain(foreign).filter(|(_, body)| body.len() < 20_000).collect()
}

/// Replaces the value of one member, found by its colon, with one of another type.
fn swap(body: &str, dice: &mut Dice) -> String {
    let colons: Vec<_> = body.match_indices("\":").map(|(at, _)| at + 2).collect();
    let at = colons[dice.roll(colons.len())];
    let (before, after) = body.split_at(at);
    let mut values = serde_json::Deserializer::from_str(after).into_iter::<&serde_json::value::RawValue>();
    let Some(Ok(_)) = values.next() else { return body.to_owned() };
    let (_, rest) = after.split_at(values.byte_offset());
    [before, VALUES[dice.roll(VALUES.len())], rest].concat()
}

#[test]
fn cut_off_bodies_are_refused_as_malformed() {
    let mut dice = Dice(0x0a5e);
    for (topic, body) in bodies() {
        let read =
            !matches!(payload::normalize(&fixtures::under(&topic, body.as_bytes())), Ok(Outcome::Ignored(_)));
        for _ in 0..40 {
            let end = dice.roll(body.trim_end().len());
            let outcome = payload::normalize(&fixtures::under(&topic, &body.as_bytes()[..end]));
            assert!(
                !read || outcome.is_err_and(|refusal| refusal.reason == RefusalReason::Malformed),
                "{topic} {end}"
            );
        }
    }
}

#[test]
fn exchanged_types_never_panic_and_never_make_an_empty_value() {
    let mut dice = Dice(0x5eed);
    for (topic, body) in bodies() {
        for _ in 0..150 {
            let mut body = body.clone();
            for _ in 0..=dice.roll(4) {
                body = swap(&body, &mut dice);
            }
            let Ok(Outcome::Events(events)) = payload::normalize(&fixtures::under(&topic, body.as_bytes()))
            else {
                continue;
            };
            for event in events {
                assert!(!event.subject.id.is_empty() && event.subject.name.as_deref() != Some(""), "{body}");
                assert!(event.links.iter().all(|link| !link.id.is_empty()), "{body}");
                assert!(event.attributes.iter().all(|attribute| !attribute.value.is_empty()), "{body}");
            }
        }
    }
}

#[test]
fn what_is_no_object_is_refused_under_every_topic() {
    let bodies: [&[u8]; 9] =
        [b"", b"null", b"[]", b"[1,2]", b"7", b"\"text\"", b"{", b"{\"id\":1}{}", &[0xff, 0xfe]];
    for topic in TOPICS.iter().filter(|topic| topic.name != "customers/purchasing_summary") {
        for body in bodies {
            let refusal = payload::normalize(&fixtures::under(topic.name, body)).unwrap_err();
            assert_eq!(refusal.reason, RefusalReason::Malformed, "{} {body:?}", topic.name);
        }
    }
}

#[test]
fn deep_nesting_costs_no_stack_and_is_unknown() {
    let deep = ["[".repeat(50_000), "]".repeat(50_000)].concat();
    let body = format!(r#"{{"id":1,"order_number":1,"customer":{deep},"line_items":{deep}}}"#);
    let event = fixtures::event("orders/create", body.as_bytes());
    assert_eq!((event.subject.id.as_str(), event.attributes.len()), ("order:1", 0));
}
