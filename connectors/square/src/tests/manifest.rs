//! The manifest: every sample gives what it promises, every topic becomes an event, the demo signs what it sends.

use ase_connector_kit::testing::{self, DEMO_URL, assert_sound, attribute, event, holds_at};

use super::{event_of, outcome};

const TOML: &str = include_str!("../../connector.toml");

#[test]
fn samples_and_settings_are_as_the_manifest_says() {
    let manifest = testing::proven(TOML, crate::payload::outcome);
    assert_eq!(manifest.id, "square");
    let settings: Vec<_> = manifest.settings.iter().map(|setting| setting.name.as_str()).collect();
    assert_eq!(settings, ["notification_url", "merchant_id", "production_only"]);
    for sample in &manifest.samples {
        assert!(crate::signature::claim(&sample.delivery()).is_ok(), "{}", sample.name);
    }
}

#[test]
fn every_topic_becomes_an_event_that_its_description_names() {
    for topic in testing::proven(TOML, crate::payload::outcome).topics {
        let members = [
            "bank_account",
            "card",
            "customer",
            "dispute",
            "gift_card",
            "gift_card_activity",
            "order_created",
        ];
        let more = ["order_updated", "payment", "payout", "refund", "revocation"];
        let objects: Vec<_> =
            members.iter().chain(&more).map(|member| format!(r#""{member}":{{}}"#)).collect();
        let event = event(outcome(&event_of(&topic.name, &format!("{{{}}}", objects.join(",")))));
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
    assert!(holds_at(DEMO_URL, &crate::signature::claim(&demo).unwrap(), secret, &demo));
    let event = event(crate::payload::outcome(&demo));
    assert_eq!(
        (event.type_.as_str(), event.subject.email.as_deref()),
        ("payment.authorized", Some("mia@example.com"))
    );
    assert_eq!(testing::signals(&event), [("square.risk_level", 90.0)]);
}
