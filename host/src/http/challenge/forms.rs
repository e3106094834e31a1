//! The forms of the hosted page. Order of checks: the form is ours, the session exists, then what it says.

use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use ase_engine::challenge::Intent;
use ase_engine::outbox::Channel;
use ase_engine::verification::{Access, Report, VerificationError, Visitor};

use super::{failed, problem};
use crate::App;
use crate::http::access::{Browser, Client, is_same_origin};
use crate::http::headers::see_other;
use crate::http::problem::Problem;
use crate::pages::challenge::ProblemKind;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct IntentForm {
    form_token: String,
    intent: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct CodeForm {
    form_token: String,
    code: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct ResendForm {
    form_token: String,
    channel: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct ReportFields {
    form_token: String,
    channel: String,
    contact: String,
    claimed_identity: String,
    narrative: String,
}

pub(in crate::http) async fn intent(
    State(app): State<App>,
    Path(session_id): Path<String>,
    client: Client,
    headers: HeaderMap,
    Form(form): Form<IntentForm>,
) -> Response {
    let visitor = match ours(&app, &session_id, client, &headers, &form.form_token).await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    // who was told what to say is guided, whatever they were told
    let said = if form.intent == "told" { "guided" } else { form.intent.as_str() };
    let Some(intent) = Intent::parse(said) else { return back(&session_id, Some("unanswered")) };
    let answered = app.engine.answer(&session_id, intent, Access::Browser(&visitor)).await;
    if answered.is_ok() {
        metrics::counter!("ase_intents_total", "intent" => intent.as_str()).increment(1);
    }
    after(&app, &session_id, answered.map(|_| ()))
}

pub(in crate::http) async fn code(
    State(app): State<App>,
    Path(session_id): Path<String>,
    client: Client,
    headers: HeaderMap,
    Form(form): Form<CodeForm>,
) -> Response {
    let visitor = match ours(&app, &session_id, client, &headers, &form.form_token).await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    let answered = app.engine.respond(&session_id, &form.code, Access::Browser(&visitor)).await;
    after(&app, &session_id, answered.map(|_| ()))
}

pub(in crate::http) async fn resend(
    State(app): State<App>,
    Path(session_id): Path<String>,
    client: Client,
    headers: HeaderMap,
    Form(form): Form<ResendForm>,
) -> Response {
    let visitor = match ours(&app, &session_id, client, &headers, &form.form_token).await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    let channel = Channel::parse(&form.channel);
    let sent = app.engine.resend(&session_id, channel, Access::Browser(&visitor)).await;
    after(&app, &session_id, sent.map(|_| ()))
}

pub(in crate::http) async fn report(
    State(app): State<App>,
    Path(session_id): Path<String>,
    client: Client,
    headers: HeaderMap,
    Form(form): Form<ReportFields>,
) -> Response {
    let visitor = match ours(&app, &session_id, client, &headers, &form.form_token).await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    if [&form.contact, &form.claimed_identity, &form.narrative].iter().all(|text| text.trim().is_empty()) {
        return back(&session_id, Some("report_empty"));
    }
    let report = Report {
        channel: form.channel,
        contact: Some(form.contact),
        claimed_identity: Some(form.claimed_identity),
        narrative: Some(form.narrative),
    };
    match app.engine.report(&session_id, report, Access::Browser(&visitor)).await {
        // who has told enough is thanked all the same
        Ok(_) | Err(VerificationError::ReportsExhausted) => back(&session_id, Some("report_sent")),
        Err(VerificationError::Field(error)) => back(&session_id, Some(report_note(&error.pointer))),
        Err(error) => after(&app, &session_id, Err(error)),
    }
}

/// The browser whose form comes from a page we showed it.
async fn ours(
    app: &App,
    session_id: &str,
    client: Client,
    headers: &HeaderMap,
    form_token: &str,
) -> Result<Visitor, Response> {
    let stale = || {
        let path = format!("/challenge/{session_id}");
        problem(app, StatusCode::FORBIDDEN, ProblemKind::StaleForm, Some(path))
    };
    let cookie = Browser::known(app, headers).filter(|_| is_same_origin(app, headers));
    let Some(cookie) = cookie else { return Err(stale()) };
    match app.engine.form_shown_at(session_id, &cookie, form_token).await {
        Ok(Some(shown_at)) => Ok(Visitor { cookie, address: client.0, shown_at: Some(shown_at) }),
        // no form of ours, whether or not there is such a session: who guesses ids learns nothing
        Ok(None) | Err(VerificationError::NotFound) => Err(stale()),
        Err(error) => Err(failed(app, error)),
    }
}

/// The page after a step. What a person can mend is a sentence on it; the rest shows itself by the stage.
fn after(app: &App, session_id: &str, step: Result<(), VerificationError>) -> Response {
    use VerificationError as E;
    match step {
        Ok(())
        | Err(
            E::InvalidTransition
            | E::Expired
            | E::OtpExhausted
            | E::SendsExhausted
            | E::OtherBrowser
            | E::Paused { .. },
        ) => back(session_id, None),
        Err(E::TooSoon) => back(session_id, Some("too_soon")),
        Err(E::OtpMalformed) => back(session_id, Some("malformed")),
        Err(E::OtpIncorrect { .. }) => back(session_id, Some("incorrect")),
        Err(E::OtpExpired) => back(session_id, Some("code_expired")),
        Err(E::ResendTooEarly { .. }) => back(session_id, Some("too_early")),
        Err(E::Limited(_)) => problem(app, StatusCode::TOO_MANY_REQUESTS, ProblemKind::TooMany, None),
        Err(E::NotFound) => failed(app, E::NotFound),
        Err(error) => {
            let path = format!("/challenge/{session_id}");
            problem(app, Problem::from(error).status(), ProblemKind::Unavailable, Some(path))
        }
    }
}

fn back(session_id: &str, note: Option<&str>) -> Response {
    // INVARIANT: the session exists, so its id is one of ours and needs no escaping
    match note {
        Some(note) => see_other(&format!("/challenge/{session_id}?note={note}")),
        None => see_other(&format!("/challenge/{session_id}")),
    }
}

fn report_note(pointer: &str) -> &'static str {
    match pointer {
        "/channel" => "report_channel",
        "/contact" => "report_contact",
        "/claimed_identity" => "report_identity",
        _ => "report_narrative",
    }
}
