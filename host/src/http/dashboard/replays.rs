//! `/dashboard/deliveries/replay`: everything that was chosen of the inbox, read anew once somebody has seen how much.

use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use ase_engine::clock;
use ase_engine::inbox::REPLAY_MAX;
use ase_engine::store::deliveries::Filter;

use super::choice::Choice;
use super::deliveries::LIST;
use super::pages::down;
use super::{Analyst, problem};
use crate::App;
use crate::http::headers::{nonce, page, see_other};
use crate::pages::dashboard::{ProblemKind, ReplayPage, Section};

/// A form of the page below.
#[derive(Deserialize)]
pub(in crate::http) struct Sent {
    #[serde(default)]
    form_token: String,
    #[serde(flatten)]
    choice: Choice,
}

/// How many they are. What comes in after this page was asked for is not among them.
pub(in crate::http) async fn chosen(
    State(app): State<App>,
    analyst: Analyst,
    Query(choice): Query<Choice>,
) -> Response {
    if !analyst.may_label() {
        return refused(&app, &analyst, ProblemKind::Forbidden);
    }
    let filter = match choice.filter() {
        Ok(filter) if filter != Filter::default() => filter,
        // the list says what is wrong, and whoever chose nothing did not mean everything
        _ => return see_other(&choice.path(LIST, &[])),
    };
    let filter = Filter { until: Some(filter.until.unwrap_or_else(clock::now)), ..filter };
    let count = match app.engine.replayable_deliveries(&analyst.user.org_id, &filter).await {
        Ok(count) => count,
        Err(error) => return down(&app, &error),
    };
    let shown = ReplayPage {
        base: analyst.base(Section::Deliveries),
        count,
        all: count < REPLAY_MAX,
        fields: Choice::of(&filter).fields(),
        status: filter.status,
        source_id: filter.source_id,
        since: filter.since,
        until: filter.until,
        back_path: choice.path(LIST, &[]),
    };
    page(&app.pages, StatusCode::OK, &shown, &nonce(), None)
}

pub(in crate::http) async fn replay_chosen(
    State(app): State<App>,
    headers: HeaderMap,
    analyst: Analyst,
    Form(sent): Form<Sent>,
) -> Response {
    let Sent { form_token, choice } = sent;
    if !analyst.sent(&app, &headers, &form_token) {
        return refused(&app, &analyst, ProblemKind::StaleForm);
    }
    if !analyst.may_label() {
        return refused(&app, &analyst, ProblemKind::Forbidden);
    }
    // the page before writes no other forms, so this one is not of ours
    let Some(filter) = choice.filter().ok().filter(|filter| *filter != Filter::default()) else {
        return refused(&app, &analyst, ProblemKind::StaleForm);
    };
    match app.engine.replay_deliveries(&analyst.user.org_id, None, &filter, &analyst.actor()).await {
        // they are in that status no longer
        Ok(count) => see_other(&choice.with_status("").path(LIST, &[("replayed", &count.to_string())])),
        Err(error) => down(&app, &error),
    }
}

fn refused(app: &App, analyst: &Analyst, kind: ProblemKind) -> Response {
    problem(app, Some(analyst.base(Section::Deliveries)), StatusCode::FORBIDDEN, kind)
}
