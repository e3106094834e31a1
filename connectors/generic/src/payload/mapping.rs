//! The setting `mapping`: for every field of the event the rules that fill it.
//!
//! It is read and checked as a whole before any rule is followed, so that a mistake shows on the first delivery
//! and not on the first delivery of some rare kind.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::payload::change::{ChangeError, Changed};
use crate::payload::draft::{Draft, Identity};
use crate::payload::field;
use crate::payload::rule::{Rule, RuleError};
use crate::payload::scope::Scope;
use crate::refusal::misconfigured;
use crate::request::Request;
use crate::wit::{Event, Refusal, RefusalReason};

/// The name of the setting.
const SETTING: &str = "mapping";

/// A rule with the name of the link, signal or attribute that it fills.
type Named = (String, Rule);

/// The whole setting, checked.
#[derive(Debug, Default)]
pub(crate) struct Mapping {
    fields: BTreeMap<&'static str, Vec<Rule>>,
    links: Vec<Named>,
    signals: Vec<Named>,
    changes: Vec<Changed>,
    attributes: Vec<Named>,
}

/// Why a part of the mapping cannot be followed.
#[derive(Debug, thiserror::Error)]
enum MappingError {
    #[error("{0}")]
    Rule(#[from] RuleError),
    #[error("no field of an event is called so")]
    Field,
    #[error("write a list")]
    List,
    #[error("every entry needs a text `{0}`")]
    Label(&'static str),
    #[error("{0}")]
    Change(#[from] ChangeError),
}

impl Mapping {
    /// Reads the mapping of a source laid over that of its preset, key by key; a key that is null is taken away.
    /// `None` when neither is set.
    ///
    /// # Errors
    /// `malformed`, naming the key, when it is not JSON, a key is no field, or a rule cannot be followed.
    pub(crate) fn of(request: Request<'_>) -> Result<Option<Self>, Refusal> {
        let layers = [request.preset(SETTING), request.own(SETTING)];
        if layers == [None, None] {
            return Ok(None);
        }
        let mut keys = Map::new();
        for layer in layers.into_iter().flatten() {
            let layer: Map<String, Value> = serde_json::from_str(layer)
                .map_err(|error| misconfigured(SETTING, format_args!("not a JSON object: {error}")))?;
            keys.extend(layer);
        }
        keys.retain(|_, value| !value.is_null());
        Self::read(keys).map(Some)
    }

    fn read(keys: Map<String, Value>) -> Result<Self, Refusal> {
        let mut mapping = Self::default();
        for (key, value) in keys {
            mapping
                .add(&key, value)
                .map_err(|error| misconfigured(SETTING, format_args!("`{key}`: {error}")))?;
        }
        if !mapping.fields.contains_key("subject.id") {
            return Err(misconfigured(
                SETTING,
                "`subject.id` is missing; say whose account an event touches",
            ));
        }
        Ok(mapping)
    }

    fn add(&mut self, key: &str, value: Value) -> Result<(), MappingError> {
        match key {
            "links" => self.links = named(value, "type")?,
            "signals" => self.signals = named(value, "name")?,
            "attributes" => self.attributes = named(value, "name")?,
            "changes" => {
                self.changes = list(value)?.into_iter().map(Changed::parse).collect::<Result<_, _>>()?;
            }
            _ => {
                let field = field::named(key).ok_or(MappingError::Field)?;
                let amount = field::currency_of(field).is_some();
                let written = if let Value::Array(rules) = value { rules } else { vec![value] };
                let rules = written.into_iter().map(|rule| Rule::parse(rule, amount));
                self.fields.insert(field, rules.collect::<Result<_, _>>()?);
            }
        }
        Ok(())
    }

    /// The event that the rules find.
    ///
    /// # Errors
    /// `malformed` when there is no id, no subject, or a required field gives nothing.
    pub(crate) fn event(&self, scope: &Scope<'_, '_>) -> Result<Event, Refusal> {
        let mut draft = Draft::default();
        for (field, rules) in &self.fields {
            let found = if *field == field::DEVICE_FLAGS {
                let flags = texts(rules, scope);
                for flag in &flags {
                    draft.flag(flag);
                }
                !flags.is_empty()
            } else {
                draft.set(field, self.text(field, scope));
                draft.has(field)
            };
            if !found && rules.iter().any(Rule::is_required) {
                return Err(self.missing(field, scope));
            }
        }
        self.add_lists(scope, &mut draft);
        let id = draft.take("id").or_else(|| scope.message_id());
        let id = id.ok_or_else(|| self.missing("id", scope))?;
        let subject = draft.take("subject.id").ok_or_else(|| self.missing("subject.id", scope))?;
        let kind = draft.take("type").unwrap_or_else(|| "other".to_owned());
        Ok(draft.event(Identity { id, kind, subject }))
    }

    /// What the first telling rule of a field finds.
    fn text(&self, field: &str, scope: &Scope<'_, '_>) -> Option<String> {
        let currency = field::currency_of(field).and_then(|currency| self.text(currency, scope));
        self.fields.get(field)?.iter().find_map(|rule| rule.text(scope, currency.as_deref()))
    }

    fn add_lists(&self, scope: &Scope<'_, '_>, draft: &mut Draft) {
        for (kind, rule) in &self.links {
            for id in rule.texts(scope) {
                draft.link(kind.clone(), id);
            }
        }
        for (name, rule) in &self.signals {
            if let Some(score) = rule.text(scope, None) {
                draft.signal(name.clone(), &score);
            }
        }
        for (name, rule) in &self.attributes {
            if let Some(value) = rule.text(scope, None) {
                draft.attribute(name.clone(), value);
            }
        }
        for changed in self.changes.iter().filter(|changed| changed.holds(scope)) {
            draft.change(changed.field().to_owned());
        }
    }

    fn missing(&self, field: &str, scope: &Scope<'_, '_>) -> Refusal {
        let rules = self.fields.get(field);
        let place = match rules {
            Some(rules) => rules.iter().find_map(|rule| rule.place(scope)),
            None => Some(scope.place_of(field)),
        };
        Refusal {
            reason: RefusalReason::Malformed,
            message: format!("setting `mapping`: `{field}` finds nothing in this delivery"),
            pointer: place,
        }
    }
}

fn texts(rules: &[Rule], scope: &Scope<'_, '_>) -> Vec<String> {
    rules.iter().map(|rule| rule.texts(scope)).find(|texts| !texts.is_empty()).unwrap_or_default()
}

fn list(value: Value) -> Result<Vec<Value>, MappingError> {
    if let Value::Array(list) = value { Ok(list) } else { Err(MappingError::List) }
}

fn named(value: Value, label: &'static str) -> Result<Vec<Named>, MappingError> {
    let entries = list(value)?.into_iter().map(|mut entry| {
        let name = entry.as_object_mut().and_then(|members| members.remove(label));
        match name {
            Some(Value::String(name)) if !name.is_empty() => Ok((name, Rule::parse(entry, false)?)),
            _ => Err(MappingError::Label(label)),
        }
    });
    entries.collect()
}
