//! The three ways in which this connector says no.
//!
//! A message names the header, the setting or the place in the body, and never repeats what the sender wrote
//! there.

use crate::wit::{Refusal, RefusalReason};

/// The body lacks what makes it an event; `pointer` (RFC 6901) says where.
pub(crate) fn malformed(message: impl Into<String>, pointer: impl Into<String>) -> Refusal {
    Refusal { reason: RefusalReason::Malformed, message: message.into(), pointer: Some(pointer.into()) }
}

/// A header that authenticates the delivery is missing or unreadable.
pub(crate) fn unauthenticated(message: impl Into<String>) -> Refusal {
    Refusal { reason: RefusalReason::Unauthenticated, message: message.into(), pointer: None }
}

/// The operator of the source wrote a setting that cannot be followed.
///
/// The interface has no reason of its own for this; `malformed` keeps the delivery from being taken for forged
/// or foreign, and the message names the setting.
pub(crate) fn misconfigured(setting: &str, message: impl std::fmt::Display) -> Refusal {
    Refusal {
        reason: RefusalReason::Malformed,
        message: format!("setting `{setting}`: {message}"),
        pointer: None,
    }
}
