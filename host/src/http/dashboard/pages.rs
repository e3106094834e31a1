//! The lists and records of the dashboard.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;

use ase_engine::review::{Cursor, Reviewed, ReviewedReport};
use ase_engine::store::StoreError;
use ase_engine::store::audit_entries::Stored;
use ase_engine::store::events::ScreenedRow;

use super::{Analyst, problem};
use crate::App;
use crate::connectors::{ConnectorStatus, Grant, Origin};
use crate::http::headers::{nonce, page};
use crate::http::paging::next;
use crate::pages::ReasonView;
use crate::pages::dashboard::{
    ConnectorRow, ConnectorsPage, EventRow, EventsPage, PolicyView, ProblemKind, ReportRow, ReportsPage,
    Section, SessionPage, TimelineEntry, TokenView,
};

/// Rows of a page.
const ROWS: i64 = 50;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Asked {
    outcome: String,
    after: String,
}

pub(in crate::http) async fn events(
    State(app): State<App>,
    analyst: Analyst,
    Query(asked): Query<Asked>,
) -> Response {
    let outcome = Some(asked.outcome.as_str())
        .filter(|outcome| matches!(*outcome, "allow" | "delay_verify" | "block_escalate"));
    let cursor = Cursor::decode(&asked.after);
    let paged = cursor.is_some();
    let rows = match app.engine.events(&analyst.user.org_id, outcome, None, cursor, ROWS).await {
        Ok(rows) => rows,
        Err(error) => return down(&app, &error),
    };
    let base_path = outcome
        .map_or("/dashboard/events".to_owned(), |outcome| format!("/dashboard/events?outcome={outcome}"));
    let joint = if outcome.is_some() { '&' } else { '?' };
    let older = next(&rows, ROWS, |row| Cursor { time: row.received_at, id: row.session_id.clone() });
    let shown = EventsPage {
        base: analyst.base(Section::Events),
        outcome: outcome.map(str::to_owned),
        totals: None,
        rows: rows.iter().map(event_row).collect(),
        older_path: older.map(|cursor| format!("{base_path}{joint}after={cursor}")),
        newest_path: paged.then_some(base_path),
        base_url: app.site.public_url.clone(),
    };
    let nonce = nonce();
    page(&app.pages, StatusCode::OK, &shown, &nonce, None)
}

fn event_row(row: &ScreenedRow) -> EventRow {
    EventRow {
        received_at: row.received_at,
        event_id: row.event_id.clone(),
        event_type: row.event_type.clone(),
        subject_id: row.subject_id.clone(),
        outcome: row.decision.clone(),
        score: u8::try_from(row.score).unwrap_or(100),
        session_id: row.session_id.clone(),
        session_status: row.status.clone(),
        session_outcome: row.outcome.clone(),
        test: row.test,
    }
}

pub(in crate::http) async fn session(
    State(app): State<App>,
    analyst: Analyst,
    Path(session_id): Path<String>,
) -> Response {
    let org_id = analyst.user.org_id.as_str();
    let found = match app.engine.session(org_id, &session_id).await {
        Ok(Some(found)) => found,
        Ok(None) => {
            let base = Some(analyst.base(Section::Events));
            return problem(&app, base, StatusCode::NOT_FOUND, ProblemKind::NotFound);
        }
        Err(error) => return down(&app, &error),
    };
    let timeline = match app.engine.timeline(org_id, &session_id).await {
        Ok(entries) => entries,
        Err(error) => return down(&app, &error),
    };
    let nonce = nonce();
    page(&app.pages, StatusCode::OK, &session_page(&analyst, &found, &timeline), &nonce, None)
}

