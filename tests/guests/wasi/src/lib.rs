//! A guest that imports WASI and tells what it finds there.

mod bindings;

use bindings::exports::ase::connector::normalizer::{
    Attribute, Claim, Delivery, Event, Guest, Outcome, Refusal, Subject,
};
use bindings::wasi::cli::environment::get_environment;
use bindings::wasi::clocks::monotonic_clock::subscribe_duration;
use bindings::wasi::clocks::wall_clock::now;
use bindings::wasi::filesystem::preopens::get_directories;
use bindings::wasi::random::random::get_random_u64;

/// One hour in nanoseconds.
const HOUR: u64 = 3_600_000_000_000;

/// The component.
#[derive(Debug)]
pub(crate) struct Wasi;

impl Guest for Wasi {
    fn authenticate(_: Delivery) -> Result<Vec<Claim>, Refusal> {
        Ok(Vec::new())
    }

    fn normalize(input: Delivery) -> Result<Outcome, Refusal> {
        if input.body == b"sleep" {
            subscribe_duration(HOUR).block();
        }
        Ok(Outcome::Events(vec![event(&[
            ("environment", get_environment().len().to_string()),
            ("directories", get_directories().len().to_string()),
            ("seconds", now().seconds.to_string()),
            ("random", get_random_u64().to_string()),
        ])]))
    }
}

fn event(found: &[(&str, String)]) -> Event {
    let attribute =
        |(name, value): &(&str, String)| Attribute { name: (*name).to_owned(), value: value.clone() };
    Event {
        id: "1".to_owned(),
        type_: "order.created".to_owned(),
        occurred_at: None,
        subject: Subject {
            id: "1".to_owned(),
            email: None,
            phone: None,
            name: None,
            created_at: None,
            locale: None,
        },
        action: None,
        device: None,
        billing: None,
        shipping: None,
        links: Vec::new(),
        signals: Vec::new(),
        changes: Vec::new(),
        attributes: found.iter().map(attribute).collect(),
        test: false,
        return_url: None,
    }
}
