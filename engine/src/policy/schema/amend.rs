//! What the types cannot say of themselves.

use serde_json::{Value, json};

/// Adds it to the whole schema.
pub(super) fn amend(schema: &mut Value) {
    if let Value::Object(root) = schema {
        root.insert("title".to_owned(), "A policy of Anti Social Engine".into());
    }
    if let Some(Value::Object(definitions)) = schema.get_mut("$defs") {
        for (name, definition) in definitions {
            if name.starts_with("Draft") || matches!(name.as_str(), "History" | "ListMatch" | "Travel") {
                of_tests(definition);
            }
            if name == "Draft" {
                require(definition, "type");
            }
        }
    }
    name_the_members(schema, "/$defs/Groups", "/$defs/Group");
    name_the_members(schema, "/$defs/Thresholds/properties/categories", "/$defs/Category");
    numbers(schema);
    flow(schema);
}

/// A map whose names are those of an enum: each is a property of its own, so that an editor can offer it.
fn name_the_members(schema: &mut Value, map: &str, names: &str) {
    let names = schema.pointer(names).and_then(|names| names.get("oneOf")?.as_array()).cloned();
    let Some(Value::Object(map)) = schema.pointer_mut(map) else { return };
    let member = map.insert("additionalProperties".to_owned(), false.into()).unwrap_or_default();
    let properties = names.unwrap_or_default().into_iter().filter_map(|name| {
        let mut property = member.as_object()?.clone();
        property.insert("description".to_owned(), name.get("description")?.clone());
        Some((name.get("const")?.as_str()?.to_owned(), Value::Object(property)))
    });
    map.insert("properties".to_owned(), Value::Object(properties.collect()));
}

/// Descriptions are comments, whose lines end where the editor was full.
fn flow(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name == "description" => *text = text.replace('\n', " "),
                    _ => flow(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(flow),
        _ => {}
    }
}

fn require(definition: &mut Value, name: &str) {
    if let Value::Object(members) = definition {
        members.insert("required".to_owned(), json!([name]));
    }
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
