//! When a field counts as changed: a place of the body says so, or an expression.

use serde::Deserialize;
use serde_json::Value;

use crate::payload::constant::Constants;
use crate::payload::expression::Expression;
use crate::payload::node::Node;
use crate::payload::pointer::Pointer;
use crate::payload::rule::RuleError;
use crate::payload::scope::Scope;

/// When a field counts as changed.
#[derive(Debug)]
pub(crate) struct Changed {
    field: String,
    when: When,
}

#[derive(Debug)]
enum When {
    /// The place holds something telling, or exactly what is asked for.
    Place(Pointer, Option<Constants>),
    /// The expression is true.
    Holds(Expression),
}

/// A change as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    field: String,
    when: Option<String>,
    equals: Option<Constants>,
    cel: Option<String>,
}

/// Why an entry cannot be followed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChangeError {
    /// Its place or its expression is none.
    #[error("{0}")]
    Rule(#[from] RuleError),
    /// No condition or two.
    #[error("every entry needs a pointer `when` or an expression `cel`, and `equals` only beside `when`")]
    When,
}

impl Changed {
    /// Reads an entry of `changes`.
    ///
    /// # Errors
    /// When it has unknown members, not exactly one condition, or one that cannot be followed.
    pub(crate) fn parse(value: Value) -> Result<Self, ChangeError> {
        let written = Written::deserialize(value).map_err(RuleError::Shape)?;
        let when = match (written.when, written.cel, written.equals) {
            (Some(place), None, equals) => {
                When::Place(Pointer::parse(&place).map_err(RuleError::Pointer)?, equals)
            }
            (None, Some(text), None) => When::Holds(Expression::parse(&text).map_err(RuleError::Expression)?),
            _ => return Err(ChangeError::When),
        };
        Ok(Self { field: written.field, when })
    }

    /// The name of the field.
    pub(crate) fn field(&self) -> &str {
        &self.field
    }

    /// Whether it changed; an expression that cannot be judged says no.
    pub(crate) fn holds(&self, scope: &Scope<'_, '_>) -> bool {
        match &self.when {
            When::Place(place, Some(equals)) => {
                scope.find(place).and_then(Node::text).is_some_and(|text| equals.contain(&text))
            }
            When::Place(place, None) => scope.find(place).is_some_and(Node::is_telling),
            When::Holds(expression) => expression.holds(scope).unwrap_or(false),
        }
    }
}
