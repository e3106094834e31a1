//! A parsed condition is gone through once: what it names must exist, what it compares must be comparable, and what
//! it may cost must be little. What passes can fail on the values of an event only by arithmetic, by a conversion, or
//! by an attribute of another kind than expected.

mod call;
mod each;
mod found;
mod operator;

use cel::common::ast::{Expr, IdedExpr, ListExpr, LiteralValue, SelectExpr};

use self::found::Found;
use super::catalogue::{Kind, feature, features};
use super::scan::DEPTH_MAX;
use crate::nearest::nearest;

/// What a condition may cost. One is about the reading of a literal; a feature is 3, an operator 1, each item that
/// a list may hold 1, and what `all`, `exists` and `exists_one` ask of an item counts once per item. A unit took some 50
/// ns on a busy machine (`benches/decision.rs`): a usual rule 1 to 2 microseconds, one at this limit 100, and that only
/// when its lists are as full as an event may make them.
pub(super) const COST_MAX: u32 = 2_000;

/// Where in a condition a part stands.
#[derive(Debug, Clone, Copy, Default)]
struct Place<'e> {
    depth: usize,
    /// The item that `all`, `exists` or `exists_one` looks at.
    item: Option<(&'e str, Kind)>,
}

type Walk = Result<Found, String>;

/// Checks a parsed condition.
///
/// # Errors
/// A sentence that says what is wrong.
pub(super) fn check(expression: &IdedExpr) -> Result<u32, String> {
    let found = walk(expression, Place::default())?;
    if !found.is(Kind::Bool) {
        return Err(format!("must be true or false, but is {}; compare it with something", found.say()));
    }
    if found.cost > COST_MAX {
        let advice = "ask fewer questions of the items of a list, or split it into several rules";
        return Err(format!("could cost {} of at most {COST_MAX}; {advice}", found.cost));
    }
    Ok(found.cost)
}

fn walk<'e>(expression: &'e IdedExpr, place: Place<'e>) -> Walk {
    let place = Place { depth: place.depth + 1, ..place };
    if place.depth > DEPTH_MAX {
        return Err(format!("is nested too deeply: at most {DEPTH_MAX} levels"));
    }
    match &expression.expr {
        Expr::Literal(literal) => self::literal(literal),
        Expr::Ident(name) => ident(name, place),
        Expr::Select(select) => self::select(select, place),
        Expr::List(list) => self::list(list, place),
        Expr::Call(call) => call::walk(call, place),
        Expr::Comprehension(each) => each::walk(each, place),
        Expr::Map(_) | Expr::Struct(_) => {
            Err("has a map or a structure in braces; there is no use for one".to_owned())
        }
        Expr::Unspecified => Err("is not a whole condition".to_owned()),
    }
}

fn literal(literal: &LiteralValue) -> Walk {
    match literal {
        LiteralValue::Boolean(_) => Ok(Found::new(Kind::Bool, 1)),
        LiteralValue::Int(_) => Ok(Found::new(Kind::Int, 1)),
        LiteralValue::Double(_) => Ok(Found::new(Kind::Double, 1)),
        LiteralValue::String(_) => Ok(Found::new(Kind::Text, 1)),
        LiteralValue::Null => {
            Err("has `null`; what is unknown is absent: write `has(event.amount)`".to_owned())
        }
        LiteralValue::UInt(_) => Err("has an unsigned number such as `1u`; leave the `u` out".to_owned()),
        LiteralValue::Bytes(_) => Err("has bytes such as `b\"a\"`; leave the `b` out".to_owned()),
    }
}

fn ident(name: &str, place: Place<'_>) -> Walk {
    match place.item {
        Some((item, kind)) if item == name => {
            Ok(Found { name: Some(name.to_owned()), ..Found::new(kind, 1) })
        }
        _ => Err(unknown(name)),
    }
}

fn select(select: &SelectExpr, place: Place<'_>) -> Walk {
    let root =
        path(&select.operand.expr).ok_or("takes a field of something else than `event` and `history`")?;
    if place.item.is_some_and(|(item, _)| item == root) {
        return Err(format!("takes a field of `{root}`, which has none"));
    }
    let name = format!("{root}.{}", select.field);
    let found = match feature(&name) {
        Some(feature) => Found {
            items: feature.items_max,
            name: Some(name),
            ..Found::new(feature.kind, 3 + feature.items_max)
        },
        None if root == "event.attributes" => Found { name: Some(name), ..Found::new(Kind::Any, 4) },
        None if root.starts_with("event.attributes.") => {
            return Err(format!(
                "takes `{}` of an attribute; write `event.attributes[\"a.b\"]` for a name with a dot",
                select.field
            ));
        }
        None => return Err(unknown(&name)),
    };
    Ok(if select.test { Found::new(Kind::Bool, found.cost) } else { found })
}

fn list<'e>(list: &'e ListExpr, place: Place<'e>) -> Walk {
    let mut cost = 1_u32;
    let mut kind = None;
    for element in &list.elements {
        let found = walk(element, place)?;
        cost = cost.saturating_add(found.cost);
        match kind {
            None => kind = Some(found.kind),
            Some(kind) if kind == found.kind => {}
            Some(_) => {
                return Err("has a list of unlike items; write all as text, as `1` or as `1.0`".to_owned());
            }
        }
    }
    let kind = match kind {
        Some(Kind::Text) => Kind::Texts,
        Some(Kind::Int) => Kind::Ints,
        Some(Kind::Double) => Kind::Doubles,
        Some(_) => return Err("has a list of something else than numbers or strings".to_owned()),
        None => return Err("has an empty list, in which nothing can be".to_owned()),
    };
    let items = u32::try_from(list.elements.len()).unwrap_or(u32::MAX);
    Ok(Found { items, ..Found::new(kind, cost) })
}

/// `event.amount` as it is written; none for what is no plain name.
fn path(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) if !select.test => {
            Some(format!("{}.{}", path(&select.operand.expr)?, select.field))
        }
        _ => None,
    }
}

/// "`event.amont` is not known; did you mean `event.amount`?"
fn unknown(name: &str) -> String {
    if name == "event" || name == "history" {
        return format!(
            "names `{name}` alone; name one of its features, such as `event.type` or `history.events`"
        );
    }
    let short = |full: &'static str| full.split_once('.').map_or(full, |(_, member)| member);
    let known = features().map(|feature| feature.name);
    let meant =
        known.clone().find(|full| short(full) == name).map(str::to_owned).or_else(|| nearest(name, known));
    doubt(name, meant)
}

fn doubt(name: &str, meant: Option<String>) -> String {
    let name: String = name.chars().take(64).collect();
    match meant {
        Some(meant) => format!("`{name}` is not known; did you mean `{meant}`?"),
        None => format!("`{name}` is not known; see the catalogue of features and functions"),
    }
}
