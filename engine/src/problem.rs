//! What the engine can object to, agnostic to how it is carried.

use thiserror::Error;

/// One field that is wrong, named by its RFC 6901 JSON pointer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{pointer}` {detail}")]
pub struct FieldError {
    /// Where: `/subject/id`; empty for the whole document.
    pub pointer: String,
    /// What is wrong and what to do, without repeating the value.
    pub detail: String,
}

impl FieldError {
    /// Names the field and what is wrong with it.
    #[must_use]
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}
