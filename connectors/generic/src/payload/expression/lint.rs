//! A parsed expression is gone through once: what it names and calls must exist, and what it may cost is bounded.

use cel::common::ast::{ComprehensionExpr, EntryExpr, Expr, IdedExpr};

use crate::payload::sight::NAMES;

/// How deep parts may stand within one another: a chain of operators is as deep as it is long.
const DEPTH: usize = 32;
/// The functions of the language's standard library; operators are written `_+_`, `!_` and the like.
const FUNCTIONS: [&str; 11] =
    ["size", "contains", "startsWith", "endsWith", "string", "int", "uint", "double", "bool", "type", "dyn"];

/// What is known where a part stands.
#[derive(Debug, Clone, Copy)]
struct Place<'e> {
    depth: usize,
    /// The names of the comprehension around it: its item and its result.
    names: Option<[&'e str; 2]>,
}

/// Checks a parsed expression.
///
/// # Errors
/// A sentence that says what is wrong.
pub(super) fn check(expression: &IdedExpr) -> Result<(), String> {
    walk(expression, Place { depth: 0, names: None })
}

fn walk<'e>(expression: &'e IdedExpr, place: Place<'e>) -> Result<(), String> {
    let place = Place { depth: place.depth.saturating_add(1), ..place };
    if place.depth > DEPTH {
        return Err(format!("nested too deeply, or too long a chain: at most {DEPTH} levels"));
    }
    let all = |parts: &'e [IdedExpr]| parts.iter().try_for_each(|part| walk(part, place));
    match &expression.expr {
        Expr::Literal(_) => Ok(()),
        Expr::Ident(name) => ident(name, place),
        Expr::Select(select) => walk(&select.operand, place),
        Expr::List(list) => all(&list.elements),
        Expr::Call(call) => {
            let operator = !call.func_name.starts_with(|c: char| c.is_ascii_alphabetic());
            if !operator && !FUNCTIONS.contains(&call.func_name.as_str()) {
                let name: String = call.func_name.chars().take(64).collect();
                return Err(format!(
                    "`{name}` is no function; there are {}, has and the macros",
                    FUNCTIONS.join(", ")
                ));
            }
            call.target.iter().try_for_each(|target| walk(target, place))?;
            all(&call.args)
        }
        Expr::Comprehension(each) => comprehension(each, place),
        Expr::Map(map) => map.entries.iter().try_for_each(|entry| match &entry.expr {
            EntryExpr::MapEntry(entry) => walk(&entry.key, place).and_then(|()| walk(&entry.value, place)),
            EntryExpr::StructField(field) => walk(&field.value, place),
        }),
        Expr::Struct(_) => Err("has a message in braces; there is none to make".to_owned()),
        Expr::Unspecified => Err("is not a whole expression".to_owned()),
    }
}

fn ident(name: &str, place: Place<'_>) -> Result<(), String> {
    let known = NAMES.contains(&name) || place.names.is_some_and(|names| names.contains(&name));
    if known {
        return Ok(());
    }
    let name: String = name.chars().take(64).collect();
    Err(format!("`{name}` is not known; there are {}", NAMES.join(", ")))
}

/// One level: a list within a list would multiply what an expression costs.
fn comprehension<'e>(each: &'e ComprehensionExpr, place: Place<'e>) -> Result<(), String> {
    if place.names.is_some() {
        return Err(
            "asks `all`, `exists`, `map` or `filter` within another; one may be asked at a time".to_owned()
        );
    }
    if NAMES.contains(&each.iter_var.as_str()) {
        return Err(format!("calls an item `{}`; choose another name", each.iter_var));
    }
    walk(&each.iter_range, place)?;
    let inside = Place { names: Some([each.iter_var.as_str(), each.accu_var.as_str()]), ..place };
    [&each.accu_init, &each.loop_cond, &each.loop_step, &each.result]
        .into_iter()
        .try_for_each(|part| walk(part, inside))
}
