//! `Complaint`: what is wrong with a document, and in which line.

use serde::Serialize;
use thiserror::Error;

/// One thing that is wrong with a policy document.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[error("line {line}, column {column}{}: {detail}", place(.pointer))]
pub struct Complaint {
    /// RFC 6901 pointer of the field; empty for the whole document.
    pub pointer: String,
    /// Line of the field's name or, in a list, of the item; the first is 1.
    pub line: usize,
    /// Column of the same in characters; the first is 1.
    pub column: usize,
    /// What is wrong and what to do, without repeating a value.
    pub detail: String,
}

/// " (/name)", and nothing for the whole document.
fn place(pointer: &str) -> String {
    if pointer.is_empty() { String::new() } else { format!(" ({pointer})") }
}
