//! Whether a body is what its event promises. The event's name is unsigned, so the body must bear it out.

use ase_connector_kit::Node;

/// Members that stand around every event and mark none.
const COMMON: [&str; 7] =
    ["action", "changes", "enterprise", "installation", "organization", "repository", "sender"];

/// Whether the body has the members that mark this event and none that mark another of the same family.
pub(crate) fn fits(name: &str, body: &Node<'_>) -> bool {
    let has = |path: &str| body.object_at(path).is_some();
    match name {
        "branch_protection_rule" => has("rule") && has("repository"),
        "code_scanning_alert" => has("alert/rule") && has("repository"),
        "dependabot_alert" => {
            (has("alert/dependency") || has("alert/security_advisory")) && has("repository")
        }
        "deploy_key" => has("key") && has("repository"),
        "github_app_authorization" => has("sender") && !has("repository") && is_plain(body),
        "installation" => has("installation/account"),
        "installation_repositories" => has("installation/account") && body.at("repositories_added").is_some(),
        "member" => has("member") && has("repository") && !has("team"),
        "membership" => has("member") && has("team"),
        "meta" => has("hook") && body.at("zen").is_none(),
        "organization" => {
            let told = has("membership") || has("invitation") || is_plain(body);
            told && has("organization") && !has("repository") && !has("team") && !has("member")
        }
        "personal_access_token_request" => has("personal_access_token_request"),
        "public" | "repository" => has("repository") && is_plain(body),
        "push" => has("repository") && body.text("ref").is_some() && body.text("before").is_some(),
        "repository_ruleset" => has("repository_ruleset"),
        "secret_scanning_alert" => body.text("alert/secret_type").is_some() && has("repository"),
        "security_and_analysis" => has("changes/from/security_and_analysis") && has("repository"),
        "team" | "team_add" => has("team") && !has("member"),
        _ => false,
    }
}

/// Whether nothing marks the body as an event of another kind: `star`, `fork`, `label` and their like all tell of a
/// repository with an action, and each has a member of its own.
fn is_plain(body: &Node<'_>) -> bool {
    body.names("").all(|name| COMMON.contains(&name))
}
