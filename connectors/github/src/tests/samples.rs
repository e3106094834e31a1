//! Payloads of the project's own making, written from GitHub's documented shapes.

use ase_connector_kit::testing::{assert_sound, attribute, changes, description, destination, event, links};
use ase_connector_kit::wit::Event;

use super::outcome;

/// Every own sample with its event.
pub(super) const BODIES: [(&str, &str); 11] = [
    ("member", include_str!("../../samples/member.json")),
    ("membership", include_str!("../../samples/membership.json")),
    ("organization", include_str!("../../samples/organization.json")),
    ("deploy_key", include_str!("../../samples/deploy_key.json")),
    ("personal_access_token_request", include_str!("../../samples/personal_access_token_request.json")),
    ("repository", include_str!("../../samples/repository_transferred.json")),
    ("branch_protection_rule", include_str!("../../samples/branch_protection_rule.json")),
    ("secret_scanning_alert", include_str!("../../samples/secret_scanning_alert.json")),
    ("dependabot_alert", include_str!("../../samples/dependabot_alert.json")),
    ("installation", include_str!("../../samples/installation.json")),
    ("push", include_str!("../../samples/push.json")),
];

fn sample(name: &str) -> Event {
    let (_, body) = BODIES.iter().find(|(known, _)| *known == name).unwrap();
    let event = event(outcome(name, body));
    assert_sound(&event);
    event
}

#[test]
fn a_changed_collaborator_is_a_matter_of_credentials() {
    let event = sample("member");
    assert_eq!((event.type_.as_str(), event.subject.id.as_str()), ("credential.access_changed", "583231"));
    assert_eq!(event.id, "72d3162e-cc78-11e3-81ab-4c9367dc0958");
    assert_eq!(event.subject.name.as_deref(), Some("octocat"));
    assert_eq!(destination(&event), Some(("user:39652351", Some("hubot"))));
    assert_eq!(description(&event), Some("Change what hubot may do in octo-org/octo-repo"));
    assert_eq!(changes(&event), ["permission"]);
    assert_eq!(links(&event), ["repository 186853002", "organization 6811672", "user 39652351"]);
    let facts = [
        ("provider_event", "member.edited"),
        ("permission", "admin"),
        ("former_permission", "read"),
        ("repository", "octo-org/octo-repo"),
        ("organization", "octo-org"),
        ("visibility", "private"),
        ("private", "true"),
        ("sender_type", "User"),
    ];
    for (name, value) in facts {
        assert_eq!(attribute(&event, name), Some(value), "{name}");
    }
}

#[test]
fn whoever_joins_or_leaves_is_the_destination() {
    let left = sample("membership");
    assert_eq!((left.type_.as_str(), attribute(&left, "scope")), ("credential.access_revoked", Some("team")));
    assert_eq!(destination(&left), Some(("user:39652351", Some("hubot"))));
    assert!(links(&left).contains(&"team 2723476".to_owned()));
    let joined = sample("organization");
    assert_eq!(
        (joined.type_.as_str(), attribute(&joined, "permission")),
        ("credential.access_granted", Some("admin"))
    );
    assert_eq!(description(&joined), Some("Give hubot access to octo-org"));
}

#[test]
fn keys_tokens_and_apps_are_credentials_and_never_told() {
    let key = sample("deploy_key");
    assert_eq!(
        (key.type_.as_str(), attribute(&key, "read_only")),
        ("credential.deploy_key_added", Some("false"))
    );
    assert_eq!(key.occurred_at.as_deref(), Some("2026-08-20T12:00:00Z"));
    assert_eq!(destination(&key), Some(("deploy_key:100", Some("build server"))));
    assert!(!format!("{key:?}").contains("AAAAC3"), "the key itself is nobody's business");
    let token = sample("personal_access_token_request");
    assert_eq!((token.type_.as_str(), token.subject.id.as_str()), ("credential.token_requested", "234567"));
    assert_eq!(attribute(&token, "repository_selection"), Some("all"));
    assert_eq!(description(&token), Some("Let a token of contractor into octo-org"));
    let app = sample("installation");
    assert_eq!(app.type_, "credential.app_installed");
    assert_eq!(destination(&app), Some(("app:29310", Some("example-app"))));
}

#[test]
fn what_happens_to_a_repository_is_told() {
    let transferred = sample("repository");
    assert_eq!(transferred.type_, "repository.transferred");
    assert_eq!(destination(&transferred), Some(("owner:6811672", Some("octo-org"))));
    assert_eq!(changes(&transferred), ["owner"]);
    assert!(links(&transferred).contains(&"owner 583231".to_owned()));
    let bare = sample("branch_protection_rule");
    assert_eq!(bare.type_, "repository.protection_removed");
    assert_eq!(bare.occurred_at.as_deref(), Some("2026-08-20T08:00:00.000-04:00"));
    let rewritten = sample("push");
    assert_eq!(
        (rewritten.type_.as_str(), attribute(&rewritten, "ref")),
        ("repository.history_rewritten", Some("refs/heads/main"))
    );
    assert_eq!(rewritten.subject.email.as_deref(), Some("octocat@example.com"));
    assert_eq!(rewritten.occurred_at.as_deref(), Some("2026-08-20T12:00:00Z"));
    let hidden = BODIES[10].1.replace("octocat@example.com", "1+octocat@users.noreply.github.com");
    assert_eq!(event(outcome("push", &hidden)).subject.email, None);
}

#[test]
fn alerts_are_kept_simple() {
    let leaked = sample("secret_scanning_alert");
    assert_eq!(leaked.type_, "secret.leaked");
    assert_eq!(attribute(&leaked, "secret_type"), Some("stripe_api_key"));
    assert_eq!(
        (attribute(&leaked, "validity"), attribute(&leaked, "publicly_leaked")),
        (Some("active"), Some("true"))
    );
    assert!(links(&leaked).contains(&"alert 186853002#42".to_owned()));
    let weak = sample("dependabot_alert");
    assert_eq!(
        (weak.type_.as_str(), attribute(&weak, "severity")),
        ("vulnerability.closed", Some("critical"))
    );
    assert_eq!(attribute(&weak, "resolution"), Some("tolerable_risk"));
    assert!(leaked.signals.is_empty() && weak.signals.is_empty(), "an alert is no opinion on a person");
}

#[test]
fn without_a_sender_the_owner_is_the_subject() {
    let subject = |body: &str| event(outcome("repository", body)).subject.id;
    assert_eq!(
        subject(r#"{"action":"deleted","repository":{"id":1},"organization":{"id":9}}"#),
        "organization:9"
    );
    assert_eq!(
        subject(r#"{"action":"deleted","repository":{"id":820982911946154508000},"sender":{"id":"a@b"}}"#),
        "repository:820982911946154508000"
    );
}

#[test]
fn the_end_of_a_webhook_is_a_notice() {
    let gone = r#"{"action":"deleted","hook_id":1,"hook":{"id":1,"type":"Repository"},"repository":{"id":1},"sender":{"id":2}}"#;
    assert_eq!(event(outcome("meta", gone)).type_, "source.removed");
    let removed = BODIES[9].1.replace("\"created\"", "\"deleted\"");
    assert_eq!(event(outcome("installation", &removed)).type_, "source.removed");
}
