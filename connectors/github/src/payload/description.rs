//! One plain sentence about an event for the person who is asked about it.

use super::happening::Happening;

/// The sentence; none for events that nobody is asked about. `target` is who or what gains by it.
pub(crate) fn sentence(happening: &Happening<'_, '_>, target: Option<&str>) -> Option<String> {
    let body = happening.body;
    let place = body.name("repository/full_name").or_else(|| body.name("organization/login"));
    let place = place.as_deref().unwrap_or("the account");
    let who = target.unwrap_or("somebody");
    let sentence = match happening.kind.split_once('.')? {
        ("credential", verb) => return credential(verb, who, place),
        ("organization", "deleted") => format!("Delete the organisation {place}"),
        ("organization", _) => format!("Rename the organisation {place}"),
        ("repository", "publicized") => format!("Make {place} public"),
        ("repository", "transferred") => format!("Give {place} to {who}"),
        ("repository", "history_rewritten") => format!("Overwrite the history of {place}"),
        ("repository", "protection_added" | "protection_changed") => format!("Change what protects {place}"),
        ("repository", "protection_removed") => format!("Remove what protects {place}"),
        ("repository", "security_changed") => format!("Change the security features of {place}"),
        ("repository", verb) => repository(verb, place)?,
        ("secret", _) => format!("A secret that lies open in {place}"),
        ("vulnerability", _) => format!("A weakness of the code in {place}"),
        _ => return None,
    };
    Some(sentence)
}

fn credential(verb: &str, who: &str, place: &str) -> Option<String> {
    Some(match verb {
        "access_granted" => format!("Give {who} access to {place}"),
        "access_invited" => format!("Invite {who} to {place}"),
        "access_changed" => format!("Change what {who} may do in {place}"),
        "access_revoked" => format!("Take access to {place} from {who}"),
        "deploy_key_added" => format!("Add the deploy key {who} to {place}"),
        "deploy_key_removed" => format!("Remove the deploy key {who} from {place}"),
        "token_requested" | "token_granted" => format!("Let a token of {who} into {place}"),
        "token_request_closed" => format!("Keep a token of {who} out of {place}"),
        "app_installed" => format!("Install the app {who}"),
        "app_permissions_changed" => format!("Change what the app {who} may do"),
        "app_suspended" => format!("Suspend the app {who}"),
        "app_resumed" => format!("Let the app {who} work again"),
        "authorization_revoked" => "Take the permission of an app back".to_owned(),
        _ => return None,
    })
}

fn repository(verb: &str, place: &str) -> Option<String> {
    let verb = match verb {
        "archived" => "Archive",
        "created" => "Make",
        "deleted" => "Delete",
        "privatized" => "Make private:",
        "renamed" => "Rename",
        "unarchived" => "Take out of the archive:",
        "updated" => "Change",
        _ => return None,
    };
    Some(format!("{verb} {place}"))
}
