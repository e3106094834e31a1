//! The further facts that are kept with an event: an allow-list of words from GitHub's own vocabularies. Never a
//! secret, never a key, never anything that a person wrote.

use ase_connector_kit::event;
use ase_connector_kit::known;
use ase_connector_kit::wit::Attribute;

use super::happening::Happening;

/// Where each fact stands; the first place that tells counts.
const WORDS: [(&str, &str); 24] = [
    ("visibility", "repository/visibility"),
    ("permission", "changes/permission/to"),
    ("permission", "changes/role_name/to"),
    ("permission", "changes/repository/permissions/to"),
    ("permission", "team/permission"),
    ("permission", "membership/role"),
    ("former_permission", "changes/permission/from"),
    ("former_permission", "changes/old_permission/from"),
    ("former_permission", "changes/role_name/from"),
    ("scope", "scope"),
    ("invitation_role", "invitation/role"),
    ("read_only", "key/read_only"),
    ("verified", "key/verified"),
    ("repository_selection", "personal_access_token_request/repository_selection"),
    ("repository_selection", "installation/repository_selection"),
    ("secret_type", "alert/secret_type"),
    ("validity", "alert/validity"),
    ("publicly_leaked", "alert/publicly_leaked"),
    ("severity", "alert/security_advisory/severity"),
    ("severity", "alert/rule/security_severity_level"),
    ("severity", "alert/rule/severity"),
    ("resolution", "alert/resolution"),
    ("resolution", "alert/dismissed_reason"),
    ("enforcement", "repository_ruleset/enforcement"),
];

/// The facts of an event.
pub(crate) fn attributes(happening: &Happening<'_, '_>) -> Vec<Attribute> {
    let body = happening.body;
    let what = match &happening.action {
        Some(action) => format!("{}.{action}", happening.name),
        None => happening.name.to_owned(),
    };
    let own = [
        ("provider_event", known::word(&what)),
        ("sender_type", body.word("sender/type")),
        ("repository", body.id("repository/full_name")),
        ("organization", body.word("organization/login")),
        ("private", event::flag(body.flag("repository/private"))),
        ("ref", body.id("ref").filter(|_| happening.name == "push")),
    ];
    event::attributes(own.into_iter().chain(WORDS.iter().map(|(name, path)| (*name, body.word(path)))))
}
