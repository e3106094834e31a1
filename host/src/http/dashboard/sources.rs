//! `GET /dashboard/sources`: where webhooks come from, and whether they still come.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::Analyst;
use super::pages::down;
use crate::App;
use crate::http::headers::{nonce, page};
use crate::intake::SourceView;
use crate::pages::dashboard::{Section, SourcesPage};

pub(in crate::http) async fn sources(State(app): State<App>, analyst: Analyst) -> Response {
    let found = match app.engine.sources_overview(&analyst.user.org_id).await {
        Ok(found) => found,
        Err(error) => return down(&app, &error),
    };
    let sources = found.sources.into_iter().map(|source| SourceView::of(&app.engine, source)).collect();
    let base = analyst.base(Section::Sources);
    let shown = SourcesPage { base, delivery_days: found.delivery_days, sources };
    page(&app.pages, StatusCode::OK, &shown, &nonce(), None)
}
