//! `GET /dashboard/deliveries`: the inbox, one delivery with what was sent, and having it read anew.

use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;

use ase_engine::event::Event;
use ase_engine::inbox::{KeptRequest, STATUSES};
use ase_engine::review::Cursor;
use ase_engine::store::deliveries::{DeliveryRow, Filter};

use super::choice::Choice;
use super::pages::down;
use super::{Analyst, problem};
use crate::App;
use crate::http::headers::{nonce, page, see_other};
use crate::http::paging::next;
use crate::intake::{DeliveryView, RequestView, preview};
use crate::pages::dashboard::{
    DeliveriesPage, DeliveryPage, PreviewView, ProblemKind, Section, SourceOption, StatusTab,
};

/// Where the inbox is.
pub(super) const LIST: &str = "/dashboard/deliveries";
/// Where what was chosen of it is read anew.
const REPLAY: &str = "/dashboard/deliveries/replay";
/// Rows of a page.
const ROWS: i64 = 50;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Asked {
    after: String,
    /// How many are read anew, after somebody had that done.
    replayed: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct ReplayForm {
    pub(super) form_token: String,
}

pub(in crate::http) async fn deliveries(
    State(app): State<App>,
    analyst: Analyst,
    Query(choice): Query<Choice>,
    Query(asked): Query<Asked>,
) -> Response {
    let (filter, wrong) = match choice.filter() {
        Ok(filter) => (Some(filter), None),
        Err(wrong) => (None, Some(wrong)),
    };
    let cursor = Cursor::decode(&asked.after);
    let paged = cursor.is_some();
    let org_id = &analyst.user.org_id;
    let rows = match &filter {
        Some(filter) => app.engine.deliveries(org_id, filter, cursor, ROWS).await,
        // what cannot be read chooses nothing
        None => Ok(Vec::new()),
    };
    let (rows, sources) = match (rows, app.engine.sources(org_id).await) {
        (Ok(rows), Ok(sources)) => (rows, sources),
        (Err(error), _) | (_, Err(error)) => return down(&app, &error),
    };
    let filter = filter.unwrap_or_default();
    let older = next(&rows, ROWS, |row| Cursor { time: row.received_at, id: row.delivery_id.clone() });
    let chosen = filter != Filter::default();
    let shown = DeliveriesPage {
        base: analyst.base(Section::Deliveries),
        tabs: tabs(&choice, filter.status.as_deref()),
        sources: sources.into_iter().map(|row| SourceOption { id: row.source_id, name: row.name }).collect(),
        replay_path: (chosen && !rows.is_empty() && analyst.may_label()).then(|| choice.path(REPLAY, &[])),
        deliveries: rows.iter().map(DeliveryView::from).collect(),
        older_path: older.map(|cursor| choice.path(LIST, &[("after", &cursor)])),
        newest_path: paged.then(|| choice.path(LIST, &[])),
        replayed: asked.replayed,
        status: filter.status,
        source_id: filter.source_id,
        since: filter.since,
        until: filter.until,
        chosen: chosen || wrong.is_some(),
        wrong,
    };
    page(&app.pages, StatusCode::OK, &shown, &nonce(), None)
}

/// One for all states and one for each, with everything else that was chosen.
fn tabs(choice: &Choice, current: Option<&str>) -> Vec<StatusTab> {
    let tab = |status: &str| StatusTab {
        status: status.to_owned(),
        path: choice.with_status(status).path(LIST, &[]),
        current: current.unwrap_or_default() == status,
    };
    std::iter::once("").chain(STATUSES).map(tab).collect()
}

pub(in crate::http) async fn delivery(
    State(app): State<App>,
    analyst: Analyst,
    Path(delivery_id): Path<String>,
) -> Response {
    match app.engine.delivery(&analyst.tenant, &delivery_id).await {
        Ok(Some((row, kept))) => one(&app, &analyst, &row, kept, None).await,
        Ok(None) => unknown(&app, &analyst),
        Err(error) => down(&app, &error),
    }
}

/// The same with what was sent. It is a form and no link, so that nothing but a click asks for personal data.
pub(in crate::http) async fn shown(
    State(app): State<App>,
    headers: HeaderMap,
    analyst: Analyst,
    Path(delivery_id): Path<String>,
    Form(form): Form<ReplayForm>,
) -> Response {
    if let Some(refusal) = refusal(&app, &headers, &analyst, &form) {
        return refusal;
    }
    match app.engine.show_delivery(&analyst.tenant, &delivery_id, &analyst.actor()).await {
        Ok(Some((row, kept))) => {
            let request = match &kept {
                Some(kept) => Some(RequestView::of(&app.engine, &row.source_id, kept).await),
                None => None,
            };
            one(&app, &analyst, &row, kept, request).await
        }
        Ok(None) => unknown(&app, &analyst),
        Err(error) => down(&app, &error),
    }
}

async fn one(
    app: &App,
    analyst: &Analyst,
    row: &DeliveryRow,
    kept: Option<KeptRequest>,
    request: Option<RequestView>,
) -> Response {
    let preview = match kept {
        None => None,
        Some(kept) => Some(previewed(app, row, kept).await),
    };
    let shown = DeliveryPage {
        base: analyst.base(Section::Deliveries),
        may_replay: analyst.may_label() && preview.is_some(),
        may_see: analyst.may_label() && preview.is_some() && request.is_none(),
        delivery: DeliveryView { request_kept: Some(preview.is_some()), ..DeliveryView::from(row) },
        preview,
        request,
    };
    page(&app.pages, StatusCode::OK, &shown, &nonce(), None)
}

async fn previewed(app: &App, row: &DeliveryRow, kept: KeptRequest) -> PreviewView {
    match preview(&app.engine, &app.connectors, row, kept, None).await {
        Ok(read) => PreviewView {
            outcome: read.outcome.to_owned(),
            events: read.events.iter().map(pretty).collect(),
            reason: read.reason,
            newer: row.connector_digest.as_ref().is_some_and(|digest| *digest != read.connector_digest),
        },
        Err(error) => PreviewView {
            outcome: "failed".to_owned(),
            events: Vec::new(),
            reason: Some(error.to_string()),
            newer: false,
        },
    }
}

fn unknown(app: &App, analyst: &Analyst) -> Response {
    let base = Some(analyst.base(Section::Deliveries));
    problem(app, base, StatusCode::NOT_FOUND, ProblemKind::NotFound)
}

/// Why a form of this page changes or shows nothing, if so.
fn refusal(app: &App, headers: &HeaderMap, analyst: &Analyst, form: &ReplayForm) -> Option<Response> {
    let base = || Some(analyst.base(Section::Deliveries));
    if !analyst.sent(app, headers, &form.form_token) {
        return Some(problem(app, base(), StatusCode::FORBIDDEN, ProblemKind::StaleForm));
    }
    let refused = || problem(app, base(), StatusCode::FORBIDDEN, ProblemKind::Forbidden);
    (!analyst.may_label()).then(refused)
}

/// An event as people read it: what is not known is left out.
fn pretty(event: &Event) -> String {
    let known = serde_json::to_value(event).map(known).unwrap_or_default();
    serde_json::to_string_pretty(&known).unwrap_or_default()
}

fn known(value: Value) -> Value {
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::Object(map) => map.is_empty(),
        Value::Array(values) => values.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(map) => {
            let members = map.into_iter().map(|(name, value)| (name, known(value)));
            Value::Object(members.filter(|(_, value)| !empty(value)).collect())
        }
        other => other,
    }
}

pub(in crate::http) async fn replay(
    State(app): State<App>,
    headers: HeaderMap,
    analyst: Analyst,
    Path(delivery_id): Path<String>,
    Form(form): Form<ReplayForm>,
) -> Response {
    if let Some(refusal) = refusal(&app, &headers, &analyst, &form) {
        return refusal;
    }
    let ids = [delivery_id];
    match app
        .engine
        .replay_deliveries(&analyst.user.org_id, Some(&ids), &Filter::default(), &analyst.actor())
        .await
    {
        Ok(0) => unknown(&app, &analyst),
        Ok(_) => see_other(&format!("/dashboard/deliveries/{}", ids[0])),
        Err(error) => down(&app, &error),
    }
}
