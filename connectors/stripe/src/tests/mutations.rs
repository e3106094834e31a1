//! Recorded and own bodies, broken in every simple way: nothing panics and nothing unsound comes out.

use ase_connector_kit::testing::{assert_answer, break_in_every_way};

use super::{delivery, fixtures, outcome, samples};
use crate::bindings::exports::ase::connector::normalizer::RefusalReason;

fn bodies() -> Vec<(String, Vec<u8>)> {
    let own = samples::BODIES.iter().map(|(name, body)| ((*name).to_owned(), body.as_bytes().to_vec()));
    own.chain(fixtures()).collect()
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
fn a_broken_body_is_answered() {
    for (name, body) in bodies() {
        break_in_every_way(&name, &delivery(body.trim_ascii(), &[]), crate::payload::outcome);
    }
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
                assert_answer(outcome(body.as_bytes()), &format!("{field} {depth}"));
            }
        }
    }
}
