//! Recorded bodies of public origin: each becomes the event it is.

use ase_connector_kit::testing::{assert_sound, attribute, event, fixture, ignored, links};
use ase_connector_kit::wit::{Outcome, Refusal};

use super::told;

fn recorded(name: &str, file: &str) -> Option<Result<Outcome, Refusal>> {
    let body = fixture(&format!("generic/github.{file}.json"))?;
    Some(crate::payload::outcome(&told(name, &body)))
}

#[test]
fn recorded_events_are_read() {
    let Some(member) = recorded("member", "member.added") else { return };
    let member = event(member);
    assert_sound(&member);
    assert_eq!(
        (member.type_.as_str(), member.subject.id.as_str()),
        ("credential.access_granted", "39652351")
    );
    assert_eq!(links(&member), ["repository 186853002", "user 39652351"]);
    let alert = event(recorded("secret_scanning_alert", "secret_scanning_alert.reopened").unwrap());
    assert_sound(&alert);
    assert_eq!((alert.type_.as_str(), alert.subject.id.as_str()), ("secret.leaked", "10136561"));
    assert_eq!(attribute(&alert, "secret_type"), Some("adafruit_io_key"));
}

#[test]
fn recorded_pings_and_pushes_are_ignored() {
    let Some(ping) = recorded("ping", "ping.payload") else { return };
    assert!(ignored(ping).contains("ping"));
    assert!(ignored(recorded("push", "push.payload").unwrap()).contains("forced"));
}

#[test]
fn a_recorded_body_is_not_taken_for_another_event() {
    let Some(other) = recorded("repository", "member.added") else { return };
    // Neither has `repository` an action `added`, nor would the body fit it.
    assert!(matches!(other, Ok(Outcome::Ignored(_))));
    assert!(
        recorded("public", "member.added").unwrap().is_ok_and(|said| matches!(said, Outcome::Ignored(_)))
    );
    assert!(
        recorded("deploy_key", "push.payload").unwrap().is_ok_and(|said| matches!(said, Outcome::Ignored(_)))
    );
    assert!(recorded("public", "push.payload").unwrap().is_err());
    assert!(recorded("membership", "member.added").unwrap().is_err());
}
