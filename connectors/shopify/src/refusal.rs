//! The connector's no. Owns how refusals are made; never puts a header's or a body's value into a message.

use crate::bindings::exports::ase::connector::normalizer::{Refusal, RefusalReason};

/// The body is not what its topic promises; `pointer` (RFC 6901) says where.
pub(crate) fn malformed(message: impl Into<String>, pointer: Option<&str>) -> Refusal {
    Refusal { reason: RefusalReason::Malformed, message: message.into(), pointer: pointer.map(str::to_owned) }
}

/// A header is missing or wrong, or the delivery belongs to another shop.
pub(crate) fn unauthenticated(message: impl Into<String>) -> Refusal {
    Refusal { reason: RefusalReason::Unauthenticated, message: message.into(), pointer: None }
}
