//! Conditions and derived values in CEL, the Common Expression Language (<https://cel.dev>).
//!
//! It knows how an expression is read, bounded and judged; what an expression sees is the concern of `sight`.

mod lint;

use std::sync::{Arc, LazyLock};

use cel::common::ast::IdedExpr;
use cel::common::types::{CelBool, CelDouble, CelInt, CelList, CelString, CelUInt};
use cel::common::value::Val;
use cel::parser::PrattParser;
use cel::{Context, Env, ExecutionError, Value};

use crate::payload::scope::Scope;
use crate::payload::sight;

/// How long an expression may be.
const LENGTH: usize = 1024;
/// How deep its brackets and operators may stand within one another. Reading and judging go down the stack for each,
/// and a guest's stack is small.
const DEPTH: u16 = 16;
/// How many parts it may have.
const PARTS: usize = 200;

/// The functions and types of the language; made once per delivery, and only where an expression is judged.
static LANGUAGE: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// An expression, checked.
#[derive(Debug)]
pub(crate) struct Expression(IdedExpr);

/// Why a text is no expression, in one sentence.
#[derive(Debug, thiserror::Error)]
#[error("CEL: {0}")]
pub(crate) struct ExpressionError(String);

/// Why an expression gave no answer for a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// It names a member that is not there.
    Missing,
    /// It cannot be judged; why, in words that hold nothing of the delivery.
    Failed(&'static str),
}

impl Expression {
    /// Reads and checks an expression.
    ///
    /// # Errors
    /// A sentence that says what is wrong and where.
    pub(crate) fn parse(text: &str) -> Result<Self, ExpressionError> {
        if text.len() > LENGTH {
            return Err(ExpressionError(format!("at most {LENGTH} bytes")));
        }
        let parser = PrattParser::default().max_recursion_depth(DEPTH).max_expression_node_count(PARTS);
        let expression = parser.parse(text).map_err(|errors| {
            let first = errors.errors.first();
            let (place, message) = first.map_or((0, ""), |error| (error.pos.1, error.msg.as_str()));
            let message: String = message.chars().filter(|c| !c.is_control()).take(120).collect();
            ExpressionError(format!("cannot be read at column {place}: {message}"))
        })?;
        lint::check(&expression).map_err(ExpressionError)?;
        Ok(Self(expression))
    }

    /// Whether it is true; a member that is not there makes it false.
    ///
    /// # Errors
    /// Why it cannot be judged.
    pub(crate) fn holds(&self, scope: &Scope<'_, '_>) -> Result<bool, &'static str> {
        match self.judge(scope, |value| value.downcast_ref::<CelBool>().map(|flag| *flag.inner())) {
            Ok(Some(holds)) => Ok(holds),
            Ok(None) => Err("gives neither true nor false"),
            Err(Unanswered::Missing) => Ok(false),
            Err(Unanswered::Failed(why)) => Err(why),
        }
    }

    /// What it gives, as texts: several for a list, none for null, for a map, and where it cannot be judged.
    pub(crate) fn texts(&self, scope: &Scope<'_, '_>) -> Vec<String> {
        let texts = self.judge(scope, |value| match value.downcast_ref::<CelList<'_>>() {
            Some(list) => list.inner().iter().filter_map(|item| text(item.as_ref())).collect(),
            None => text(value).into_iter().collect(),
        });
        texts.unwrap_or_default()
    }

    fn judge<T>(&self, scope: &Scope<'_, '_>, read: impl Fn(&dyn Val) -> T) -> Result<T, Unanswered> {
        let mut context = Context::with_env(Arc::clone(&LANGUAGE));
        sight::show(scope, &mut context);
        let value = Value::resolve_val(&self.0, &context).map_err(|error| unanswered(&error))?;
        Ok(read(&*value))
    }
}

/// A value as a rule finds it elsewhere: blank text, null and maps are nothing.
fn text(value: &dyn Val) -> Option<String> {
    let text = if let Some(text) = value.downcast_ref::<CelString<'_>>() {
        text.inner().to_owned()
    } else if let Some(number) = value.downcast_ref::<CelInt>() {
        number.inner().to_string()
    } else if let Some(number) = value.downcast_ref::<CelUInt>() {
        number.inner().to_string()
    } else if let Some(number) = value.downcast_ref::<CelDouble>() {
        Some(*number.inner()).filter(|number| number.is_finite())?.to_string()
    } else {
        value.downcast_ref::<CelBool>()?.inner().to_string()
    };
    if text.trim().is_empty() || text.contains('\0') { None } else { Some(text) }
}

/// The error in words of our own: those of the library repeat values of the delivery.
fn unanswered(error: &ExecutionError) -> Unanswered {
    match error {
        ExecutionError::NoSuchKey(_) | ExecutionError::IndexOutOfBounds(_) => Unanswered::Missing,
        ExecutionError::DivisionByZero(_) | ExecutionError::RemainderByZero(_) => {
            Unanswered::Failed("divides by zero")
        }
        ExecutionError::Overflow(..) => Unanswered::Failed("a number grows too large"),
        ExecutionError::FunctionError { .. } => {
            Unanswered::Failed("a value cannot be converted, or a list is too long")
        }
        ExecutionError::NoSuchOverload(_)
        | ExecutionError::ValuesNotComparable(..)
        | ExecutionError::UnexpectedType { .. }
        | ExecutionError::UnsupportedBinaryOperator(..) => {
            Unanswered::Failed("a value is not of the kind that the expression expects")
        }
        _ => Unanswered::Failed("cannot be judged"),
    }
}
