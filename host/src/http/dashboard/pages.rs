//! The lists of the dashboard.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use ase_engine::review::{Cursor, EventFilter, ReviewedReport};
use ase_engine::store::StoreError;
use ase_engine::store::events::ScreenedRow;

use super::{Analyst, problem};
use crate::App;
use crate::http::headers::{nonce, page};
use crate::http::paging::next;
use crate::pages::dashboard::{EventRow, EventsPage, ProblemKind, ReportRow, ReportsPage, Section};

/// What waits for somebody to look at it, among the outcomes that a list can be narrowed to.
const HELD: &str = "held";
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
        .filter(|outcome| matches!(*outcome, "allow" | "delay_verify" | "block_escalate" | HELD));
    let cursor = Cursor::decode(&asked.after);
    let paged = cursor.is_some();
    let chosen = EventFilter {
        decision: outcome.filter(|outcome| *outcome != HELD),
        stage: outcome.filter(|outcome| *outcome == HELD),
        ..EventFilter::default()
    };
    let rows = match app.engine.events(&analyst.user.org_id, chosen, cursor, ROWS).await {
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

pub(super) fn event_row(row: &ScreenedRow) -> EventRow {
    EventRow {
        received_at: row.received_at,
        event_id: row.event_id.clone(),
        event_type: row.event_type.clone(),
        subject_id: row.subject_id.clone(),
        outcome: row.decision.clone(),
        score: u8::try_from(row.score).unwrap_or(100),
        session_id: row.session_id.clone(),
        session_status: if row.stage == HELD { HELD.to_owned() } else { row.status.clone() },
        session_outcome: row.outcome.clone(),
        test: row.test,
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

pub(super) fn down(app: &App, error: &StoreError) -> Response {
    tracing::error!(%error, "the dashboard cannot read the store");
    problem(app, None, StatusCode::SERVICE_UNAVAILABLE, ProblemKind::Unavailable)
}
