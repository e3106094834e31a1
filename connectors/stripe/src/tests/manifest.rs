//! The manifest: every sample gives what it promises, every topic has a meaning.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{delivery, header};
use crate::bindings::exports::ase::connector::normalizer::{Outcome, RefusalReason};

#[derive(Deserialize)]
struct Manifest {
    id: String,
    topics: Vec<Topic>,
    settings: Vec<Named>,
    samples: Vec<Sample>,
}

#[derive(Deserialize)]
struct Topic {
    name: String,
    description: String,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Sample {
    name: String,
    body: String,
    headers: BTreeMap<String, String>,
    settings: BTreeMap<String, String>,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Expect {
    Events(Vec<String>),
    Ignored(bool),
    Refused(String),
}

fn manifest() -> Manifest {
    toml::from_str(include_str!("../../connector.toml")).unwrap()
}

#[test]
fn every_sample_gives_what_it_promises() {
    for sample in manifest().samples {
        let settings: Vec<_> =
            sample.settings.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let mut input = delivery(sample.body.as_bytes(), &settings);
        input.headers = sample.headers.iter().map(|(name, value)| header(name, value)).collect();
        assert!(crate::signature::claims(&input).is_ok(), "{}", sample.name);
        let got = crate::payload::outcome(&input);
        let kept = match (&sample.expect, &got) {
            (Expect::Events(types), Ok(Outcome::Events(events))) => {
                events.iter().map(|event| &event.type_).eq(types)
            }
            (Expect::Ignored(true), Ok(Outcome::Ignored(reason))) => !reason.is_empty(),
            (Expect::Refused(kind), Err(refusal)) => match refusal.reason {
                RefusalReason::Malformed => kind == "malformed",
                RefusalReason::Unauthenticated => kind == "unauthenticated",
                _ => false,
            },
            _ => false,
        };
        assert!(kept, "{}: {got:?}", sample.name);
    }
}

#[test]
fn every_topic_becomes_an_event() {
    let manifest = manifest();
    assert_eq!(manifest.id, "stripe");
    for topic in &manifest.topics {
        let body = format!(r#"{{"id":"evt_1","type":"{}","data":{{"object":{{"id":"x_1"}}}}}}"#, topic.name);
        super::assert_sound(&super::event(body.as_bytes()));
        assert!(topic.description.ends_with('.'), "{}", topic.name);
    }
    let mut names: Vec<_> = manifest.topics.iter().map(|topic| &topic.name).collect();
    names.dedup();
    assert_eq!(names.len(), manifest.topics.len(), "a topic is listed twice");
    assert!(names.is_sorted());
}

#[test]
fn the_settings_are_those_that_are_read() {
    let names: Vec<_> = manifest().settings.into_iter().map(|setting| setting.name).collect();
    assert_eq!(names, ["account", "livemode_only"]);
}
