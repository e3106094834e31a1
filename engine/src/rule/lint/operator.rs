//! What operators may stand between.

use cel::common::ast::operators as op;

use super::{Found, Walk};
use crate::rule::catalogue::Kind;

/// The kind of what an operator gives, and its own cost beyond 1.
pub(super) fn kind(name: &str, parts: &[Found]) -> Walk {
    match (name, parts) {
        (op::LOGICAL_AND | op::LOGICAL_OR | op::LOGICAL_NOT, parts) => logic(name, parts),
        (op::EQUALS | op::NOT_EQUALS, [one, other]) => equal(one, other),
        (op::LESS | op::LESS_EQUALS | op::GREATER | op::GREATER_EQUALS, [one, other]) => order(one, other),
        (op::IN, [one, list]) => contains(one, list),
        (op::CONDITIONAL, [condition, then, otherwise]) => choice(condition, then, otherwise),
        (op::NEGATE, [of]) => negate(of),
        (op::ADD | op::SUBSTRACT | op::MULTIPLY | op::DIVIDE | op::MODULO, [one, other]) => {
            arithmetic(name, one, other)
        }
        _ => Err(format!("has `{}`, which is not among the operators of a condition", symbol(name))),
    }
}

/// `_&&_` as it is written.
fn symbol(name: &str) -> &str {
    name.trim_matches(['_', '@'])
}

fn logic(name: &str, parts: &[Found]) -> Walk {
    match parts.iter().find(|found| !found.is(Kind::Bool)) {
        None => Ok(Found::new(Kind::Bool, 0)),
        Some(other) => {
            let symbol = symbol(name);
            Err(format!("has {} beside `{symbol}`, which stands between what is true or false", other.say()))
        }
    }
}

fn is_scalar(found: &Found) -> bool {
    matches!(found.kind, Kind::Bool | Kind::Int | Kind::Double | Kind::Text | Kind::Any)
}

fn apart(one: &Found, other: &Found) -> String {
    format!("compares {} with {}; both must be of one kind", one.say(), other.say())
}

fn alike(one: &Found, other: &Found) -> bool {
    (one.is_number() && other.is_number()) || one.is(other.kind) || other.is(one.kind)
}

fn equal(one: &Found, other: &Found) -> Walk {
    if let Some(list) = [one, other].into_iter().find(|found| !is_scalar(found)) {
        return Err(format!("compares {} as a whole; use `in`, `all` or `exists`", list.say()));
    }
    if alike(one, other) { Ok(Found::new(Kind::Bool, 0)) } else { Err(apart(one, other)) }
}

fn order(one: &Found, other: &Found) -> Walk {
    let fits = |found: &Found| found.is_number() || found.is(Kind::Text);
    match [one, other].into_iter().find(|found| !fits(found)) {
        Some(found) => {
            Err(format!("asks whether {} is more or less; only numbers and strings are", found.say()))
        }
        None if alike(one, other) => Ok(Found::new(Kind::Bool, 0)),
        None => Err(apart(one, other)),
    }
}

fn contains(one: &Found, list: &Found) -> Walk {
    let item = match list.kind {
        Kind::Attributes => Kind::Text,
        kind => {
            kind.item().ok_or_else(|| format!("looks for something `in` {}, which is no list", list.say()))?
        }
    };
    let item = Found::new(item, 0);
    if is_scalar(one) && alike(one, &item) {
        Ok(Found::new(Kind::Bool, list.items))
    } else {
        Err(format!("looks for {} `in` {}; it cannot be there", one.say(), list.say()))
    }
}

fn choice(condition: &Found, then: &Found, otherwise: &Found) -> Walk {
    if !condition.is(Kind::Bool) {
        return Err(format!("has {} before `?`, where something true or false must stand", condition.say()));
    }
    let kind = if then.kind == Kind::Any { otherwise.kind } else { then.kind };
    if !then.is(kind) || !otherwise.is(kind) {
        return Err(format!(
            "gives {} or {}; both sides of `:` must be of one kind",
            then.say(),
            otherwise.say()
        ));
    }
    Ok(Found { items: then.items.max(otherwise.items), ..Found::new(kind, 0) })
}

fn negate(of: &Found) -> Walk {
    match of.kind {
        Kind::Int => Ok(Found::new(Kind::Int, 0)),
        Kind::Double | Kind::Any => Ok(Found::new(Kind::Double, 0)),
        _ => Err(format!("has `-` before {}, which is no number", of.say())),
    }
}

fn arithmetic(name: &str, one: &Found, other: &Found) -> Walk {
    let symbol = symbol(name);
    let kind = match (one.kind, other.kind) {
        (Kind::Any, kind) | (kind, Kind::Any) => kind,
        (kind, other) if kind == other => kind,
        (Kind::Int, Kind::Double) | (Kind::Double, Kind::Int) => return Err(mixed(symbol, one, other)),
        _ => return Err(format!("has `{symbol}` between {} and {}", one.say(), other.say())),
    };
    match (kind, name) {
        (Kind::Int, _) if one.kind != other.kind => Err(mixed(symbol, one, other)),
        (Kind::Int, _) => Ok(Found::new(kind, 0)),
        (_, op::MODULO) => Err("has `%` beside something else than ints; write `int(...)`".to_owned()),
        (Kind::Double | Kind::Any, _) => Ok(Found::new(kind, 0)),
        (Kind::Text, op::ADD) => Ok(Found::new(kind, 4)),
        _ => Err(format!("has `{symbol}` beside {}, which is no number", one.say())),
    }
}

/// Attributes are doubles too.
fn mixed(symbol: &str, one: &Found, other: &Found) -> String {
    let advice = "write whole numbers as `2.0`, or use `double(...)`";
    format!("has `{symbol}` between {} and {}; {advice}", one.say(), other.say())
}
