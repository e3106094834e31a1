//! What the types cannot say of themselves.

use serde_json::{Value, json};

/// Adds it to the whole schema.
pub(super) fn amend(schema: &mut Value) {
    if let Value::Object(root) = schema {
        root.insert("title".to_owned(), "A policy of Anti Social Engine".into());
    }
    if let Some(Value::Object(definitions)) = schema.get_mut("$defs") {
        for (name, definition) in definitions {
            let of_test = name.starts_with("Draft") || matches!(name.as_str(), "History" | "ListMatch" | "Travel");
            if of_test {
                of_tests(definition);
            }
            if name == "Draft" {
                definition["required"] = json!(["type"]);
            }
        }
    }
    numbers(schema);
}

/// Tests know no further fields, and write ages for times.
fn of_tests(definition: &mut Value) {
    let Some(object) = definition.as_object_mut() else { return };
    object.insert("additionalProperties".to_owned(), false.into());
    let Some(Value::Object(properties)) = object.get_mut("properties") else { return };
    for (name, property) in properties {
        let Some(property) = property.as_object_mut() else { continue };
        // what was not given did not happen, which a default of `null` or 0 tells nobody
        property.remove("default");
        if name == "now" || name.ends_with("_at") {
            property.remove("format");
            let examples = json!(["3 days ago", "90 minutes ago", "now", "2026-01-05T12:00:00Z"]);
            property.insert("examples".to_owned(), examples);
        }
    }
}

/// The limits of whole numbers. A signed one without limits of its own is points: a signal adds 0 to 100.
fn numbers(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let (least, most) = match members.get("format").and_then(Value::as_str) {
                Some("int32") => (0, 100),
                Some("uint8") => (0, i64::from(u8::MAX)),
                Some("uint32") => (0, i64::from(u32::MAX)),
                _ => {
                    members.values_mut().for_each(numbers);
                    return;
                }
            };
            members.remove("format");
            members.entry("minimum").or_insert_with(|| least.into());
            members.entry("maximum").or_insert_with(|| most.into());
        }
        Value::Array(items) => items.iter_mut().for_each(numbers),
        _ => {}
    }
}
