//! From a body to events: what to ignore, what to split, which mapping to follow.
//!
//! It decides about whole deliveries; a single field is the concern of the rooms below. Signatures are none of
//! its concern: the host calls it only for an authentic delivery.

mod condition;
mod constant;
mod country;
mod draft;
mod field;
mod mapping;
mod money;
mod node;
mod plain;
mod pointer;
mod rule;
mod scope;
mod standard;
mod time;
mod transform;

use std::collections::BTreeSet;

#[cfg(test)]
pub(crate) use field::FIELDS;

use crate::refusal::{malformed, misconfigured};
use crate::request::Request;
use crate::wit::{Event, Outcome, Refusal};
use condition::Condition;
use mapping::Mapping;
use node::Node;
use pointer::Pointer;
use scope::Scope;

/// What a delivery becomes under the settings of its source.
///
/// # Errors
/// `malformed` when the body is not JSON, when an id, a subject or a field that the mapping requires is missing,
/// or when a setting cannot be read.
pub(crate) fn outcome(request: Request<'_>) -> Result<Outcome, Refusal> {
    let mapping = request.setting("mapping").map(Mapping::parse).transpose()?;
    let conditions = request.setting("ignore").map(Condition::parse_all).transpose()?.unwrap_or_default();
    let split = request.setting("split").map(Pointer::parse).transpose();
    let split = split.map_err(|error| misconfigured("split", error))?;
    let body = Node::parse(request.body()).ok_or_else(|| malformed("the body is not JSON", ""))?;
    let whole = Scope::whole(request, &body);
    if is_ping(&whole) {
        return Ok(Outcome::Ignored("ping".to_owned()));
    }
    let mut events = Vec::new();
    let mut ignored = None;
    for scope in elements(&whole, split.as_ref())? {
        if let Some(condition) = conditions.iter().find(|condition| condition.holds(&scope)) {
            ignored = Some(condition.reason());
            continue;
        }
        events.push(match &mapping {
            Some(mapping) => mapping.event(&scope)?,
            None => standard::event(&scope)?,
        });
    }
    if events.is_empty() {
        return Ok(Outcome::Ignored(ignored.unwrap_or_else(|| "setting `split`: no element".to_owned())));
    }
    tell_apart(&mut events);
    Ok(Outcome::Events(events))
}

/// GitHub's greeting to a new hook. The header alone would do, were it signed; `hook_id` is inside the body.
fn is_ping(scope: &Scope<'_, '_>) -> bool {
    scope.header("x-github-event") == Some("ping") && scope.body.child("hook_id").is_some()
}

/// The parts of the body that become one event each: the whole of it, or the elements under `split`.
fn elements<'n, 'b>(whole: &Scope<'n, 'b>, split: Option<&Pointer>) -> Result<Vec<Scope<'n, 'b>>, Refusal> {
    let Some(split) = split else {
        return Ok(vec![whole.clone()]);
    };
    let list = whole
        .find(split)
        .and_then(Node::elements)
        .ok_or_else(|| malformed("setting `split` points at no array", whole.place(split)))?;
    let place = whole.place(split);
    Ok(list.iter().enumerate().map(|(n, node)| whole.element(node, format!("{place}/{n}"))).collect())
}

/// Gives the second and every later event of one id the first free `#n`, so that none is taken for a repeat.
fn tell_apart(events: &mut [Event]) {
    let mut seen = BTreeSet::new();
    for event in events {
        let mut id = event.id.clone();
        let mut n = 1_u32;
        while !seen.insert(id.clone()) {
            n = n.saturating_add(1);
            id = format!("{}#{n}", event.id);
        }
        event.id = id;
    }
}
