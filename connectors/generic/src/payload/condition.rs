//! Whether a place in the body or a header says a certain thing: for what to ignore, and for what changed.

use serde::Deserialize;
use serde_json::Value;

use crate::payload::constant::Constants;
use crate::payload::node::Node;
use crate::payload::pointer::Pointer;
use crate::payload::rule::RuleError;
use crate::payload::scope::Scope;
use crate::refusal::misconfigured;
use crate::wit::Refusal;

/// A condition of the setting `ignore` as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    path: Option<String>,
    header: Option<String>,
    equals: Constants,
}

#[derive(Debug)]
enum Place {
    Body(Pointer),
    Header(String),
}

/// One condition, checked.
#[derive(Debug)]
pub(crate) struct Condition {
    place: Place,
    equals: Constants,
}

impl Condition {
    /// Reads the setting `ignore`: a JSON list of conditions.
    ///
    /// # Errors
    /// `malformed`, naming the setting and the condition, when it is no such list.
    pub(crate) fn parse_all(setting: &str) -> Result<Vec<Self>, Refusal> {
        let list: Vec<Value> = serde_json::from_str(setting)
            .map_err(|error| misconfigured("ignore", format_args!("not a JSON list: {error}")))?;
        let conditions = list.into_iter().enumerate().map(|(n, value)| {
            Self::parse(value).map_err(|error| misconfigured("ignore", format_args!("`{n}`: {error}")))
        });
        conditions.collect()
    }

    fn parse(value: Value) -> Result<Self, ConditionError> {
        let written = Written::deserialize(value).map_err(RuleError::Shape)?;
        let place = match (written.path, written.header) {
            (Some(path), None) => Place::Body(Pointer::parse(&path).map_err(RuleError::Pointer)?),
            (None, Some(name)) => Place::Header(name.to_ascii_lowercase()),
            _ => return Err(ConditionError::Place),
        };
        Ok(Self { place, equals: written.equals })
    }

    /// Whether it holds for an event.
    pub(crate) fn holds(&self, scope: &Scope<'_, '_>) -> bool {
        match &self.place {
            Place::Body(pointer) => {
                scope.find(pointer).and_then(Node::text).is_some_and(|text| self.equals.contain(&text))
            }
            Place::Header(name) => scope.header(name).is_some_and(|text| self.equals.contain(text)),
        }
    }

    /// Why an event is ignored when it holds.
    pub(crate) fn reason(&self) -> String {
        match &self.place {
            Place::Body(pointer) => format!("setting `ignore`: {}", pointer.path()),
            Place::Header(name) => format!("setting `ignore`: header {name}"),
        }
    }
}

/// Why a condition cannot be followed.
#[derive(Debug, thiserror::Error)]
enum ConditionError {
    #[error("{0}")]
    Rule(#[from] RuleError),
    #[error("give exactly one of path or header")]
    Place,
}
