//! The reference of the API: an `OpenAPI` 3.1 document laid out for reading.
//!
//! It reads the document leniently: what it does not understand it leaves out.

mod operation;
mod schema;

use serde::Serialize;
use serde_json::Value;

pub use operation::{Answer, Operation, Parameter};
pub use schema::Node;

use super::Page;

/// `GET /docs`: every endpoint, grouped by tag.
#[derive(Debug, Clone, Serialize)]
pub struct ReferencePage {
    /// Title of the API.
    pub title: String,
    /// Its version.
    pub version: String,
    /// What it is for.
    pub description: String,
    /// Endpoints by tag.
    pub groups: Vec<Group>,
}

/// The endpoints of one tag.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// The tag.
    pub name: String,
    /// What the document says of the tag.
    pub description: String,
    /// Its endpoints, by path.
    pub operations: Vec<Operation>,
}

/// The methods that `OpenAPI` 3.1 knows, in the order in which people expect them.
const METHODS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

impl ReferencePage {
    /// Lays out an `OpenAPI` 3.1 document.
    #[must_use]
    pub fn new(document: &Value) -> Self {
        Self {
            title: text(document, "/info/title"),
            version: text(document, "/info/version"),
            description: text(document, "/info/description"),
            groups: groups(document),
        }
    }
}

impl Page for ReferencePage {
    const TEMPLATE: &'static str = "docs/reference.html";
}

/// Tags stand in the order of the document's `tags`; those it does not list follow as they come.
fn groups(document: &Value) -> Vec<Group> {
    let mut groups: Vec<Group> = list(document, "/tags")
        .iter()
        .map(|tag| Group {
            name: text(tag, "/name"),
            description: text(tag, "/description"),
            operations: Vec::new(),
        })
        .collect();
    let paths = document.pointer("/paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            let Some(found) = item.get(method) else { continue };
            let tag = found.pointer("/tags/0").and_then(Value::as_str).unwrap_or("API");
            let operation = Operation::read(document, method, path, item, found);
            match groups.iter_mut().find(|group| group.name == tag) {
                Some(group) => group.operations.push(operation),
                None => groups.push(Group {
                    name: tag.to_owned(),
                    description: String::new(),
                    operations: vec![operation],
                }),
            }
        }
    }
    groups.retain(|group| !group.operations.is_empty());
    groups
}

/// The text at a JSON pointer, or nothing.
fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The list at a JSON pointer, or an empty one.
fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Follows `$ref` within the document, a few steps at most; anything else is the value itself.
fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let mut found = value;
    for _ in 0..8 {
        let Some(target) = reference(found).and_then(|pointer| document.pointer(pointer)) else { break };
        found = target;
    }
    found
}

/// The JSON pointer of a `$ref` within the document.
fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()?.strip_prefix('#')
}
