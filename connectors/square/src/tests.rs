//! The connector against published and made-up deliveries. What the tests share stands here. There are no recorded
//! bodies of Square.

mod manifest;
mod mutations;
mod refusals;
mod samples;
mod vectors;

use ase_connector_kit::testing::delivery;
use ase_connector_kit::wit::{Outcome, Refusal};

fn outcome(body: &str) -> Result<Outcome, Refusal> {
    crate::payload::outcome(&delivery(body.as_bytes(), &[], &[]))
}

/// An event of this type around an object.
fn event_of(kind: &str, object: &str) -> String {
    format!(
        r#"{{"merchant_id":"ML1","type":"{kind}","event_id":"evt-1","created_at":"2026-08-20T12:00:00Z","data":{{"id":"x_1","object":{object}}}}}"#
    )
}
