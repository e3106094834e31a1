//! `/dashboard/connectors/{id}/try`: paste a delivery, see the event. Nothing is screened, kept or logged.

use std::collections::BTreeMap;

use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;
use subtle::ConstantTimeEq as _;

use ase_engine::event::Draft;

use super::{Analyst, problem};
use crate::App;
use crate::connectors::{Delivery, Manifest, Received, Sample, SettingType};
use crate::http::access::is_same_origin;
use crate::http::headers::{nonce, page};
use crate::http::trials::{Answer, ask, objection, plain};
use crate::pages::dashboard::{ProblemKind, Section, SettingField, TrialEvent, TrialPage, TrialView};

/// What stands before the name of a setting in the form.
const SETTING: &str = "setting.";

/// Which sample of the manifest fills the form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Asked {
    sample: Option<usize>,
}

/// What was typed.
#[derive(Default)]
struct Typed {
    settings: BTreeMap<String, String>,
    headers: String,
    query: String,
    body: String,
}

pub(in crate::http) async fn trial(
    State(app): State<App>,
    analyst: Analyst,
    Path(connector): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let Some(manifest) = app.connectors.manifest(&connector) else { return unknown(&app, &analyst) };
    let sample = asked.sample.and_then(|number| manifest.samples.get(number));
    let typed = sample.map(Typed::of).unwrap_or_default();
    shown(&app, &analyst, &manifest, typed, None)
}

pub(in crate::http) async fn attempt(
    State(app): State<App>,
    headers: HeaderMap,
    analyst: Analyst,
    Path(connector): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let token = fields.iter().find(|(name, _)| name == "form_token").map_or("", |(_, value)| value.as_str());
    let matches = bool::from(analyst.form_token.as_bytes().ct_eq(token.as_bytes()));
    if !matches || !is_same_origin(&app, &headers) {
        return problem(&app, None, StatusCode::FORBIDDEN, ProblemKind::StaleForm);
    }
    let Some(manifest) = app.connectors.manifest(&connector) else { return unknown(&app, &analyst) };
    let typed = Typed::read(fields);
    let answer = match ask(&app, &connector, typed.delivery()).await {
        Ok(answer) => view(answer),
        Err(problem) => TrialView { refused: Some(problem.detail().to_owned()), ..TrialView::default() },
    };
    shown(&app, &analyst, &manifest, typed, Some(answer))
}

fn unknown(app: &App, analyst: &Analyst) -> Response {
    problem(app, Some(analyst.base(Section::Connectors)), StatusCode::NOT_FOUND, ProblemKind::NotFound)
}

fn shown(
    app: &App,
    analyst: &Analyst,
    manifest: &Manifest,
    mut typed: Typed,
    answer: Option<TrialView>,
) -> Response {
    let field = |spec: &crate::connectors::SettingSpec| SettingField {
        name: spec.name.clone(),
        description: spec.description.clone(),
        wide: spec.setting_type == SettingType::Json,
        value: typed.settings.remove(&spec.name).unwrap_or_default(),
    };
    let shown = TrialPage {
        base: analyst.base(Section::Connectors),
        connector: manifest.id.clone(),
        title: manifest.title.clone(),
        settings: manifest.settings.iter().map(field).collect(),
        samples: manifest.samples.iter().map(|sample| sample.name.clone()).collect(),
        headers: typed.headers,
        query: typed.query,
        body: typed.body,
        answer,
    };
    page(&app.pages, StatusCode::OK, &shown, &nonce(), None)
}

impl Typed {
    fn of(sample: &Sample) -> Self {
        let headers = sample.headers.iter().map(|(name, value)| format!("{name}: {value}\n"));
        Self {
            settings: sample.settings.clone(),
            headers: headers.collect(),
            query: sample.query.clone(),
            body: sample.body.clone(),
        }
    }

    fn read(fields: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "headers" => typed.headers = value,
                "query" => typed.query = value,
                "body" => typed.body = value,
                _ => {
                    if let Some(setting) = name.strip_prefix(SETTING) {
                        typed.settings.insert(setting.to_owned(), value);
                    }
                }
            }
        }
        typed
    }

    fn delivery(&self) -> Delivery {
        let headers = self.headers.lines().filter_map(|line| line.split_once(':'));
        let set = self.settings.iter().filter(|(_, value)| !value.trim().is_empty());
        Delivery {
            id: "dlv_trial".to_owned(),
            received_at: ase_engine::clock::now(),
            headers: headers
                .map(|(name, value)| (name.trim().to_owned(), value.trim().as_bytes().to_vec()))
                .collect(),
            query: self.query.trim().to_owned(),
            body: self.body.clone().into(),
            settings: set.map(|(name, value)| (name.clone(), value.clone())).collect(),
            ..Delivery::default()
        }
    }
}

fn view(answer: Answer) -> TrialView {
    let Answer { mistake, tried } = answer;
    let view =
        TrialView { mistake, unmapped: tried.unmapped, complete: tried.complete, ..TrialView::default() };
    match tried.received {
        Received::Events(drafts) => TrialView { events: drafts.iter().map(event).collect(), ..view },
        Received::Ignored { reason } => TrialView { ignored: Some(reason), ..view },
        Received::Reply { .. } | Received::Greeted { .. } => TrialView { reply: true, ..view },
        Received::Refused(refusal) => {
            TrialView { refused: Some(refusal.message), pointer: refusal.pointer, ..view }
        }
        Received::Unauthenticated(message) => TrialView { refused: Some(message), ..view },
    }
}

fn event(draft: &Draft) -> TrialEvent {
    let shown = plain(draft);
    let mut fields = Vec::new();
    flatten(&shown, String::new(), &mut fields);
    TrialEvent {
        event_type: draft.event_type.clone().unwrap_or_default(),
        fields,
        json: serde_json::to_string_pretty(&shown).unwrap_or_default(),
        problem: objection(draft).map(|error| error.to_string()),
    }
}

/// Every value under the name that mappings give it: `subject.id`, `links.0.type`.
fn flatten(value: &Value, name: String, fields: &mut Vec<(String, String)>) {
    let below = |part: &str| if name.is_empty() { part.to_owned() } else { format!("{name}.{part}") };
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(part, value)| flatten(value, below(part), fields));
        }
        Value::Array(list) => {
            (0..)
                .zip(list)
                .for_each(|(part, value): (i32, _)| flatten(value, below(&part.to_string()), fields));
        }
        Value::String(text) => fields.push((name, text.clone())),
        other => fields.push((name, other.to_string())),
    }
}
