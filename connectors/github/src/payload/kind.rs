//! What each of GitHub's events means here.
//!
//! Who may get in, by membership, key, token or app, is a matter of credentials: `credential.*`. What happens to a
//! repository is `repository.*`, a secret that lies open `secret.*`, a weakness of the code `vulnerability.*`.
//!
//! Source: <https://docs.github.com/en/webhooks/webhook-events-and-payloads>.

use ase_connector_kit::Node;

/// What to do with an event.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// It is an event of this neutral type.
    Event(&'static str),
    /// It is known and of no concern, and why.
    Ignored(&'static str),
    /// It is of no concern.
    Unknown,
}

/// Events with their action; an empty one stands for events without.
const EVENTS: [(&str, &str, &str); 69] = [
    ("branch_protection_rule", "created", "repository.protection_added"),
    ("branch_protection_rule", "deleted", "repository.protection_removed"),
    ("branch_protection_rule", "edited", "repository.protection_changed"),
    ("code_scanning_alert", "appeared_in_branch", "vulnerability.found"),
    ("code_scanning_alert", "closed_by_user", "vulnerability.closed"),
    ("code_scanning_alert", "created", "vulnerability.found"),
    ("code_scanning_alert", "fixed", "vulnerability.closed"),
    ("code_scanning_alert", "reopened", "vulnerability.found"),
    ("code_scanning_alert", "reopened_by_user", "vulnerability.found"),
    ("dependabot_alert", "auto_dismissed", "vulnerability.closed"),
    ("dependabot_alert", "auto_reopened", "vulnerability.found"),
    ("dependabot_alert", "created", "vulnerability.found"),
    ("dependabot_alert", "dismissed", "vulnerability.closed"),
    ("dependabot_alert", "fixed", "vulnerability.closed"),
    ("dependabot_alert", "reintroduced", "vulnerability.found"),
    ("dependabot_alert", "reopened", "vulnerability.found"),
    ("deploy_key", "created", "credential.deploy_key_added"),
    ("deploy_key", "deleted", "credential.deploy_key_removed"),
    ("github_app_authorization", "revoked", "credential.authorization_revoked"),
    ("installation", "created", "credential.app_installed"),
    ("installation", "deleted", "source.removed"),
    ("installation", "new_permissions_accepted", "credential.app_permissions_changed"),
    ("installation", "suspend", "credential.app_suspended"),
    ("installation", "unsuspend", "credential.app_resumed"),
    ("installation_repositories", "added", "credential.app_permissions_changed"),
    ("installation_repositories", "removed", "credential.app_permissions_changed"),
    ("member", "added", "credential.access_granted"),
    ("member", "edited", "credential.access_changed"),
    ("member", "removed", "credential.access_revoked"),
    ("membership", "added", "credential.access_granted"),
    ("membership", "removed", "credential.access_revoked"),
    ("meta", "deleted", "source.removed"),
    ("organization", "deleted", "organization.deleted"),
    ("organization", "member_added", "credential.access_granted"),
    ("organization", "member_invited", "credential.access_invited"),
    ("organization", "member_removed", "credential.access_revoked"),
    ("organization", "renamed", "organization.renamed"),
    ("personal_access_token_request", "approved", "credential.token_granted"),
    ("personal_access_token_request", "cancelled", "credential.token_request_closed"),
    ("personal_access_token_request", "created", "credential.token_requested"),
    ("personal_access_token_request", "denied", "credential.token_request_closed"),
    ("public", "", "repository.publicized"),
    ("repository", "archived", "repository.archived"),
    ("repository", "created", "repository.created"),
    ("repository", "deleted", "repository.deleted"),
    ("repository", "edited", "repository.updated"),
    ("repository", "privatized", "repository.privatized"),
    ("repository", "publicized", "repository.publicized"),
    ("repository", "renamed", "repository.renamed"),
    ("repository", "transferred", "repository.transferred"),
    ("repository", "unarchived", "repository.unarchived"),
    ("repository_ruleset", "created", "repository.protection_added"),
    ("repository_ruleset", "deleted", "repository.protection_removed"),
    ("repository_ruleset", "edited", "repository.protection_changed"),
    ("secret_scanning_alert", "assigned", "secret.updated"),
    ("secret_scanning_alert", "created", "secret.leaked"),
    ("secret_scanning_alert", "publicly_leaked", "secret.leaked"),
    ("secret_scanning_alert", "reopened", "secret.leaked"),
    ("secret_scanning_alert", "resolved", "secret.resolved"),
    ("secret_scanning_alert", "revoked", "secret.resolved"),
    ("secret_scanning_alert", "unassigned", "secret.updated"),
    ("secret_scanning_alert", "validated", "secret.updated"),
    ("security_and_analysis", "", "repository.security_changed"),
    ("team", "added_to_repository", "credential.access_granted"),
    ("team", "created", "team.created"),
    ("team", "deleted", "team.deleted"),
    ("team", "edited", "credential.access_changed"),
    ("team", "removed_from_repository", "credential.access_revoked"),
    ("team_add", "", "credential.access_granted"),
];

/// Events that are known and of no concern, and why.
const UNCONCERNED: [(&str, &str); 4] = [
    ("ping", "a ping only tests the webhook, and GitHub asks for no particular answer"),
    ("repository_vulnerability_alert", "dependabot_alert tells the same"),
    ("secret_scanning_alert_location", "the alert itself tells what matters"),
    ("security_advisory", "an advisory tells of the world, not of this account"),
];

/// The meaning of an event.
pub(crate) fn meaning(name: &str, action: Option<&str>, body: &Node<'_>) -> Meaning {
    if name == "push" {
        return push(body);
    }
    let exact = EVENTS.iter().find(|(known, verb, _)| *known == name && *verb == action.unwrap_or_default());
    if let Some((_, _, kind)) = exact {
        return Meaning::Event(kind);
    }
    if EVENTS.iter().any(|(known, ..)| *known == name) {
        return Meaning::Ignored("the action is none that changes access, secrets or repositories");
    }
    let known = UNCONCERNED.iter().find(|(known, _)| *known == name);
    known.map_or(Meaning::Unknown, |(_, why)| Meaning::Ignored(why))
}

/// Pushing is daily work and says nothing of an account. A forced push is another matter: it takes away what had
/// been there, as somebody does who covers tracks or plants what nobody is to notice.
fn push(body: &Node<'_>) -> Meaning {
    match body.flag("forced") {
        Some(true) => Meaning::Event("repository.history_rewritten"),
        _ => Meaning::Ignored("pushing is daily work; only a forced push takes something away"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_stand_once_and_in_order() {
        assert!(EVENTS.is_sorted_by(|one, next| (one.0, one.1) < (next.0, next.1)));
        assert!(UNCONCERNED.is_sorted_by(|one, next| one.0 < next.0));
        assert!(UNCONCERNED.iter().all(|(name, _)| EVENTS.iter().all(|(known, ..)| known != name)));
    }

    #[test]
    fn only_a_forced_push_is_an_event() {
        let of = |body: &str| meaning("push", None, &Node::object(body.as_bytes()).unwrap());
        assert_eq!(of(r#"{"forced":true}"#), Meaning::Event("repository.history_rewritten"));
        for body in [r#"{"forced":false}"#, r#"{"forced":null}"#, "{}"] {
            assert!(matches!(of(body), Meaning::Ignored(_)), "{body}");
        }
    }
}
