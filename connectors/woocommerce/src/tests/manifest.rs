//! The manifest: every sample gives what it promises, every topic becomes an event, the demo signs what it sends.

use ase_connector_kit::testing::{self, assert_sound, attribute, event, holds};

use super::outcome;

const TOML: &str = include_str!("../../connector.toml");

#[test]
fn samples_are_as_the_manifest_says() {
    let manifest = testing::proven(TOML, crate::payload::outcome);
    assert_eq!(manifest.id, "woocommerce");
    for sample in manifest.samples.iter().filter(|sample| sample.name != "ping") {
        assert!(crate::signature::claims(&sample.delivery()).is_ok(), "{}", sample.name);
    }
}

#[test]
fn every_topic_becomes_the_event_that_its_description_names() {
    for topic in testing::proven(TOML, crate::payload::outcome).topics {
        let body = match topic.name.split_once('.').unwrap() {
            (_, "deleted") => r#"{"id":7}"#,
            ("order", _) => r#"{"id":7,"order_key":"k","billing":{}}"#,
            _ => r#"{"id":7,"username":"ana"}"#,
        };
        let event = event(outcome(&topic.name, body));
        assert_sound(&event);
        assert!(topic.description.contains(&event.type_), "{}: {}", topic.name, event.type_);
        assert_eq!(attribute(&event, "provider_event"), Some(topic.name.as_str()));
    }
}

#[test]
fn the_demo_signs_what_it_sends() {
    let manifest = testing::proven(TOML, crate::payload::outcome);
    let secret = "whsec_T1dKUFFkEzWfO8HU71e37ufMhLnbWd4p7F6LRrKnCqg=";
    let Some(demo) = testing::demo(&manifest, secret) else { return };
    assert!(holds(&[crate::signature::claims(&demo).unwrap()], secret, &demo));
    let event = event(crate::payload::outcome(&demo));
    assert_eq!(
        (event.type_.as_str(), event.subject.email.as_deref()),
        ("order.created", Some("mia@example.com"))
    );
    assert_eq!(event.occurred_at.as_deref(), Some("2026-08-20T12:00:00Z"));
}
