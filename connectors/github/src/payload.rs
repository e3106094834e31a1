//! The body: from GitHub's event to one neutral event. Authenticity is settled before; nothing here checks it,
//! except that the event is of the owner that the source is for.
//!
//! Which event it is stands in a header that is not signed: whoever holds one genuine body may send it again as
//! another event. So a body must have the shape that its event promises, or it is refused.

mod attributes;
mod description;
mod happening;
mod kind;
mod shape;
mod target;

use ase_connector_kit::refusal::{malformed, other_account};
use ase_connector_kit::wit::{Delivery, Outcome, Refusal};
use ase_connector_kit::{Node, known, request};

use crate::body;
use happening::Happening;
use kind::Meaning;

/// What a delivery becomes: one event, or the reason why it is of no concern.
///
/// # Errors
/// `malformed` when a header is missing or the body is not what its event promises; `unauthenticated` when the
/// event is of another owner than the source's.
pub(crate) fn outcome(input: &Delivery) -> Result<Outcome, Refusal> {
    let json = body::json(&input.body)?;
    let body = Node::object(&json)?;
    let told = |name: &str| request::header(input, name).map(|text| text.and_then(known::word));
    let name =
        told("x-github-event")?.ok_or_else(|| malformed("the header x-github-event is missing", None))?;
    let delivery = told("x-github-delivery")?
        .ok_or_else(|| malformed("the header x-github-delivery is missing", None))?;
    if let Some(owner) = request::setting(input, "owner") {
        own(&body, owner)?;
    }
    let action = body.word("action");
    let ignored = |why: &str| Ok(Outcome::Ignored(format!("event {name} is of no concern{why}")));
    match kind::meaning(&name, action.as_deref(), &body) {
        Meaning::Unknown => ignored(""),
        Meaning::Ignored(why) => ignored(&format!(": {why}")),
        Meaning::Event(_) if !shape::fits(&name, &body) => {
            Err(malformed(format!("the body is not what the event {name} promises"), Some("")))
        }
        Meaning::Event(kind) => {
            let happening = Happening { id: delivery, name: &name, action, kind, body: &body };
            Ok(Outcome::Events(vec![happening.event()]))
        }
    }
}

/// Whether the event is of this organisation or user. GitHub's names know no case.
fn own(body: &Node<'_>, owner: &str) -> Result<(), Refusal> {
    let places = ["organization/login", "repository/owner/login", "installation/account/login"];
    let own =
        places.iter().any(|path| body.text(path).is_some_and(|login| login.eq_ignore_ascii_case(owner)));
    let other = || {
        other_account("the event is not of the owner that the setting `owner` names", "/organization/login")
    };
    own.then_some(()).ok_or_else(other)
}
