//! How one value is found: where it stands, what is done to it, and what stands in for it.
//!
//! A rule knows nothing of the field that it fills.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::payload::constant::{Constant, Constants};
use crate::payload::node::Node;
use crate::payload::pointer::{Pointer, PointerError};
use crate::payload::scope::Scope;
use crate::payload::transform::{Transform, TransformError};

/// Why a rule cannot be followed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RuleError {
    /// A member is unknown or of the wrong type.
    #[error("{0}")]
    Shape(#[from] serde_json::Error),
    /// A pointer is none.
    #[error("{0}")]
    Pointer(#[from] PointerError),
    /// A transform is none.
    #[error("{0}")]
    Transform(#[from] TransformError),
    /// No source or several.
    #[error("give exactly one of path, paths, join, header or value")]
    Source,
    /// Minor units without a currency beside them.
    #[error("minor_units belongs to action.amount.value and action.balance.value alone")]
    MinorUnits,
}

/// A rule as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    path: Option<String>,
    paths: Option<Vec<String>>,
    join: Option<Vec<String>>,
    header: Option<String>,
    value: Option<Constant>,
    except: Option<Constants>,
    transform: Option<OneOrMany>,
    map: Option<BTreeMap<String, Constant>>,
    default: Option<Constant>,
    #[serde(default)]
    required: bool,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "write the name of a transform, or a list of them")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// Where a value comes from.
#[derive(Debug)]
enum Source {
    /// The first of these places that holds something.
    Paths(Vec<Pointer>),
    /// All of these places, with a colon between.
    Join(Vec<Pointer>),
    /// A header.
    Header(String),
    /// Always this.
    Value(String),
}

/// One rule, checked.
#[derive(Debug)]
pub(crate) struct Rule {
    source: Source,
    except: Option<Constants>,
    transforms: Vec<Transform>,
    map: Option<BTreeMap<String, Constant>>,
    default: Option<String>,
    required: bool,
}

impl Rule {
    /// Reads a rule. `amount` says whether a currency is mapped beside its field.
    ///
    /// # Errors
    /// When it has unknown members, not exactly one source, a broken pointer or an unknown transform.
    pub(crate) fn parse(value: Value, amount: bool) -> Result<Self, RuleError> {
        let written = Written::deserialize(value)?;
        let names = match written.transform {
            None => Vec::new(),
            Some(OneOrMany::One(name)) => vec![name],
            Some(OneOrMany::Many(names)) => names,
        };
        let transforms = names.iter().map(|name| Transform::parse(name)).collect::<Result<Vec<_>, _>>()?;
        if transforms.contains(&Transform::MinorUnits) && !amount {
            return Err(RuleError::MinorUnits);
        }
        let source = match (written.path, written.paths, written.join, written.header, written.value) {
            (Some(path), None, None, None, None) => Source::Paths(pointers(&[path])?),
            (None, Some(paths), None, None, None) if !paths.is_empty() => Source::Paths(pointers(&paths)?),
            (None, None, Some(paths), None, None) if !paths.is_empty() => Source::Join(pointers(&paths)?),
            (None, None, None, Some(name), None) => Source::Header(name.to_ascii_lowercase()),
            (None, None, None, None, Some(value)) => Source::Value(value.0),
            _ => return Err(RuleError::Source),
        };
        let default = written.default.map(|default| default.0).filter(|default| !default.trim().is_empty());
        let Written { except, map, required, .. } = written;
        Ok(Self { source, except, transforms, map, default, required })
    }

    /// Whether the delivery is refused when this gives nothing.
    pub(crate) fn is_required(&self) -> bool {
        self.required
    }

    /// Where it looks first, as a pointer from the whole body; `None` for a header.
    pub(crate) fn place(&self, scope: &Scope<'_, '_>) -> Option<String> {
        match &self.source {
            Source::Paths(paths) | Source::Join(paths) => paths.first().map(|path| scope.place(path)),
            Source::Header(_) | Source::Value(_) => None,
        }
    }

    /// The value, with `currency` for minor units; `None` when there is nothing to be had.
    pub(crate) fn text(&self, scope: &Scope<'_, '_>, currency: Option<&str>) -> Option<String> {
        self.found(scope).and_then(|text| self.changed(text, currency)).or_else(|| self.default.clone())
    }

    /// The value or, where the place holds an array, each of its elements.
    pub(crate) fn texts(&self, scope: &Scope<'_, '_>) -> Vec<String> {
        let found = match &self.source {
            Source::Paths(paths) => {
                let each = paths.iter().filter_map(|path| scope.find(path)).map(Node::texts);
                each.into_iter().find(|texts| !texts.is_empty()).unwrap_or_default()
            }
            _ => self.found(scope).into_iter().collect(),
        };
        let texts: Vec<_> = found.into_iter().filter_map(|text| self.changed(text, None)).collect();
        if texts.is_empty() { self.default.iter().cloned().collect() } else { texts }
    }

    fn found(&self, scope: &Scope<'_, '_>) -> Option<String> {
        let text = |path| scope.find(path).and_then(Node::text);
        match &self.source {
            Source::Paths(paths) => paths.iter().find_map(text),
            Source::Join(paths) => {
                paths.iter().map(text).collect::<Option<Vec<_>>>().map(|all| all.join(":"))
            }
            Source::Header(name) => {
                scope.header(name).filter(|value| !value.trim().is_empty()).map(str::to_owned)
            }
            Source::Value(value) => Some(value.clone()),
        }
    }

    fn changed(&self, text: String, currency: Option<&str>) -> Option<String> {
        if self.except.as_ref().is_some_and(|except| except.contain(&text)) {
            return None;
        }
        let text = self.transforms.iter().try_fold(text, |text, step| step.apply(&text, currency))?;
        let text = match &self.map {
            None => Some(text),
            Some(map) => map.get(&text).map(|constant| constant.0.clone()),
        };
        text.filter(|text| !text.trim().is_empty())
    }
}

fn pointers(texts: &[String]) -> Result<Vec<Pointer>, PointerError> {
    texts.iter().map(|text| Pointer::parse(text)).collect()
}
