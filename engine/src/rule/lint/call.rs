//! Functions: the few there are.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators};

use super::{Found, Place, Walk, doubt, operator};
use crate::nearest::nearest;
use crate::rule::catalogue::Kind;

/// The functions of a condition; all else is written with operators.
const FUNCTIONS: [&str; 11] = [
    "size",
    "startsWith",
    "endsWith",
    "contains",
    "has",
    "int",
    "double",
    "string",
    "all",
    "exists",
    "exists_one",
];

/// Checks an operator or a function.
pub(super) fn walk<'e>(call: &'e CallExpr, place: Place<'e>) -> Walk {
    let name = call.func_name.as_str();
    if name == operators::INDEX {
        return index(&call.args, place);
    }
    let mut all = Vec::with_capacity(call.args.len() + 1);
    if is_function(name) {
        refuse_unknown(name)?;
    }
    for part in call.target.as_deref().into_iter().chain(&call.args) {
        all.push(super::walk(part, place)?);
    }
    let cost = all.iter().fold(1_u32, |sum, found| sum.saturating_add(found.cost));
    let found = if is_function(name) {
        function(name, call.target.is_some(), &all)?
    } else {
        operator::kind(name, &all)?
    };
    Ok(Found { cost: cost.saturating_add(found.cost), ..found })
}

/// The parser names operators `_+_`, `!_` or `@in`.
fn is_function(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
}

fn refuse_unknown(name: &str) -> Result<(), String> {
    match name {
        "matches" => Err("has `matches`; use `startsWith`, `endsWith` or `contains`".to_owned()),
        "map" | "filter" => Err(format!("has `{name}`; use `all`, `exists` or `exists_one`")),
        _ if FUNCTIONS.contains(&name) => Ok(()),
        _ => Err(doubt(name, nearest(name, FUNCTIONS))),
    }
}

/// The kind of what a function gives, and its own cost.
fn function(name: &str, is_member: bool, parts: &[Found]) -> Walk {
    match (name, is_member, parts) {
        ("size", _, [of]) if of.is(Kind::Text) || of.kind.item().is_some() => Ok(Found::new(Kind::Int, 1)),
        ("size", _, [of]) => {
            Err(format!("asks for the size of {}, which is neither a list nor a string", of.say()))
        }
        ("startsWith" | "endsWith" | "contains", true, [whole, part]) => {
            match [whole, part].into_iter().find(|found| !found.is(Kind::Text)) {
                None => Ok(Found::new(Kind::Bool, 4)),
                Some(other) => {
                    Err(format!("asks `{name}` of {}, which is no string{}", other.say(), hint(other)))
                }
            }
        }
        ("int" | "double", false, [of]) if of.is_number() || of.is(Kind::Text) => {
            let kind = if name == "int" { Kind::Int } else { Kind::Double };
            Ok(Found::new(kind, 4))
        }
        ("string", false, [of]) if of.is_number() || of.is(Kind::Text) || of.is(Kind::Bool) => {
            Ok(Found::new(Kind::Text, 8))
        }
        ("int" | "double" | "string", false, [of]) => Err(format!("cannot make `{name}` of {}", of.say())),
        _ => Err(format!("does not use `{name}` as it is meant: {}", usage(name))),
    }
}

fn hint(found: &Found) -> &'static str {
    if found.kind == Kind::Texts { "; use `in`, `all` or `exists`" } else { "" }
}

fn usage(name: &str) -> &'static str {
    match name {
        "size" => "`size(event.flags)`",
        "startsWith" => "`event.type.startsWith(\"payout.\")`",
        "endsWith" => "`event.type.endsWith(\".created\")`",
        "contains" => "`event.type.contains(\"changed\")`",
        "has" => "`has(event.amount)`",
        "all" | "exists" | "exists_one" => "`event.flags.exists(flag, flag == \"vpn\")`",
        "int" => "`int(event.amount)`",
        "double" => "`double(history.events)`",
        _ => "`string(history.events)`",
    }
}

/// `event.attributes["name"]`: the one thing that is asked by index.
fn index<'e>(parts: &'e [IdedExpr], place: Place<'e>) -> Walk {
    let [of, key] = parts else { return Err("has an index of nothing".to_owned()) };
    let of = super::walk(of, place)?;
    if of.kind != Kind::Attributes {
        return Err(format!("takes an item of {} by index; use `in`, `all` or `exists`", of.say()));
    }
    match &key.expr {
        Expr::Literal(LiteralValue::String(key)) => {
            let name = format!("event.attributes[\"{}\"]", key.inner());
            Ok(Found { name: Some(name), ..Found::new(Kind::Any, of.cost + 1) })
        }
        _ => Err("names an attribute by something else than text in quotes".to_owned()),
    }
}
