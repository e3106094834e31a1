//! `GET /dashboard/deliveries`: the inbox, one delivery, and having it read anew.

use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;

use ase_engine::audit::{Actor, ActorType};
use ase_engine::event::Event;
use ase_engine::inbox::STATUSES;
use ase_engine::review::Cursor;
use ase_engine::store::deliveries::Filter;

use super::pages::down;
use super::{Analyst, problem};
use crate::App;
use crate::http::headers::{nonce, page, see_other};
use crate::http::paging::next;
use crate::intake::{DeliveryView, preview};
use crate::pages::dashboard::{DeliveriesPage, DeliveryPage, PreviewView, ProblemKind, Section};

/// Rows of a page.
const ROWS: i64 = 50;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Asked {
    status: String,
    after: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct ReplayForm {
    form_token: String,
}

pub(in crate::http) async fn deliveries(
    State(app): State<App>,
    analyst: Analyst,
    Query(asked): Query<Asked>,
) -> Response {
    let status = Some(asked.status).filter(|status| STATUSES.contains(&status.as_str()));
    let cursor = Cursor::decode(&asked.after);
    let paged = cursor.is_some();
    let filter = Filter { status: status.clone(), ..Filter::default() };
    let rows = match app.engine.deliveries(&analyst.user.org_id, &filter, cursor, ROWS).await {
        Ok(rows) => rows,
        Err(error) => return down(&app, &error),
    };
    let base_path = status.as_ref().map_or("/dashboard/deliveries".to_owned(), |status| {
        format!("/dashboard/deliveries?status={status}")
    });
    let joint = if status.is_some() { '&' } else { '?' };
    let older = next(&rows, ROWS, |row| Cursor { time: row.received_at, id: row.delivery_id.clone() });
    let shown = DeliveriesPage {
        base: analyst.base(Section::Deliveries),
        status,
        statuses: &STATUSES,
        deliveries: rows.iter().map(DeliveryView::from).collect(),
        older_path: older.map(|cursor| format!("{base_path}{joint}after={cursor}")),
        newest_path: paged.then_some(base_path),
    };
    page(&app.pages, StatusCode::OK, &shown, &nonce(), None)
}

pub(in crate::http) async fn delivery(
    State(app): State<App>,
    analyst: Analyst,
    Path(delivery_id): Path<String>,
) -> Response {
    let (row, kept) = match app.engine.delivery(&analyst.tenant, &delivery_id).await {
        Ok(Some(found)) => found,
        Ok(None) => {
            let base = Some(analyst.base(Section::Deliveries));
            return problem(&app, base, StatusCode::NOT_FOUND, ProblemKind::NotFound);
        }
        Err(error) => return down(&app, &error),
    };
    let delivery = DeliveryView { request_kept: Some(kept.is_some()), ..DeliveryView::from(&row) };
    let preview = match kept {
        None => None,
        Some(kept) => Some(match preview(&app.engine, &app.connectors, &row, kept).await {
            Ok(read) => PreviewView {
                outcome: read.outcome.to_owned(),
                events: read.events.iter().map(pretty).collect(),
                reason: read.reason,
                newer: row.connector_digest.is_some_and(|digest| digest != read.connector_digest),
            },
            Err(error) => PreviewView {
                outcome: "failed".to_owned(),
                events: Vec::new(),
                reason: Some(error.to_string()),
                newer: false,
            },
        }),
    };
    let shown = DeliveryPage {
        base: analyst.base(Section::Deliveries),
        may_replay: analyst.may_label() && preview.is_some(),
        delivery,
        preview,
    };
    page(&app.pages, StatusCode::OK, &shown, &nonce(), None)
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
    let base = || Some(analyst.base(Section::Deliveries));
    if !analyst.sent(&app, &headers, &form.form_token) {
        return problem(&app, base(), StatusCode::FORBIDDEN, ProblemKind::StaleForm);
    }
    if !analyst.may_label() {
        return problem(&app, base(), StatusCode::FORBIDDEN, ProblemKind::Forbidden);
    }
    let actor = Actor { actor_type: ActorType::Analyst, id: analyst.user.user_id.clone() };
    let ids = [delivery_id];
    match app.engine.replay_deliveries(&analyst.user.org_id, Some(&ids), &Filter::default(), &actor).await {
        Ok(0) => problem(&app, base(), StatusCode::NOT_FOUND, ProblemKind::NotFound),
        Ok(_) => see_other(&format!("/dashboard/deliveries/{}", ids[0])),
        Err(error) => down(&app, &error),
    }
}
