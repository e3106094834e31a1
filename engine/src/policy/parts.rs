//! The parts of a document that can be read each for itself, so that one mistake does not hide the next.

use serde_json::{Map, Value};

use super::{Policy, read};
use crate::problem::{FieldError, step};

/// A part of a document: the names that lead to it, and where a list is on the way, its index there.
#[derive(Debug)]
struct Part<'a> {
    path: Vec<&'a str>,
    index: Option<usize>,
    value: &'a Value,
}

/// The mistakes of the fields of `document`, as far as they can be told apart: one more than `most` at most.
pub(super) fn mistakes(document: &Map<String, Value>, most: usize) -> Vec<FieldError> {
    let mut mistakes = Vec::new();
    if !document.contains_key("name") {
        mistakes.push(FieldError::new("", "`name` is missing"));
    }
    let parts = document.iter().flat_map(|(name, value)| split(vec![name.as_str()], value));
    mistakes.extend(parts.filter_map(|part| part.mistake()).take(most));
    mistakes
}

/// Sections whose fields can be left out are split into those, and lists into their items.
fn split<'a>(path: Vec<&'a str>, value: &'a Value) -> Vec<Part<'a>> {
    let splits = matches!(
        path.as_slice(),
        ["otp" | "groups" | "observe" | "thresholds" | "signals"]
            | ["thresholds", "categories" | "event_types"]
            | ["signals", _]
    );
    match (value, path.as_slice()) {
        (Value::Object(members), _) if splits && !members.is_empty() => {
            let below = |(name, value): (&'a String, &'a Value)| {
                let path = path.iter().copied().chain([name.as_str()]).collect();
                split(path, value)
            };
            members.iter().flat_map(below).collect()
        }
        (Value::Array(items), ["floors" | "holds" | "rules" | "tests"]) => {
            let items = items.iter().enumerate();
            items.map(|(index, value)| Part { path: path.clone(), index: Some(index), value }).collect()
        }
        _ => vec![Part { path, index: None, value }],
    }
}

impl Part<'_> {
    /// What is wrong when the policy has this part alone.
    fn mistake(&self) -> Option<FieldError> {
        let item = self.index.map(|_| Value::Array(vec![self.value.clone()]));
        let value = item.unwrap_or_else(|| self.value.clone());
        let mut document = self.path.iter().rev().fold(value, |value, name| {
            let member = ((*name).to_owned(), value);
            Value::Object(Map::from_iter([member]))
        });
        if let Value::Object(members) = &mut document {
            members.entry("name").or_insert_with(|| "part".into());
        }
        let error = read::value::<Policy>(&document).err()?;
        Some(FieldError { pointer: self.pointer(&error.pointer), detail: error.detail })
    }

    /// The place in the whole document of what a reader of this part points at. A reader may stop above the part: what
    /// it found is wrong in the part all the same.
    fn pointer(&self, found: &str) -> String {
        let own: String = self.path.iter().map(|name| step(name)).collect();
        match self.index {
            None => found.strip_prefix(&own).map_or(own.clone(), |below| format!("{own}{below}")),
            Some(index) => {
                let below = found.strip_prefix(&format!("{own}/0")).unwrap_or_default();
                format!("{own}/{index}{below}")
            }
        }
    }
}
