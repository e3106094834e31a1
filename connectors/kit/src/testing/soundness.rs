//! What holds for every event and every answer, whatever it was read from.

use crate::wit::{Event, Outcome, Refusal};

/// Asserts what holds for every event, whatever it was read from.
pub fn assert_sound(event: &Event) {
    assert!(!event.id.is_empty() && event.id.len() <= 255, "{}", event.id);
    assert!(!event.subject.id.is_empty() && event.subject.id.len() <= 255, "{}", event.subject.id);
    assert!(!event.subject.id.contains('@'), "an address is no id: {}", event.subject.id);
    assert!(event.type_.split('.').all(|part| !part.is_empty()), "{}", event.type_);
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
    assert!(event.changes.iter().all(|change| !change.field.is_empty()));
}

/// Asserts that an answer is sound, whatever the delivery was.
pub fn assert_answer(answer: Result<Outcome, Refusal>, what: &str) {
    match answer {
        Ok(Outcome::Events(events)) => {
            assert!(!events.is_empty(), "{what}: events without an event");
            events.iter().for_each(assert_sound);
        }
        Ok(Outcome::Ignored(reason)) => assert!(!reason.is_empty(), "{what}"),
        Ok(Outcome::Reply(_)) => panic!("{what}: nothing to reply to"),
        Err(refusal) => assert!(refusal.message.len() > 10, "{what}: {refusal:?}"),
    }
}
