//! From a body to events: what to ignore, what to split, which mapping to follow.
//!
//! It decides about whole deliveries; a single field is the concern of the rooms below. Signatures are none of
//! its concern: the host calls it only for an authentic delivery.

mod change;
mod condition;
mod constant;
mod country;
mod draft;
mod expression;
mod field;
mod mapping;
mod money;
mod node;
mod plain;
mod pointer;
mod query;
mod rule;
mod scope;
mod sight;
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
use expression::Expression;
use mapping::Mapping;
use node::Node;
use pointer::Pointer;
use query::Query;
use scope::Scope;

/// The settings that say what becomes an event, read and checked before the body is opened.
struct Plan {
    mapping: Option<Mapping>,
    ignore: Vec<Condition>,
    when: Option<Expression>,
    split: Option<Split>,
}

/// Where the parts of a body stand that become one event each.
enum Split {
    Pointer(Pointer),
    Query(Query),
}

impl Plan {
    fn of(request: Request<'_>) -> Result<Self, Refusal> {
        let when = request.setting("when").map(Expression::parse).transpose();
        Ok(Self {
            mapping: Mapping::of(request)?,
            ignore: request.setting("ignore").map(Condition::parse_all).transpose()?.unwrap_or_default(),
            when: when.map_err(|error| misconfigured("when", error))?,
            split: request.setting("split").map(Split::parse).transpose()?,
        })
    }

    /// Why an event is not taken; `None` when it is.
    fn passed_over(&self, scope: &Scope<'_, '_>) -> Result<Option<String>, Refusal> {
        if let Some(condition) = self.ignore.iter().find(|condition| condition.holds(scope)) {
            return Ok(Some(condition.reason()));
        }
        match self.when.as_ref().map(|when| when.holds(scope)) {
            None | Some(Ok(true)) => Ok(None),
            Some(Ok(false)) => Ok(Some("setting `when` is not true".to_owned())),
            // to pass it over would lose an event without a word
            Some(Err(why)) => Err(misconfigured("when", format_args!("{why} in this delivery"))),
        }
    }
}

impl Split {
    fn parse(text: &str) -> Result<Self, Refusal> {
        if Query::is_meant(text) {
            return Query::parse(text).map(Self::Query).map_err(|error| misconfigured("split", error));
        }
        Pointer::parse(text).map(Self::Pointer).map_err(|error| misconfigured("split", error))
    }
}

/// What a delivery becomes under the settings of its source.
///
/// # Errors
/// `malformed` when the body is not JSON, when an id, a subject or a field that the mapping requires is missing,
/// or when a setting cannot be read.
pub(crate) fn outcome(request: Request<'_>) -> Result<Outcome, Refusal> {
    let plan = Plan::of(request)?;
    let body = Node::parse(request.body()).ok_or_else(|| malformed("the body is not JSON", ""))?;
    let whole = Scope::whole(request, &body);
    if is_ping(&whole) {
        return Ok(Outcome::Ignored("ping".to_owned()));
    }
    let mut events = Vec::new();
    let mut ignored = None;
    for scope in elements(&whole, plan.split.as_ref())? {
        if let Some(reason) = plan.passed_over(&scope)? {
            ignored = Some(reason);
            continue;
        }
        events.push(match &plan.mapping {
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

/// The parts of the body that become one event each: the whole of it, or what `split` finds.
fn elements<'n, 'b>(whole: &Scope<'n, 'b>, split: Option<&Split>) -> Result<Vec<Scope<'n, 'b>>, Refusal> {
    let pointer = match split {
        None => return Ok(vec![whole.clone()]),
        Some(Split::Query(query)) => {
            let found = query.find(whole.body).into_iter();
            return Ok(found.map(|(node, place)| whole.element(node, place)).collect());
        }
        Some(Split::Pointer(pointer)) => pointer,
    };
    let place = whole.place(pointer);
    let list = whole
        .find(pointer)
        .and_then(Node::elements)
        .ok_or_else(|| malformed("setting `split` points at no array", place.clone()))?;
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
