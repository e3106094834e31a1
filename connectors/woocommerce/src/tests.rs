//! The connector against recorded and made-up deliveries. What the tests share stands here.

mod manifest;
mod mutations;
mod refusals;
mod samples;
mod vectors;

use ase_connector_kit::testing::delivery;
use ase_connector_kit::wit::{Delivery, Outcome, Refusal};

/// A delivery of this topic.
fn told(topic: &str, body: &[u8]) -> Delivery {
    delivery(body, &[("X-WC-Webhook-Topic", topic)], &[])
}

fn outcome(topic: &str, body: &str) -> Result<Outcome, Refusal> {
    crate::payload::outcome(&told(topic, body.as_bytes()))
}
