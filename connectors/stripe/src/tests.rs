//! The connector against real and made-up deliveries. What the tests share stands here.

mod fixtures;
mod manifest;
mod mutations;
mod refusals;
mod samples;
mod vectors;

use std::path::PathBuf;

use crate::bindings::exports::ase::connector::normalizer::{
    Delivery, Event, Header, Outcome, Refusal, Setting,
};

/// A delivery of this body to a source with these settings.
fn delivery(body: &[u8], settings: &[(&str, &str)]) -> Delivery {
    let settings = settings.iter().map(|(name, value)| (*name, *value));
    Delivery {
        id: "dlv_1".to_owned(),
        received_at: 1_787_227_200_000.0,
        headers: Vec::new(),
        query: String::new(),
        body: body.to_vec(),
        settings: settings.map(|(name, value)| Setting { name: name.into(), value: value.into() }).collect(),
    }
}

fn header(name: &str, value: &str) -> Header {
    Header { name: name.to_ascii_lowercase(), value: value.as_bytes().to_vec() }
}

fn outcome(body: &[u8]) -> Result<Outcome, Refusal> {
    crate::payload::outcome(&delivery(body, &[]))
}

/// The one event that a body becomes.
fn event(body: &[u8]) -> Event {
    match outcome(body) {
        Ok(Outcome::Events(mut events)) if events.len() == 1 => events.remove(0),
        other => panic!("not one event: {other:?}"),
    }
}

fn amount(event: &Event) -> Option<String> {
    let money = event.action.as_ref()?.amount.as_ref()?;
    Some(format!("{} {}", money.value, money.currency))
}

fn description(event: &Event) -> Option<&str> {
    event.action.as_ref()?.description.as_deref()
}

fn links(event: &Event) -> Vec<String> {
    event.links.iter().map(|link| format!("{} {}", link.type_, link.id)).collect()
}

fn signals(event: &Event) -> Vec<(&str, f64)> {
    event.signals.iter().map(|signal| (signal.name.as_str(), signal.score)).collect()
}

fn changes(event: &Event) -> Vec<&str> {
    event.changes.iter().map(|change| change.field.as_str()).collect()
}

fn attribute<'e>(event: &'e Event, name: &str) -> Option<&'e str> {
    let found = event.attributes.iter().find(|attribute| attribute.name == name);
    found.map(|attribute| attribute.value.as_str())
}

/// Asserts what holds for every event, whatever it was read from.
fn assert_sound(event: &Event) {
    assert!(!event.id.is_empty() && !event.subject.id.is_empty());
    assert!(!event.subject.id.contains('@'), "an address is no id: {}", event.subject.id);
    assert!(event.type_.split('.').all(|part| !part.is_empty()));
    if let Some(money) = event.action.as_ref().and_then(|action| action.amount.as_ref()) {
        assert!(money.value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'), "{}", money.value);
        assert!(money.currency.len() == 3 && money.currency.bytes().all(|byte| byte.is_ascii_uppercase()));
    }
    assert!(event.signals.iter().all(|signal| (0.0..=100.0).contains(&signal.score)));
    assert!(event.links.iter().all(|link| !link.id.is_empty() && !link.id.contains('@')));
    assert!(event.attributes.iter().all(|attribute| !attribute.value.is_empty()));
    let mut names: Vec<_> = event.attributes.iter().map(|attribute| &attribute.name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), event.attributes.len(), "an attribute is given twice");
}

/// The folder of recorded bodies, kept outside of the project; none, said in one line, where it is missing.
fn fixtures_dir() -> Option<PathBuf> {
    let dir = PathBuf::from(std::env::var_os("ASE_FIXTURES").unwrap_or_default());
    if !dir.is_dir() {
        println!("skipped: no fixtures at `{}` (set ASE_FIXTURES)", dir.display());
        return None;
    }
    Some(dir)
}

/// Every recorded body of Stripe with its file's name.
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let Some(dir) = fixtures_dir() else { return Vec::new() };
    let files = std::fs::read_dir(dir.join("stripe")).unwrap().map(|entry| entry.unwrap().path());
    let mut bodies: Vec<_> = files
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    bodies.sort();
    assert!(!bodies.is_empty(), "the folder of fixtures holds none of Stripe");
    bodies
}
