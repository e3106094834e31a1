//! `POST /connectors/{id}/try`: what a connector makes of a delivery. Nothing is screened, kept or logged.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use ase_engine::access::KeyScope;
use ase_engine::event::Draft;
use ase_engine::problem::{FieldError, from_json};

use super::access::Key;
use super::problem::Problem;
use crate::App;
use crate::connectors::{CallError, Delivery, Fault, Received, Refusal};
use crate::trial::{self, Tried};

/// A delivery to try.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Given {
    settings: Map<String, Value>,
    headers: BTreeMap<String, String>,
    query: String,
    body: Option<Box<RawValue>>,
}

/// What is tried, and what came of it. The dashboard shows the same.
pub(super) struct Answer {
    /// What a connector objects to in the settings.
    pub(super) mistake: Option<String>,
    pub(super) tried: Tried,
}

pub(super) async fn attempt(
    State(app): State<App>,
    key: Key,
    Path(connector): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    key.with(KeyScope::DeliveriesRead)?;
    let given = from_json::<Given>(&body)?;
    let answer = ask(&app, &connector, given.delivery()?).await?;
    Ok(Json(view(answer)))
}

/// Tries a delivery whose settings the connector's manifest knows.
pub(super) async fn ask(app: &App, connector: &str, delivery: Delivery) -> Result<Answer, Problem> {
    let manifest = app.connectors.manifest(connector).ok_or_else(Problem::not_found)?;
    let known = |name: &str| manifest.settings.iter().any(|spec| spec.name == name);
    if let Some((name, _)) = delivery.settings.iter().find(|(name, _)| !known(name)) {
        let detail = "is no setting of this connector; see its manifest";
        return Err(FieldError::new(format!("/settings/{}", escaped(name)), detail).into());
    }
    let settings = delivery.settings.clone();
    let mistake = trial::mistake(&app.connectors, connector, settings).await.map_err(failed)?;
    let tried = trial::attempt(&app.connectors, connector, delivery).await.map_err(failed)?;
    Ok(Answer { mistake, tried })
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn failed(error: CallError) -> Problem {
    match error.fault {
        Fault::UnknownConnector => Problem::not_found(),
        Fault::Crowded { .. } | Fault::Busy => {
            let detail = "too many deliveries at once; try again";
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_deliveries", detail).retry_after(1)
        }
        fault => {
            let detail = format!("the connector failed: {fault}");
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "connector_failed", detail)
        }
    }
}

impl Given {
    fn delivery(self) -> Result<Delivery, FieldError> {
        let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let body = match self.body.as_deref().map(RawValue::get) {
            None => String::new(),
            // a text is the body byte for byte, anything else is JSON as it was written
            Some(raw) if raw.starts_with('"') => from_json::<String>(raw.as_bytes())?,
            Some(raw) => raw.to_owned(),
        };
        Ok(Delivery {
            id: "dlv_trial".to_owned(),
            received_at: ase_engine::clock::now(),
            headers: self.headers.into_iter().map(|(name, value)| (name, value.into_bytes())).collect(),
            query: self.query,
            body: body.into(),
            settings: self.settings.into_iter().map(|(name, value)| (name, text(value))).collect(),
            ..Delivery::default()
        })
    }
}

/// The answer as JSON.
fn view(answer: Answer) -> Value {
    let Answer { mistake, tried } = answer;
    let mut shown = match tried.received {
        Received::Events(drafts) => events(&drafts),
        Received::Ignored { reason } => json!({ "status": "ignored", "reason": reason }),
        Received::Reply { status, content_type, .. } | Received::Greeted { status, content_type, .. } => {
            json!({ "status": "reply", "reply": { "status": status, "content_type": content_type } })
        }
        Received::Refused(refusal) => json!({ "status": "refused", "refusal": refused(&refusal) }),
        // a trial claims nothing, so nothing was checked; a connector may still say so
        Received::Unauthenticated(message) => {
            json!({ "status": "refused", "refusal": { "reason": "unauthenticated", "message": message } })
        }
    };
    if let Some(object) = shown.as_object_mut() {
        object.insert("mistake".to_owned(), mistake.into());
        object.insert("unmapped".to_owned(), tried.unmapped.into());
        object.insert("unmapped_complete".to_owned(), tried.complete.into());
    }
    shown
}

fn events(drafts: &[Draft]) -> Value {
    let problems = (0..).zip(drafts).filter_map(|(event, draft): (i32, _)| {
        let error = objection(draft)?;
        Some(json!({ "event": event, "pointer": error.pointer, "detail": error.detail }))
    });
    let problems: Vec<_> = problems.collect();
    json!({ "status": "events", "events": drafts.iter().map(plain).collect::<Vec<_>>(), "problems": problems })
}

/// Why an event would not be taken.
pub(super) fn objection(draft: &Draft) -> Option<FieldError> {
    draft.clone().lenient().err()
}

fn refused(refusal: &Refusal) -> Value {
    let mut shown = json!({ "reason": refusal.reason.as_str(), "message": refusal.message });
    if let (Some(object), Some(pointer)) = (shown.as_object_mut(), &refusal.pointer) {
        object.insert("pointer".to_owned(), pointer.clone().into());
    }
    shown
}

/// An event as the event API takes it: what is unknown is left out.
pub(super) fn plain(draft: &Draft) -> Value {
    bare(serde_json::to_value(draft).unwrap_or_default())
}

fn bare(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let told = |value: &Value| match value {
                Value::Null => false,
                Value::Object(members) => !members.is_empty(),
                Value::Array(list) => !list.is_empty(),
                _ => true,
            };
            let bared = members.into_iter().map(|(name, value)| (name, bare(value)));
            Value::Object(bared.filter(|(_, value)| told(value)).collect())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(bare).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_a_text_or_json_as_it_was_written() {
        let body = |text: &str| from_json::<Given>(text.as_bytes()).unwrap().delivery().unwrap().body;
        assert_eq!(body(r#"{"body":"a=b&c"}"#), "a=b&c");
        assert_eq!(
            body(r#"{"body":{"id": 123456789012345678901234567890}}"#),
            r#"{"id": 123456789012345678901234567890}"#
        );
        assert_eq!(body("{}"), "");
        assert!(from_json::<Given>(b"{\"boddy\":1}").is_err());
    }

    #[test]
    fn settings_are_texts_or_the_json_of_what_was_given() {
        let given = br#"{"settings":{"scheme":"hmac","mapping":{"id":{"path":"/id"}},"on":true}}"#;
        let settings = from_json::<Given>(given).unwrap().delivery().unwrap().settings;
        let expected = [("mapping", r#"{"id":{"path":"/id"}}"#), ("on", "true"), ("scheme", "hmac")];
        let mut settings: Vec<_> = settings.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        settings.sort_unstable();
        assert_eq!(settings, expected);
    }

    #[test]
    fn what_is_unknown_is_left_out() {
        let draft = Draft { id: Some("1".to_owned()), ..Draft::default() };
        assert_eq!(plain(&draft), json!({ "id": "1", "test": false }));
        assert_eq!(objection(&draft).map(|error| error.pointer).as_deref(), Some("/type"));
    }
}
