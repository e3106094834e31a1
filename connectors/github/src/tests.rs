//! The connector against published, recorded and made-up deliveries. What the tests share stands here.

mod fixtures;
mod manifest;
mod mutations;
mod refusals;
mod samples;
mod vectors;

use ase_connector_kit::testing::delivery;
use ase_connector_kit::wit::{Delivery, Outcome, Refusal};

/// A delivery of this event.
fn told(name: &str, body: &[u8]) -> Delivery {
    let headers = [("X-GitHub-Event", name), ("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")];
    delivery(body, &headers, &[])
}

fn outcome(name: &str, body: &str) -> Result<Outcome, Refusal> {
    crate::payload::outcome(&told(name, body.as_bytes()))
}
