//! What this connector knows: GitHub's event and action, the neutral type, and what a person reads of it.
//!
//! Types name what happened and not who says so. The first word decides how policies weigh it: `credential` is
//! whatever opens a door. So a policy needs no word of GitHub.

/// One action of which an event is made.
pub(crate) struct Known {
    /// The neutral type.
    pub(crate) kind: &'static str,
    /// How a sentence about it begins.
    pub(crate) phrase: &'static str,
}

/// Whether events of this name are read at all.
pub(crate) fn is_known(topic: &str) -> bool {
    TOPICS.iter().any(|(known, ..)| *known == topic)
}

/// What an action of an event means; none when it is of no concern.
pub(crate) fn meaning(topic: &str, action: &str) -> Option<Known> {
    let (.., kind, phrase) = TOPICS.iter().find(|(name, known, ..)| (*name, *known) == (topic, action))?;
    Some(Known { kind, phrase })
}

/// Event, action, type and description. Source: <https://docs.github.com/en/webhooks/webhook-events-and-payloads>
const TOPICS: [(&str, &str, &str, &str); 18] = [
    ("member", "added", "credential.access_granted", "Give a person access to"),
    ("member", "edited", "credential.access_changed", "Change a person's access to"),
    ("member", "removed", "credential.access_revoked", "Take away a person's access to"),
    ("organization", "member_added", "credential.access_granted", "Take a person into"),
    ("organization", "member_removed", "credential.access_revoked", "Remove a person from"),
    ("repository", "deleted", "repository.deleted", "Delete"),
    ("repository", "publicized", "repository.publicized", "Make public"),
    ("repository", "transferred", "repository.transferred", "Transfer"),
    ("deploy_key", "created", "credential.deploy_key_added", "Let a key into"),
    ("secret_scanning_alert", "created", "secret.leaked", "A secret was found in"),
    ("secret_scanning_alert", "publicly_leaked", "secret.leaked", "A secret leaked from"),
    ("secret_scanning_alert", "reopened", "secret.leaked", "Reopen the alert about a secret in"),
    ("secret_scanning_alert", "resolved", "secret.resolved", "Close the alert about a secret in"),
    ("secret_scanning_alert", "validated", "secret.updated", "A working secret was found in"),
    (TOKEN, "approved", "credential.token_granted", "Let an access token into"),
    (TOKEN, "cancelled", "credential.token_request_closed", "Withdraw the request for an access token to"),
    (TOKEN, "created", "credential.token_requested", "Ask for an access token to"),
    (TOKEN, "denied", "credential.token_request_closed", "Refuse an access token to"),
];

const TOKEN: &str = "personal_access_token_request";
