//! What is refused or ignored, and how it is said.

use ase_connector_kit::testing::{delivery, event, ignored};
use ase_connector_kit::wit::RefusalReason;

use super::{outcome, samples, told};
use crate::payload;

#[test]
fn a_delivery_that_means_nothing_is_malformed() {
    for body in ["", "[]", "null", "{", "x=1", r#"{"a":1,"a":2}"#, "payload=", "payload=%5B%5D"] {
        assert_eq!(outcome("repository", body).unwrap_err().reason, RefusalReason::Malformed, "{body}");
    }
    for headers in [
        &[][..],
        &[("x-github-event", "member")],
        &[("x-github-delivery", "1")],
        &[("x-github-event", "two words")],
    ] {
        let refusal = payload::outcome(&delivery(b"{}", headers, &[])).unwrap_err();
        assert_eq!(refusal.reason, RefusalReason::Malformed);
        assert!(refusal.message.contains("x-github-"), "{}", refusal.message);
    }
}

#[test]
fn a_genuine_body_is_not_taken_for_another_event() {
    let repository = r#""repository":{"id":1,"full_name":"o/r"},"sender":{"id":2}"#;
    let cases = [
        ("repository", format!(r#"{{"action":"deleted","starred_at":null,{repository}}}"#)),
        ("repository", format!(r#"{{"action":"created","label":{{}},{repository}}}"#)),
        ("repository", format!(r#"{{"action":"edited","issue":{{}},{repository}}}"#)),
        ("public", format!(r#"{{"forkee":{{}},{repository}}}"#)),
        ("public", format!(r#"{{"ref":"main","before":"0",{repository}}}"#)),
        ("organization", r#"{"action":"deleted","project":{},"organization":{"id":1}}"#.to_owned()),
        (
            "organization",
            r#"{"action":"member_added","member":{},"team":{},"organization":{"id":1}}"#.to_owned(),
        ),
        ("member", r#"{"action":"added","member":{},"team":{},"organization":{"id":1}}"#.to_owned()),
        ("membership", format!(r#"{{"action":"added","member":{{}},{repository}}}"#)),
        ("deploy_key", format!(r#"{{"action":"created",{repository}}}"#)),
        ("meta", format!(r#"{{"action":"deleted","zen":"x","hook":{{}},{repository}}}"#)),
        ("secret_scanning_alert", format!(r#"{{"action":"created","alert":{{"rule":{{}}}},{repository}}}"#)),
    ];
    for (name, body) in cases {
        let refusal = outcome(name, &body).unwrap_err();
        assert_eq!(refusal.reason, RefusalReason::Malformed, "{name} {body}");
        assert!(refusal.message.contains(name), "{}", refusal.message);
    }
}

#[test]
fn another_owner_is_refused_whatever_the_event() {
    let (_, member) = samples::BODIES[0];
    for name in ["member", "star"] {
        let with = |owner: &str| {
            let mut input = told(name, member.as_bytes());
            input.settings = delivery(b"", &[], &[("owner", owner)]).settings;
            payload::outcome(&input)
        };
        assert_eq!(with("another").unwrap_err().reason, RefusalReason::Unauthenticated);
        assert!(with("OCTO-org").is_ok() && with(" ").is_ok());
    }
}

#[test]
fn events_of_no_concern_are_ignored_with_a_reason() {
    let cases = [
        ("ping", r#"{"zen":"x","hook_id":1}"#, "ping"),
        ("push", r#"{"ref":"refs/heads/main","forced":false}"#, "daily work"),
        ("security_advisory", r#"{"action":"published"}"#, "of the world"),
        ("member", r#"{"action":"waved"}"#, "action"),
        ("workflow_run", r#"{"action":"completed"}"#, "workflow_run"),
    ];
    for (name, body, reason) in cases {
        assert!(ignored(outcome(name, body)).contains(reason), "{name}");
    }
}

#[test]
fn a_form_is_read_as_its_payload() {
    let json =
        r#"{"action":"publicized","repository":{"id":1,"full_name":"o/r"},"sender":{"id":2,"login":"a b"}}"#;
    let form: String = json
        .bytes()
        .map(|byte| match byte {
            b' ' => "+".to_owned(),
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    let (plain, formed) =
        (event(outcome("repository", json)), event(outcome("repository", &format!("payload={form}"))));
    assert_eq!(plain, formed);
    assert_eq!(formed.subject.name.as_deref(), Some("a b"));
}
