//! `Node`: a JSON schema as a tree of names, kinds and sentences.

use serde::Serialize;
use serde_json::Value;

use super::{list, reference, resolve, text};

/// How deep a tree may grow; real documents stay far below.
const DEPTH: usize = 12;

/// One field, body or alternative.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Node {
    /// Name of the field, or media type of a body.
    pub name: String,
    /// `string (date-time)`, `array of object`, `string or null`, ...
    pub kind: String,
    /// Must be there.
    pub required: bool,
    /// What it means.
    pub description: String,
    /// The values it may have, written as JSON.
    pub values: Vec<String>,
    /// The fields inside.
    pub children: Vec<Node>,
}

impl Node {
    /// Reads the schema named `name`. A schema inside itself is named once and not unfolded again.
    #[must_use]
    pub fn read(document: &Value, name: &str, schema: &Value) -> Self {
        Reader { document, above: Vec::new() }.node(name, schema)
    }
}

/// Walks down a schema and remembers which `$ref`s it stands in.
struct Reader<'a> {
    document: &'a Value,
    above: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    fn node(&mut self, name: &str, schema: &'a Value) -> Node {
        let target = reference(schema);
        let resolved = resolve(self.document, schema);
        let mut node = Node {
            name: name.to_owned(),
            kind: kind(self.document, resolved, 0),
            description: described(schema, resolved),
            values: values(resolved),
            ..Node::default()
        };
        let again = target.is_some_and(|target| self.above.contains(&target));
        if !again && self.above.len() < DEPTH {
            self.above.push(target.unwrap_or_default());
            node.children = self.children(resolved);
            self.above.pop();
        }
        node
    }

    fn children(&mut self, schema: &'a Value) -> Vec<Node> {
        let required: Vec<&str> = list(schema, "/required").iter().filter_map(Value::as_str).collect();
        let mut children = Vec::new();
        for (name, field) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let mut node = self.node(name, field);
            node.required = required.contains(&name.as_str());
            children.push(node);
        }
        for part in list(schema, "/allOf") {
            children.append(&mut self.node("", part).children);
        }
        children.append(&mut self.alternatives(schema));
        for inner in [schema.get("items"), schema.get("additionalProperties")].into_iter().flatten() {
            children.append(&mut self.node("", inner).children);
        }
        children
    }

    /// `oneOf` and `anyOf`. Where but one of them is more than `null`, its fields stand in for it.
    fn alternatives(&mut self, schema: &'a Value) -> Vec<Node> {
        let parts: Vec<&Value> = choices(schema).filter(|part| !is_null(part)).collect();
        match parts.as_slice() {
            [only] => self.node("", only).children,
            several => several.iter().map(|part| self.node("either", part)).collect(),
        }
    }
}

fn choices(schema: &Value) -> impl Iterator<Item = &Value> {
    list(schema, "/oneOf").iter().chain(list(schema, "/anyOf"))
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "null")
}

/// A description beside a `$ref` comes before that of its target (`OpenAPI` 3.1 allows both).
fn described(schema: &Value, resolved: &Value) -> String {
    let own = text(schema, "/description");
    if own.is_empty() { text(resolved, "/description") } else { own }
}

fn values(schema: &Value) -> Vec<String> {
    list(schema, "/enum").iter().chain(schema.get("const")).map(ToString::to_string).collect()
}

/// The kind in words, a few lists deep. JSON Schema 2020-12 lets `type` be a list.
fn kind(document: &Value, schema: &Value, depth: usize) -> String {
    if depth > 4 {
        return "any".to_owned();
    }
    let schema = resolve(document, schema);
    let named = match schema.get("type") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => choices(schema).map(|part| kind(document, part, depth + 1)).collect(),
    };
    let mut words: Vec<String> = Vec::new();
    for name in named.iter().map(|name| refined(document, schema, name, depth)) {
        if !words.contains(&name) {
            words.push(name);
        }
    }
    match words.is_empty() {
        true if schema.get("properties").is_some() || schema.get("allOf").is_some() => "object".to_owned(),
        true => "any".to_owned(),
        false => words.join(" or "),
    }
}

/// Adds the format of a text and the kind of a list's items.
fn refined(document: &Value, schema: &Value, name: &str, depth: usize) -> String {
    match (name, schema.get("items"), schema.get("format").and_then(Value::as_str)) {
        ("array", Some(items), _) => format!("array of {}", kind(document, items, depth + 1)),
        ("string", _, Some(format)) => format!("string ({format})"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_inside_itself_ends() {
        let document = json!({"components":{"schemas":{"Tree":{"type":"object","properties":{
            "leaf":{"type":"string"},"left":{"$ref":"#/components/schemas/Tree"}}}}}});
        let tree = Node::read(&document, "body", &json!({"$ref":"#/components/schemas/Tree"}));
        let left = tree.children.iter().find(|child| child.name == "left").unwrap();
        assert_eq!((left.kind.as_str(), left.children.len()), ("object", 0));
    }

    #[test]
    fn endless_references_end() {
        let document = json!({"a":{"$ref":"#/a"},"b":{"type":"array","items":{"$ref":"#/b"}}});
        assert_eq!(Node::read(&document, "x", &document["a"]).kind, "any");
        assert!(Node::read(&document, "x", &document["b"]).kind.ends_with("array of any"));
    }

    #[test]
    fn kinds_are_told_in_words() {
        let document =
            json!({"Money":{"type":"object","required":["value"],"properties":{"value":{"type":"string"}}}});
        let table = [
            (json!({"type":["string","null"]}), "string or null"),
            (json!({"type":"string","format":"date-time"}), "string (date-time)"),
            (json!({"type":"array","items":{"$ref":"#/Money"}}), "array of object"),
            (json!({"oneOf":[{"type":"null"},{"$ref":"#/Money"}]}), "null or object"),
            (json!({}), "any"),
        ];
        for (schema, expected) in table {
            assert_eq!(Node::read(&document, "x", &schema).kind, expected);
        }
    }

    #[test]
    fn an_optional_reference_shows_its_fields() {
        let document =
            json!({"Money":{"type":"object","required":["value"],"properties":{"value":{"type":"string"}}}});
        let node = Node::read(&document, "amount", &json!({"oneOf":[{"type":"null"},{"$ref":"#/Money"}]}));
        assert_eq!(
            node.children.iter().map(|c| (c.name.as_str(), c.required)).collect::<Vec<_>>(),
            [("value", true)]
        );
    }
}
