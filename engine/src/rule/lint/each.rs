//! `all`, `exists` and `exists_one` over a list.

use cel::common::ast::operators::{ADD, CONDITIONAL, LOGICAL_AND, LOGICAL_OR};
use cel::common::ast::{ComprehensionExpr, Expr, IdedExpr};

use super::{Found, Place, Walk};
use crate::rule::catalogue::Kind;

/// What it costs to come to the next item.
const STEP: u32 = 6;
/// How deep the question stands in what the parser makes of it.
const DEPTH: usize = 3;

/// Checks what is asked of every item. One level: lists within lists would multiply what a condition costs.
pub(super) fn walk<'e>(each: &'e ComprehensionExpr, place: Place<'e>) -> Walk {
    let body =
        body(each).ok_or("makes a list with `map` or `filter`; use `all`, `exists` or `exists_one`")?;
    if place.item.is_some() {
        return Err(
            "asks `all`, `exists` or `exists_one` within another; only one may be asked at a time".to_owned()
        );
    }
    let name = each.iter_var.as_str();
    if matches!(name, "event" | "history") || each.iter_var2.is_some() {
        return Err(format!("calls an item `{name}`; choose another name"));
    }
    let list = super::walk(&each.iter_range, place)?;
    let Some(item) = list.kind.item() else {
        return Err(format!("goes through the items of {}, which is no list", list.say()));
    };
    let asked = super::walk(body, Place { item: Some((name, item)), depth: place.depth + DEPTH })?;
    if !asked.is(Kind::Bool) {
        return Err(format!("asks of every item what is not true or false but {}", asked.say()));
    }
    let cost = list.cost.saturating_add(list.items.saturating_mul(asked.cost.saturating_add(STEP)));
    Ok(Found::new(Kind::Bool, cost))
}

/// What is asked of every item, as the parser writes the three macros out.
fn body(each: &ComprehensionExpr) -> Option<&IdedExpr> {
    let Expr::Call(step) = &each.loop_step.expr else { return None };
    match (step.func_name.as_str(), step.args.as_slice()) {
        (LOGICAL_AND | LOGICAL_OR, [_, body]) => Some(body),
        (CONDITIONAL, [body, then, _]) if counts(then) => Some(body),
        _ => None,
    }
}

/// True for `@result + 1`, false for the `@result + [item]` of `filter`.
fn counts(then: &IdedExpr) -> bool {
    let Expr::Call(call) = &then.expr else { return false };
    call.func_name == ADD && matches!(call.args.as_slice(), [_, one] if matches!(one.expr, Expr::Literal(_)))
}
