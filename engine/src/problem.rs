//! What the engine can object to, agnostic to how it is carried.

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;
use thiserror::Error;

/// One field that is wrong, named by its RFC 6901 JSON pointer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}{detail}", place(.pointer))]
pub struct FieldError {
    /// Where: `/subject/id`; empty for the whole document.
    pub pointer: String,
    /// What is wrong and what to do, without repeating the value.
    pub detail: String,
}

/// "`/subject/id` ", and nothing for the whole document.
fn place(pointer: &str) -> String {
    if pointer.is_empty() { String::new() } else { format!("`{pointer}` ") }
}

impl FieldError {
    /// Names the field and what is wrong with it.
    #[must_use]
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

/// Reads JSON from outside.
///
/// # Errors
/// A [`FieldError`] whose pointer names the member of the wrong type, or none when the body is not JSON. It never
/// repeats a value.
pub fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, FieldError> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = json_pointer(error.path());
        let cause = error.into_inner();
        if cause.is_data() { data_error(pointer, &cause.to_string()) } else { not_json(&cause) }
    })?;
    reader.end().map_err(|error| not_json(&error))?;
    Ok(read)
}

fn not_json(cause: &serde_json::Error) -> FieldError {
    FieldError::new("", format!("body is not JSON: line {}, column {}", cause.line(), cause.column()))
}

/// A missing member is named itself, not the object that lacks it.
fn data_error(pointer: String, message: &str) -> FieldError {
    let message = message.split(" at line ").next().unwrap_or(message);
    if let Some(name) = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        return FieldError::new(format!("{pointer}/{name}"), "is required");
    }
    let expected = message.rsplit_once(", expected ").map(|(_, expected)| expected);
    match expected {
        Some(expected) => FieldError::new(pointer, format!("must be {expected}")),
        // "invalid ..." repeats the value; all else is a sentence of our own
        None if message.starts_with("invalid") => FieldError::new(pointer, "does not have the right shape"),
        None => FieldError::new(pointer, message),
    }
}

/// RFC 6901 pointer for the place where reading stopped.
pub(crate) fn json_pointer(path: &serde_path_to_error::Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&step(&index.to_string())),
            Segment::Map { key: name } | Segment::Enum { variant: name } => pointer.push_str(&step(name)),
            Segment::Unknown => {}
        }
    }
    pointer
}

/// One step of a pointer: `/name`.
pub(crate) fn step(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}
