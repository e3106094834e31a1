//! To whom or what access is given, and everything else that an event is about.

use ase_connector_kit::wit::{Destination, Link};
use ase_connector_kit::{Node, event};

use super::happening::{Happening, thing};

/// Who or what gains by it: a member, a key, a token, an app, a new owner.
pub(crate) fn target(happening: &Happening<'_, '_>) -> Option<Destination> {
    let body = happening.body;
    let of = |kind: &str, id: Option<String>, label: Option<String>| {
        Some(event::destination(thing(kind, &id?), label))
    };
    match happening.name {
        "member" | "membership" => of("user", body.id("member/id"), body.name("member/login")),
        "organization" => of("user", body.id("membership/user/id"), body.name("membership/user/login"))
            .or_else(|| of("invitation", body.id("invitation/id"), body.name("invitation/login"))),
        "deploy_key" => of("deploy_key", body.id("key/id"), body.name("key/title")),
        "personal_access_token_request" => {
            let owner = "personal_access_token_request/owner/login";
            of("token", body.id("personal_access_token_request/id"), body.name(owner))
        }
        "installation" | "installation_repositories" => {
            of("app", body.id("installation/app_id"), body.name("installation/app_slug"))
        }
        "team" | "team_add" => of("team", body.id("team/id"), body.name("team/name")),
        "repository" if happening.kind == "repository.transferred" => {
            of("owner", body.id("repository/owner/id"), body.name("repository/owner/login"))
        }
        _ => None,
    }
}

/// Every id that can be linked.
pub(crate) fn links(happening: &Happening<'_, '_>) -> Vec<Link> {
    let body = happening.body;
    event::links([
        ("repository", body.id("repository/id")),
        ("organization", body.id("organization/id")),
        ("user", body.id("member/id")),
        ("user", body.id("membership/user/id")),
        ("user", body.id("personal_access_token_request/owner/id")),
        ("owner", former_owner(body)),
        ("team", body.id("team/id")),
        ("deploy_key", body.id("key/id")),
        ("token_request", body.id("personal_access_token_request/id")),
        ("installation", body.id("installation/id")),
        ("alert", alert(body)),
        ("protection", body.id("rule/id").or_else(|| body.id("repository_ruleset/id"))),
    ])
}

/// To whom a repository had belonged before it was transferred.
fn former_owner(body: &Node<'_>) -> Option<String> {
    let user = body.id("changes/owner/from/user/id");
    user.or_else(|| body.id("changes/owner/from/organization/id"))
}

/// Alerts are numbered within their repository.
fn alert(body: &Node<'_>) -> Option<String> {
    Some(format!("{}#{}", body.id("repository/id")?, body.whole("alert/number")?))
}
