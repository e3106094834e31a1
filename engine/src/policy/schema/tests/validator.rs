//! As much of a validator as the schema uses. A keyword it does not know fails the test, so nothing goes unchecked.

use serde_json::Value;

use super::resolved;

/// Says which keyword of `schema` objects to `value`.
pub(super) fn valid(schema: &Value, value: &Value) -> Result<(), String> {
    let target = resolved(schema);
    if !std::ptr::eq(target, schema) && schema.get("$ref").is_some() {
        valid(target, value)?;
    }
    let keywords = schema.as_object().ok_or("no schema")?;
    for (keyword, wanted) in keywords {
        if !keeps(schema, keyword, wanted, value) {
            return Err(format!("{keyword} {wanted}: {value}"));
        }
    }
    children(schema, value)
}

fn keeps(schema: &Value, keyword: &str, wanted: &Value, value: &Value) -> bool {
    let chosen = |wanted: &Value| {
        wanted.as_array().unwrap().iter().filter(|choice| valid(choice, value).is_ok()).count()
    };
    match keyword {
        "type" => match wanted {
            Value::Array(types) => types.iter().any(|name| is_a(value, name.as_str().unwrap())),
            name => is_a(value, name.as_str().unwrap()),
        },
        "const" => value == wanted,
        "oneOf" => chosen(wanted) == 1,
        "anyOf" => chosen(wanted) > 0,
        "minimum" => value.as_f64().is_none_or(|number| number >= wanted.as_f64().unwrap()),
        "maximum" => value.as_f64().is_none_or(|number| number <= wanted.as_f64().unwrap()),
        "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= wanted.as_u64().unwrap()),
        "minProperties" => value.as_object().is_none_or(|map| map.len() as u64 >= wanted.as_u64().unwrap()),
        "uniqueItems" => value
            .as_array()
            .is_none_or(|items| items.iter().enumerate().all(|(place, item)| !items[..place].contains(item))),
        "required" => value.as_object().is_none_or(|map| {
            wanted.as_array().unwrap().iter().all(|name| map.contains_key(name.as_str().unwrap()))
        }),
        "pattern" => value.as_str().is_none_or(|text| matches(wanted.as_str().unwrap(), text)),
        "properties" | "additionalProperties" | "items" | "$ref" => {
            schema.is_object() // looked at by `children` and `valid`
        }
        "$schema" | "$defs" | "title" | "description" | "default" | "examples" | "format" => true,
        other => panic!("the validator of the tests does not know `{other}`"),
    }
}

fn children(schema: &Value, value: &Value) -> Result<(), String> {
    if let (Some(definition), Value::Array(items)) = (schema.get("items"), value) {
        items.iter().try_for_each(|item| valid(definition, item))?;
    }
    let Value::Object(members) = value else { return Ok(()) };
    for (name, member) in members {
        let known = schema.get("properties").and_then(|known| known.get(name));
        match (known, schema.get("additionalProperties")) {
            (Some(definition), _) | (None, Some(definition @ Value::Object(_))) => valid(definition, member)?,
            (None, Some(Value::Bool(false))) => return Err(format!("unknown {name}")),
            (None, _) => {}
        }
    }
    Ok(())
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        other => panic!("{other}"),
    }
}

/// The patterns of the schema, by hand.
fn matches(pattern: &str, text: &str) -> bool {
    let all = |plain: fn(u8) -> bool| (1..=64).contains(&text.len()) && text.bytes().all(plain);
    match pattern {
        "^[a-z0-9_-]{1,64}$" => {
            all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte))
        }
        "^[A-Z0-9_]{1,64}$" => all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_'),
        _ => text.parse::<f64>().is_ok(),
    }
}
