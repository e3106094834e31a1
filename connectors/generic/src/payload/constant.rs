//! Texts that an operator wrote in a setting.

use serde::Deserialize;
use serde_json::Value;

/// One text; a number or a truth value is taken as its text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub(crate) struct Constant(pub(crate) String);

impl TryFrom<Value> for Constant {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        match value {
            Value::String(text) => Ok(Self(text)),
            Value::Bool(_) | Value::Number(_) => Ok(Self(value.to_string())),
            _ => Err("write a text, a number or a truth value here"),
        }
    }
}

/// One text, or several of which any will do.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "write a text, a number or a truth value here, or a list of them")]
pub(crate) enum Constants {
    /// Exactly this.
    One(Constant),
    /// Any of these.
    Any(Vec<Constant>),
}

impl Constants {
    /// Whether `text` is among them.
    pub(crate) fn contain(&self, text: &str) -> bool {
        match self {
            Self::One(constant) => constant.0 == text,
            Self::Any(constants) => constants.iter().any(|constant| constant.0 == text),
        }
    }
}