fn session_page(analyst: &Analyst, found: &Reviewed, timeline: &[Stored]) -> SessionPage {
    let (row, event) = (&found.row, found.event.as_ref());
    let action = event.map(|event| &event.action);
    SessionPage {
        base: analyst.base(Section::Events),
        event: event_row(row),
        occurred_at: event.and_then(|event| event.occurred_at),
        source: row.source_id.clone(),
        description: action.and_then(|action| action.description.clone()),
        amount: action
            .and_then(|action| action.amount.as_ref())
            .map(|amount| format!("{} {}", amount.value, amount.currency)),
        destination: action.and_then(|action| action.destination.as_ref()).and_then(|to| to.label.clone()),
        expires_at: row.expires_at,
        intent: row.intent.clone(),
        assurance: row.assurance.clone(),
        token: row.token_expires_at.map(|expires_at| TokenView {
            issued_at: row.resolved_at.unwrap_or(row.received_at),
            expires_at,
            used_at: row.token_used_at,
        }),
        policy: PolicyView {
            name: row.policy_name.clone(),
            version: u32::try_from(row.policy_version).unwrap_or(0),
            digest: row.policy_digest.clone(),
        },
        reasons: found
            .reasons
            .iter()
            .map(|reason| ReasonView {
                code: reason.code.clone(),
                points: reason.points,
                detail: reason.detail.clone(),
            })
            .collect(),
        missing: row.missing.clone(),
        timeline: timeline.iter().map(timeline_entry).collect(),
    }
}

fn timeline_entry(stored: &Stored) -> TimelineEntry {
    let entry = &stored.entry;
    TimelineEntry {
        occurred_at: entry.occurred_at,
        actor_type: entry.actor.actor_type.as_str().to_owned(),
        actor_id: Some(entry.actor.id.clone()),
        action: entry.action.clone(),
        metadata: entry.metadata.iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

pub(in crate::http) async fn reports(
    State(app): State<App>,
    analyst: Analyst,
    Query(asked): Query<Asked>,
) -> Response {
    let cursor = Cursor::decode(&asked.after);
    let paged = cursor.is_some();
    let rows = match app.engine.reports(&analyst.user.org_id, cursor, ROWS).await {
        Ok(rows) => rows,
        Err(error) => return down(&app, &error),
    };
    let older = next(&rows, ROWS, |row| Cursor { time: row.created_at, id: row.id.clone() });
    let shown = ReportsPage {
        base: analyst.base(Section::Reports),
        reports: rows.into_iter().map(report_row).collect(),
        older_path: older.map(|cursor| format!("/dashboard/reports?after={cursor}")),
        newest_path: paged.then(|| "/dashboard/reports".to_owned()),
    };
    let nonce = nonce();
    page(&app.pages, StatusCode::OK, &shown, &nonce, None)
}

fn report_row(report: ReviewedReport) -> ReportRow {
    let words = report.words.unwrap_or_default();
    ReportRow {
        id: report.id,
        created_at: report.created_at,
        session_id: report.session_id,
        channel: report.channel,
        contact: words.contact.unwrap_or_default(),
        claimed_identity: words.claimed_identity.unwrap_or_default(),
        narrative: words.narrative.unwrap_or_default(),
    }
}

pub(in crate::http) async fn connectors(State(app): State<App>, analyst: Analyst) -> Response {
    let connectors = app.connectors.list().into_iter().map(connector_row).collect();
    let shown = ConnectorsPage { base: analyst.base(Section::Connectors), connectors };
    let nonce = nonce();
    page(&app.pages, StatusCode::OK, &shown, &nonce, None)
}

fn connector_row(status: ConnectorStatus) -> ConnectorRow {
    ConnectorRow {
        id: status.id,
        version: status.version.unwrap_or_default(),
        title: status.title.unwrap_or_default(),
        digest: status.digest.unwrap_or_default(),
        origin: match status.origin {
            Origin::Bundled => "bundled".to_owned(),
            Origin::File(path) => {
                path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
            }
        },
        grant: match status.grant {
            Some(Grant::InertWasi) => "inert WASI".to_owned(),
            None => "none".to_owned(),
        },
        last_error: status.last_error,
    }
}

pub(super) fn down(app: &App, error: &StoreError) -> Response {
    tracing::error!(%error, "the dashboard cannot read the store");
    problem(app, None, StatusCode::SERVICE_UNAVAILABLE, ProblemKind::Unavailable)
}
