//! `GET /dashboard/policies`: which version decides, and what the breaker took back.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use ase_engine::store::policies::PolicyRow;

use super::Analyst;
use super::pages::down;
use crate::App;
use crate::http::headers::{nonce, page};
use crate::pages::dashboard::{DemotionView, PoliciesPage, PolicyLine, Section};
use crate::pages::per_cent;

pub(in crate::http) async fn policies(State(app): State<App>, analyst: Analyst) -> Response {
    let rows = match app.engine.policies(&analyst.user.org_id).await {
        Ok(rows) => rows,
        Err(error) => return down(&app, &error),
    };
    let demoted = rows.iter().filter(|row| row.status == "shadow");
    let shown = PoliciesPage {
        base: analyst.base(Section::Policies),
        demotion: demoted.filter_map(demotion).max_by_key(|view| view.at),
        policies: rows.iter().map(line).collect(),
    };
    page(&app.pages, StatusCode::OK, &shown, &nonce(), None)
}

fn line(row: &PolicyRow) -> PolicyLine {
    PolicyLine {
        name: row.name.clone(),
        version: row.version,
        status: row.status.clone(),
        digest: row.digest.clone(),
        author: row.author.clone(),
        publisher: row.publisher.clone(),
        created_at: row.created_at,
        live_from: row.live_from,
        demoted_at: row.demoted_at,
    }
}

fn demotion(row: &PolicyRow) -> Option<DemotionView> {
    let seen = row.demotion.as_ref()?.get("seen")?;
    let percent = |name: &str| seen.get(name).and_then(serde_json::Value::as_f64).map_or(0, per_cent);
    Some(DemotionView {
        version: format!("{} version {}", row.name, row.version),
        event_type: seen.get("event_type")?.as_str()?.to_owned(),
        percent: percent("share"),
        expected_percent: percent("band_to"),
        at: row.demoted_at?,
    })
}
