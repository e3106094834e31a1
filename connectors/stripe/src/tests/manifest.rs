//! The manifest: every sample gives what it promises, every topic has a meaning.

use ase_connector_kit::testing;

const TOML: &str = include_str!("../../connector.toml");

#[test]
fn samples_and_settings_are_as_the_manifest_says() {
    let manifest = testing::proven(TOML, crate::payload::outcome);
    assert_eq!(manifest.id, "stripe");
    let settings: Vec<_> = manifest.settings.iter().map(|setting| setting.name.as_str()).collect();
    assert_eq!(settings, ["account", "livemode_only"]);
    for sample in &manifest.samples {
        assert!(crate::signature::claims(&sample.delivery()).is_ok(), "{}", sample.name);
    }
}

#[test]
fn every_topic_becomes_an_event() {
    for topic in testing::proven(TOML, crate::payload::outcome).topics {
        let body = format!(r#"{{"id":"evt_1","type":"{}","data":{{"object":{{"id":"x_1"}}}}}}"#, topic.name);
        testing::assert_sound(&super::event(body.as_bytes()));
        assert!(topic.description.ends_with('.'), "{}", topic.name);
    }
}
