//! What a test writes, read as what a decision looks at.

use chrono::{DateTime, TimeZone as _, Utc};
use serde_json::{Map, Value};

use super::moment;
use crate::event::{Draft, Event};
use crate::features::Features;
use crate::history::History;
use crate::policy::{read, schema};
use crate::problem::FieldError;

/// A Monday at noon in UTC: no signal finds anything in such a time. Seconds since 1970.
const NOW: i64 = 1_767_614_400;

/// Reads event and past, of which an author writes what matters and nothing else.
pub(super) fn features(
    event: &Map<String, Value>,
    history: &Map<String, Value>,
) -> Result<Features, FieldError> {
    let now = now(history)?;
    let event = read_event(event, now).map_err(|error| below("/event", error))?;
    let history = read_history(history, now).map_err(|error| below("/history", error))?;
    Ok(Features::new(&event, history))
}

fn now(history: &Map<String, Value>) -> Result<DateTime<Utc>, FieldError> {
    let noon = Utc.timestamp_opt(NOW, 0).single().unwrap_or_default();
    let Some(written) = history.get("now") else { return Ok(noon) };
    let time = written.as_str().and_then(|text| moment::read(text, noon));
    time.ok_or_else(|| FieldError::new("/history/now", moment::FORMS))
}

/// An event of any id about any subject.
fn read_event(event: &Map<String, Value>, now: DateTime<Utc>) -> Result<Event, FieldError> {
    let mut event = Value::Object(event.clone());
    schema::refuse_unknown("Draft", &event)?;
    resolve(&mut event, now)?;
    let mut draft: Draft = read::value(&event)?;
    draft.id.get_or_insert_with(|| "test".to_owned());
    draft.subject.id.get_or_insert_with(|| "subject".to_owned());
    draft.strict()
}

fn read_history(history: &Map<String, Value>, now: DateTime<Utc>) -> Result<History, FieldError> {
    let mut history = Value::Object(history.clone());
    schema::refuse_unknown("History", &history)?;
    resolve(&mut history, now)?;
    if let Value::Object(members) = &mut history {
        members.remove("now");
    }
    Ok(History { now, ..read::value(&history)? })
}

fn resolve(value: &mut Value, now: DateTime<Utc>) -> Result<(), FieldError> {
    moment::resolve(value, now).map_err(|pointer| FieldError::new(pointer, moment::FORMS))
}

fn below(pointer: &str, error: FieldError) -> FieldError {
    FieldError { pointer: format!("{pointer}{}", error.pointer), detail: error.detail }
}
