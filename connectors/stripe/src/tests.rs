//! The connector against real and made-up deliveries. What the tests share stands here.

mod fixtures;
mod manifest;
mod mutations;
mod refusals;
mod samples;
mod vectors;

use ase_connector_kit::testing;

use crate::bindings::exports::ase::connector::normalizer::{Delivery, Event, Header, Outcome, Refusal};

/// A delivery of this body to a source with these settings.
fn delivery(body: &[u8], settings: &[(&str, &str)]) -> Delivery {
    testing::delivery(body, &[], settings)
}

fn header(name: &str, value: &str) -> Header {
    Header { name: name.to_ascii_lowercase(), value: value.as_bytes().to_vec() }
}

fn outcome(body: &[u8]) -> Result<Outcome, Refusal> {
    crate::payload::outcome(&delivery(body, &[]))
}

/// The one event that a body becomes.
fn event(body: &[u8]) -> Event {
    testing::event(outcome(body))
}

/// Every recorded body of Stripe with its file's name.
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let Some(dir) = testing::fixtures_dir() else { return Vec::new() };
    let files = std::fs::read_dir(dir.join("stripe")).unwrap().map(|entry| entry.unwrap().path());
    let mut bodies: Vec<_> = files
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    bodies.sort();
    assert!(!bodies.is_empty(), "the folder of fixtures holds none of Stripe");
    bodies
}
