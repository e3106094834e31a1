//! `Program`: one condition, ready to be judged, and `Sight`: what the conditions of one decision see.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use cel::common::types::CelBool;
use cel::{Context, ExecutionError, IdedExpr, ParseErrors, Value};

use super::record::Record;
use super::{Verdict, lint, scan};
use crate::features::Features;

/// How much of the parser's own words is repeated.
const MESSAGE_MAX: usize = 120;
/// Bytes of stack for the parser: more than twice what the deepest condition takes without optimisation.
const STACK: usize = 16 * 1024 * 1024;
const UNREADABLE: &str = "cannot be read; write it in another way";

/// The functions, built once: building them costs more than judging twenty rules.
static ROOT: LazyLock<Context<'static, 'static>> = LazyLock::new(Context::default);

/// A condition that passed every check.
pub(super) struct Program {
    expression: IdedExpr,
    cost: u32,
}

/// The features of one decision under their names.
pub(super) struct Sight<'a>(Context<'a, 'a>);

impl Program {
    /// Checks the text, parses it, and checks what was parsed.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to do.
    pub(super) fn compile(text: &str) -> Result<Self, String> {
        scan::scan(text)?;
        let expression = parse(text)?;
        let cost = lint::check(&expression)?;
        Ok(Self { expression, cost })
    }

    /// What judging it may cost, in the units of the lint.
    pub(super) fn cost(&self) -> u32 {
        self.cost
    }

    /// Whether it holds for what is seen.
    pub(super) fn judge(&self, sight: &Sight<'_>) -> Verdict {
        let judged = catch_unwind(AssertUnwindSafe(|| {
            let value = Value::resolve_val(&self.expression, &sight.0)?;
            Ok(value.downcast_ref::<CelBool>().copied().map(CelBool::into_inner))
        }));
        match judged {
            Ok(Ok(Some(true))) => Verdict::Hit,
            Ok(Ok(Some(false)) | Err(ExecutionError::NoSuchKey(_))) => Verdict::Miss,
            Ok(Ok(None)) => failed("gives neither true nor false"),
            Ok(Err(error)) => failed(why(&error)),
            Err(_) => failed("stopped unexpectedly"),
        }
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").field("cost", &self.cost).finish_non_exhaustive()
    }
}

impl<'a> Sight<'a> {
    /// What conditions see of `features`.
    pub(super) fn of(features: &'a Features) -> Self {
        let mut scope: Context<'a, 'a> = ROOT.new_inner_scope();
        scope.add_variable_as_val("event", Box::new(Record::event(features)));
        scope.add_variable_as_val("history", Box::new(Record::history(features)));
        Self(scope)
    }
}

/// Parses on a stack of its own: the parser takes up to 200 KiB for each bracket. It has had panics on strange input
/// too; one must not end more than this attempt.
fn parse(text: &str) -> Result<IdedExpr, String> {
    let read = || match catch_unwind(|| cel::Program::compile(text)) {
        Ok(Ok(program)) => Ok(program.expression().clone()),
        Ok(Err(errors)) => Err(unreadable(&errors)),
        Err(_) => Err(UNREADABLE.to_owned()),
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, read);
        thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_else(|| Err(UNREADABLE.to_owned()))
    })
}

fn failed(error: &str) -> Verdict {
    Verdict::Failed(error.to_owned())
}

/// The error in words of our own: those of the library repeat values of the event.
fn why(error: &ExecutionError) -> &'static str {
    match error {
        ExecutionError::DivisionByZero(_) | ExecutionError::RemainderByZero(_) => "divides by zero",
        ExecutionError::Overflow(..) => "a number grows too large",
        ExecutionError::FunctionError { .. } => "a value cannot be converted",
        ExecutionError::NoSuchOverload(_)
        | ExecutionError::ValuesNotComparable(..)
        | ExecutionError::UnexpectedType { .. }
        | ExecutionError::UnsupportedBinaryOperator(..) => {
            "an attribute is not of the kind that the condition expects"
        }
        _ => "cannot be judged",
    }
}

/// Where the parser stopped, and why.
fn unreadable(errors: &ParseErrors) -> String {
    let Some(first) = errors.errors.first() else { return "is not a condition".to_owned() };
    let message: String =
        first.msg.chars().filter(|character| !character.is_control()).take(MESSAGE_MAX).collect();
    format!("cannot be read at line {}, column {}: {message}", first.pos.0.max(1), first.pos.1.max(1))
}
