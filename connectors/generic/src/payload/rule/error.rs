//! Why a rule cannot be followed, in words for who wrote it.

use crate::payload::expression::ExpressionError;
use crate::payload::pointer::PointerError;
use crate::payload::query::QueryError;
use crate::payload::transform::TransformError;

/// Why a rule cannot be followed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RuleError {
    /// A member is unknown or of the wrong type.
    #[error("{0}")]
    Shape(#[from] serde_json::Error),
    /// A pointer is none.
    #[error("{0}")]
    Pointer(#[from] PointerError),
    /// A `JSONPath` is none.
    #[error("{0}")]
    Query(#[from] QueryError),
    /// An expression is none.
    #[error("{0}")]
    Expression(#[from] ExpressionError),
    /// A transform is none.
    #[error("{0}")]
    Transform(#[from] TransformError),
    /// No source or several.
    #[error("give exactly one of path, paths, join, jsonpath, cel, header or value")]
    Source,
    /// Minor units without a currency beside them.
    #[error("minor_units belongs to action.amount.value and action.balance.value alone")]
    MinorUnits,
}
