//! A connector's no, in the words that help who operates the source. Never repeats the body, a header or a secret.

use crate::wit::{Refusal, RefusalReason};

/// The body is not what it should be; `pointer` (RFC 6901) says where.
#[must_use]
pub fn malformed(message: impl Into<String>, pointer: Option<&str>) -> Refusal {
    refusal(RefusalReason::Malformed, message, pointer)
}

/// A signature, a header or the account is missing or wrong.
#[must_use]
pub fn unauthenticated(message: impl Into<String>) -> Refusal {
    refusal(RefusalReason::Unauthenticated, message, None)
}

/// The payload is of a version that the connector does not read.
#[must_use]
pub fn unsupported_version(message: impl Into<String>) -> Refusal {
    refusal(RefusalReason::UnsupportedVersion, message, None)
}

/// The account that the body names at `pointer` is not the source's.
#[must_use]
pub fn other_account(message: impl Into<String>, pointer: &str) -> Refusal {
    refusal(RefusalReason::Unauthenticated, message, Some(pointer))
}

fn refusal(reason: RefusalReason, message: impl Into<String>, pointer: Option<&str>) -> Refusal {
    Refusal { reason, message: message.into(), pointer: pointer.map(str::to_owned) }
}
