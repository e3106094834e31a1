//! The manifest: every sample gives what it promises, every topic is known, the demo signs what it sends.

use ase_connector_kit::testing::{self, attribute, event, holds};
use ase_connector_kit::wit::RefusalReason;

use super::outcome;

const TOML: &str = include_str!("../../connector.toml");

#[test]
fn samples_and_settings_are_as_the_manifest_says() {
    let manifest = testing::proven(TOML, crate::payload::outcome);
    assert_eq!(manifest.id, "github");
    let settings: Vec<_> = manifest.settings.iter().map(|setting| setting.name.as_str()).collect();
    assert_eq!(settings, ["owner"]);
    for sample in &manifest.samples {
        assert!(crate::signature::claims(&sample.delivery()).is_ok(), "{}", sample.name);
    }
}

#[test]
fn no_topic_becomes_an_event_without_its_marks() {
    let actions =
        ["created", "deleted", "added", "edited", "added_to_repository", "revoked", "member_added", ""];
    for topic in testing::proven(TOML, crate::payload::outcome).topics {
        let refused = actions.iter().any(|action| {
            let body = format!(r#"{{"action":"{action}","forced":true,"unrelated":{{}}}}"#);
            outcome(&topic.name, &body).is_err_and(|refusal| refusal.reason == RefusalReason::Malformed)
        });
        assert!(refused, "{}", topic.name);
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
        (event.type_.as_str(), attribute(&event, "permission")),
        ("credential.access_granted", Some("admin"))
    );
}
