//! The manifest: every sample gives what it promises, every topic becomes an event, the demo signs what it sends.

use ase_connector_kit::testing::{self, assert_sound, attribute, event, holds};

const TOML: &str = include_str!("../../connector.toml");

#[test]
fn samples_and_settings_are_as_the_manifest_says() {
    let manifest = testing::proven(TOML, crate::payload::outcome);
    assert_eq!(manifest.id, "adyen");
    let settings: Vec<_> = manifest.settings.iter().map(|setting| setting.name.as_str()).collect();
    assert_eq!(settings, ["merchant_account", "live_only", "secret_encoding"]);
}

#[test]
fn every_topic_becomes_the_event_that_its_description_names() {
    for topic in testing::proven(TOML, crate::payload::outcome).topics {
        let body = if topic.name.starts_with("balancePlatform.") {
            let data = r#"{"id":"T1","accountId":"BA1","accountHolder":{"id":"AH1"},"sweep":{"id":"S1"},"category":"bank","direction":"outgoing"}"#;
            format!(r#"{{"type":"{}","environment":"live","data":{data}}}"#, topic.name)
        } else {
            format!(
                r#"{{"live":"true","notificationItems":[{{"NotificationRequestItem":{{"eventCode":"{}","pspReference":"P1","success":"true"}}}}]}}"#,
                topic.name
            )
        };
        let event = event(super::outcome(&body));
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
    assert!(holds(&crate::signature::claims(&demo).unwrap(), secret, &demo));
    let event = event(crate::payload::outcome(&demo));
    assert_eq!(
        (event.type_.as_str(), event.subject.email.as_deref()),
        ("payment.authorized", Some("mia@example.com"))
    );
    assert_eq!(testing::signals(&event), [("adyen.risk.total_score", 81.0)]);
}
