//! How one value is found: where it stands, what is done to it, and what stands in for it.
//!
//! A rule knows nothing of the field that it fills.

mod error;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

pub(crate) use self::error::RuleError;
use crate::payload::constant::{Constant, Constants};
use crate::payload::expression::Expression;
use crate::payload::node::Node;
use crate::payload::pointer::Pointer;
use crate::payload::query::Query;
use crate::payload::scope::Scope;
use crate::payload::transform::Transform;

/// A rule as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    path: Option<String>,
    paths: Option<Vec<String>>,
    join: Option<Vec<String>>,
    jsonpath: Option<String>,
    cel: Option<String>,
    header: Option<String>,
    value: Option<Constant>,
    when: Option<String>,
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
    /// All places that a query finds.
    Query(Query),
    /// What an expression gives.
    Derived(Expression),
    /// A header.
    Header(String),
    /// Always this.
    Value(String),
}

/// One rule, checked.
#[derive(Debug)]
pub(crate) struct Rule {
    source: Source,
    when: Option<Expression>,
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
        let default = written.default.map(|default| default.0).filter(|default| !default.trim().is_empty());
        let when = written.when.as_deref().map(Expression::parse).transpose()?;
        let Written { path, paths, join, jsonpath, cel, header, value, except, map, required, .. } = written;
        let mut sources = [
            path.map(|path| pointers(&[path]).map(Source::Paths)),
            paths.filter(|paths| !paths.is_empty()).map(|paths| pointers(&paths).map(Source::Paths)),
            join.filter(|paths| !paths.is_empty()).map(|paths| pointers(&paths).map(Source::Join)),
            jsonpath.map(|query| Ok(Source::Query(Query::parse(&query)?))),
            cel.map(|text| Ok(Source::Derived(Expression::parse(&text)?))),
            header.map(|name| Ok(Source::Header(name.to_ascii_lowercase()))),
            value.map(|value| Ok(Source::Value(value.0))),
        ]
        .into_iter()
        .flatten();
        let (Some(source), None) = (sources.next(), sources.next()) else {
            return Err(RuleError::Source);
        };
        Ok(Self { source: source?, when, except, transforms, map, default, required })
    }

    /// Whether the delivery is refused when this gives nothing.
    pub(crate) fn is_required(&self) -> bool {
        self.required
    }

    /// Where it looks first, as a pointer from the whole body; `None` where no pointer says it.
    pub(crate) fn place(&self, scope: &Scope<'_, '_>) -> Option<String> {
        match &self.source {
            Source::Paths(paths) | Source::Join(paths) => paths.first().map(|path| scope.place(path)),
            _ => None,
        }
    }

    /// The value, with `currency` for minor units; `None` when there is nothing to be had.
    pub(crate) fn text(&self, scope: &Scope<'_, '_>, currency: Option<&str>) -> Option<String> {
        if !self.counts(scope) {
            return None;
        }
        self.found(scope).and_then(|text| self.changed(text, currency)).or_else(|| self.default.clone())
    }

    /// The value or, where the place holds an array, each of its elements.
    pub(crate) fn texts(&self, scope: &Scope<'_, '_>) -> Vec<String> {
        if !self.counts(scope) {
            return Vec::new();
        }
        let found = match &self.source {
            Source::Paths(paths) => {
                let each = paths.iter().filter_map(|path| scope.find(path)).map(Node::texts);
                each.into_iter().find(|texts| !texts.is_empty()).unwrap_or_default()
            }
            Source::Query(query) => scope.find_all(query).into_iter().flat_map(Node::texts).collect(),
            Source::Derived(expression) => expression.texts(scope),
            _ => self.found(scope).into_iter().collect(),
        };
        let texts: Vec<_> = found.into_iter().filter_map(|text| self.changed(text, None)).collect();
        if texts.is_empty() { self.default.iter().cloned().collect() } else { texts }
    }

    /// Whether its condition holds; one that cannot be judged does not.
    fn counts(&self, scope: &Scope<'_, '_>) -> bool {
        self.when.as_ref().is_none_or(|when| when.holds(scope).unwrap_or(false))
    }

    fn found(&self, scope: &Scope<'_, '_>) -> Option<String> {
        let text = |path| scope.find(path).and_then(Node::text);
        match &self.source {
            Source::Paths(paths) => paths.iter().find_map(text),
            Source::Join(paths) => {
                paths.iter().map(text).collect::<Option<Vec<_>>>().map(|all| all.join(":"))
            }
            Source::Query(query) => scope.find_all(query).into_iter().find_map(Node::text),
            Source::Derived(expression) => expression.texts(scope).into_iter().next(),
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

fn pointers(texts: &[String]) -> Result<Vec<Pointer>, RuleError> {
    texts.iter().map(|text| Pointer::parse(text).map_err(RuleError::Pointer)).collect()
}
