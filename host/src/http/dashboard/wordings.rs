//! `GET /dashboard/break-contact`: what came of each wording for whoever broke off contact.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::TimeDelta;
use serde::Deserialize;

use ase_engine::analytics::{Measured, Outcomes, Share, Span};

use super::Analyst;
use super::pages::down;
use crate::App;
use crate::http::headers::{nonce, page};
use crate::http::problem::Problem;
use crate::pages::dashboard::{Section, ShareView, WordingRow, WordingsPage};
use crate::pages::per_cent;

/// How many days back the page looks, the usual first.
const DAYS: [i64; 3] = [30, 90, 365];

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Asked {
    days: String,
}

pub(in crate::http) async fn wordings(
    State(app): State<App>,
    analyst: Analyst,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let [usual, ..] = DAYS;
    let days = DAYS.into_iter().find(|days| days.to_string() == asked.days).unwrap_or(usual);
    let until = ase_engine::clock::now();
    let span = Span::new(until - TimeDelta::days(days), until)?;
    let outcomes = match app.engine.break_contact_outcomes(&analyst.tenant, span).await {
        Ok(outcomes) => outcomes,
        Err(error) => return Ok(down(&app, &error)),
    };
    let shown = view(&analyst, days, outcomes);
    Ok(page(&app.pages, StatusCode::OK, &shown, &nonce(), None))
}

fn view(analyst: &Analyst, days: i64, outcomes: Outcomes) -> WordingsPage {
    WordingsPage {
        base: analyst.base(Section::Reports),
        days,
        spans: DAYS.to_vec(),
        shown: outcomes.variants.iter().any(|one| one.sessions > 0),
        rows: outcomes.variants.iter().map(row).collect(),
        elsewhere: outcomes.elsewhere,
        enough: outcomes.enough,
        note: outcomes.note,
    }
}

fn row(measured: &Measured) -> WordingRow {
    WordingRow {
        variant: measured.variant,
        takes_part: measured.takes_part,
        sessions: measured.sessions,
        running: measured.running,
        reported: share(measured.reported),
        tried_again: share(measured.tried_again),
        stopped_by_mail: share(measured.stopped_by_mail),
        confirmed_scam: share(measured.confirmed_scam),
        legitimate: share(measured.legitimate),
    }
}

fn share(share: Share) -> ShareView {
    ShareView {
        count: share.count,
        percent: share.share.map(per_cent),
        low: per_cent(share.low),
        high: per_cent(share.high),
    }
}
