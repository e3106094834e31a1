//! How the parts of a policy are read, so that an error names its place.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, Error, IntoDeserializer as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::nearest::nearest;
use crate::problem::{FieldError, json_pointer};

/// Reads a value that came as JSON, naming the place that is wrong.
pub(super) fn value<T: DeserializeOwned>(value: &Value) -> Result<T, FieldError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer = json_pointer(error.path());
        FieldError::new(pointer, in_words(&error.into_inner().to_string()))
    })
}

/// A policy's name: it stands in addresses and logs.
pub(super) fn name<'de, D: Deserializer<'de>>(reader: D) -> Result<String, D::Error> {
    let name = String::deserialize(reader)?;
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    if (1..=64).contains(&name.len()) && name.bytes().all(known) {
        Ok(name)
    } else {
        Err(Error::custom("must be 1 to 64 lower-case letters, digits, `-` and `_`"))
    }
}

/// A map by the names of an enum. The names are read as text first, as the path to an error keeps only such.
pub(super) fn by_name<'de, K, V, D>(reader: D) -> Result<BTreeMap<K, V>, D::Error>
where
    K: DeserializeOwned + Ord,
    V: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let named = BTreeMap::<String, V>::deserialize(reader)?;
    named.into_iter().map(|(name, value)| Ok((K::deserialize(name.into_deserializer())?, value))).collect()
}

/// What a reader says, for an author: the pointer says where, so the parser's position and the value itself are left
/// out, and of many known names the one that was meant is enough.
pub(super) fn in_words(message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or(message);
    if let Some(name) = message.strip_prefix("missing field ") {
        return format!("{name} is missing");
    }
    let repeats = message.starts_with("invalid type: ") || message.starts_with("invalid value: ");
    match message.split_once(", expected ") {
        Some((_, expected)) if repeats => format!("must be {}", plainly(expected)),
        Some((what, known)) if what.starts_with("unknown ") => unknown(what, known),
        _ => message.to_owned(),
    }
}

/// "unknown field `unsee`" and the known names, each between backticks.
fn unknown(what: &str, known: &str) -> String {
    let name = what.split('`').nth(1).unwrap_or_default();
    match nearest(name, known.split('`').skip(1).step_by(2)) {
        Some(near) => format!("{what}; did you mean `{near}`?"),
        None => format!("{what}, expected {known}"),
    }
}

/// Types by the names that authors know them under.
fn plainly(expected: &str) -> &str {
    match expected {
        "i32" | "i64" => "a whole number",
        "u8" | "u32" | "u64" => "a whole number, 0 or more",
        "a map" => "an object",
        "a sequence" => "a list",
        "a string" => "text",
        "a boolean" => "true or false",
        _ if expected.starts_with("struct ") => "an object",
        other => other,
    }
}
