//! The JSON Schema of policy documents, for editors and for whoever checks a document elsewhere.
//!
//! It is made from the types that read a document and from their comments, so it cannot lag behind them. What the
//! types cannot say (points are 0 to 100) is added in [`amend`].

mod amend;

use std::sync::LazyLock;

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::Policy;
use crate::nearest::nearest;
use crate::problem::{FieldError, step};

static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Policy>();
    let mut schema = Value::from(schema);
    amend::amend(&mut schema);
    schema
});

/// The schema (draft 2020-12) of a policy document.
#[must_use]
pub fn schema() -> Value {
    SCHEMA.clone()
}

/// Refuses a member of `value` that the definition `name` does not know, at any depth, with the one that was meant.
pub(super) fn refuse_unknown(name: &str, value: &Value) -> Result<(), FieldError> {
    match SCHEMA.pointer(&format!("/$defs/{name}")) {
        Some(definition) => walk(definition, value, ""),
        None => Ok(()),
    }
}

fn walk(definition: &Value, value: &Value, pointer: &str) -> Result<(), FieldError> {
    let definition = resolved(definition);
    if let (Value::Array(items), Some(definition)) = (value, definition.get("items")) {
        let walked = |(place, item)| walk(definition, item, &format!("{pointer}/{place}"));
        return items.iter().enumerate().try_for_each(walked);
    }
    let (Value::Object(members), Some(Value::Object(known))) = (value, definition.get("properties")) else {
        return Ok(());
    };
    for (name, member) in members {
        let below = format!("{pointer}{}", step(name));
        let Some(definition) = known.get(name) else {
            let hint = nearest(name, known.keys().map(String::as_str));
            let hint = hint.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(FieldError::new(below, format!("unknown field `{name}`{hint}")));
        };
        walk(definition, member, &below)?;
    }
    Ok(())
}

/// The definition behind a reference, also where `null` would do as well.
fn resolved(definition: &Value) -> &Value {
    let choices = definition.get("anyOf").and_then(Value::as_array);
    let choice = choices.and_then(|choices| choices.iter().find(|choice| choice.get("$ref").is_some()));
    let definition = choice.unwrap_or(definition);
    let target = definition.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix('#'));
    target.and_then(|to| SCHEMA.pointer(to)).unwrap_or(definition)
}

#[cfg(test)]
mod tests;
