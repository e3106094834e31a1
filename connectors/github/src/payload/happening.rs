//! One event, opened, and the neutral event it becomes.

use ase_connector_kit::wit::{Event, Subject};
use ase_connector_kit::{Node, event, known};

use super::{attributes, description, target};

/// What happened, with its headers.
#[derive(Debug)]
pub(crate) struct Happening<'n, 'b> {
    /// The delivery's id, the same when it is delivered again.
    pub(crate) id: String,
    /// GitHub's event.
    pub(crate) name: &'n str,
    /// GitHub's action, where the event has one.
    pub(crate) action: Option<String>,
    /// The neutral type.
    pub(crate) kind: &'static str,
    /// The body.
    pub(crate) body: &'n Node<'b>,
}

impl Happening<'_, '_> {
    /// The neutral event.
    pub(crate) fn event(&self) -> Event {
        let target = target::target(self);
        let goal = target.as_ref().and_then(|target| target.label.clone());
        let sentence = description::sentence(self, goal.as_deref());
        let base = event::event(self.id.clone(), self.kind, self.subject());
        Event {
            occurred_at: self.occurred_at(),
            action: sentence.and_then(|sentence| event::action(sentence, None, target)),
            links: target::links(self),
            changes: self.changes(),
            attributes: attributes::attributes(self),
            ..base
        }
    }

    /// Who did it: the account whose session or token acted, and that somebody else may have taken over. Without a
    /// sender it is the owner of what it happened to.
    fn subject(&self) -> Subject {
        let owner = || self.body.id("organization/id").map(|id| thing("organization", &id));
        let repository = || self.body.id("repository/id").map(|id| thing("repository", &id));
        let nobody = || thing("delivery", &self.id);
        let id = self.body.id("sender/id").or_else(owner).or_else(repository).unwrap_or_else(nobody);
        // An address that GitHub hides stands for nobody's mailbox.
        let email =
            self.body.email("pusher/email").filter(|email| !email.ends_with("@users.noreply.github.com"));
        Subject {
            name: self.body.name("sender/login"),
            email: email.filter(|_| self.name == "push"),
            ..event::subject(id)
        }
    }

    /// When it happened, as far as what it happened to tells. GitHub sends no time with the event itself.
    fn occurred_at(&self) -> Option<String> {
        let paths: &[&str] = match self.name {
            "branch_protection_rule" => &["rule/updated_at"],
            "code_scanning_alert" | "dependabot_alert" | "secret_scanning_alert" => {
                &["alert/updated_at", "alert/created_at"]
            }
            "deploy_key" if self.action.as_deref() == Some("created") => &["key/created_at"],
            "installation" => &["installation/updated_at"],
            "personal_access_token_request" => &["personal_access_token_request/created_at"],
            "push" => &["repository/pushed_at"],
            "repository" | "public" => &["repository/updated_at"],
            "repository_ruleset" => &["repository_ruleset/updated_at"],
            _ => &[],
        };
        paths.iter().find_map(|path| self.body.time(path))
    }

    /// What changed, by GitHub's own names.
    fn changes(&self) -> Vec<ase_connector_kit::wit::Change> {
        let names: Vec<String> = self.body.names("changes").filter_map(known::word).collect();
        event::changes(names.iter().map(String::as_str))
    }
}

/// The id of a thing by its kind.
pub(crate) fn thing(kind: &str, id: &str) -> String {
    known::clip(format!("{kind}:{id}"))
}
