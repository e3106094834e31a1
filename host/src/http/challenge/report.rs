//! The form of a scam report. One that is refused comes back with all that was typed: nobody writes it twice.

use axum::extract::{Form, Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use ase_engine::verification::{Report, VerificationError};

use super::failed;
use super::forms::{Asked, Sender, ours};
use super::view::{self, Said};
use crate::App;
use crate::http::access::Client;
use crate::pages::challenge::{ReportError, ReportForm};

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct ReportFields {
    form_token: String,
    channel: String,
    contact: String,
    claimed_identity: String,
    narrative: String,
}

pub(in crate::http) async fn report(
    State(app): State<App>,
    Path(session_id): Path<String>,
    Query(asked): Query<Asked>,
    client: Client,
    headers: HeaderMap,
    Form(fields): Form<ReportFields>,
) -> Response {
    let sender = match ours(&app, &session_id, client, &headers, &fields.form_token, &asked).await {
        Ok(sender) => sender,
        Err(response) => return response,
    };
    let told = [&fields.contact, &fields.claimed_identity, &fields.narrative];
    if told.iter().all(|text| text.trim().is_empty()) {
        return again(&app, &sender, fields, ReportError::Empty).await;
    }
    let typed = fields.clone();
    let report = Report {
        channel: fields.channel,
        contact: Some(fields.contact),
        claimed_identity: Some(fields.claimed_identity),
        narrative: Some(fields.narrative),
    };
    match app.engine.report(&session_id, report, sender.access()).await {
        // who has told enough is thanked all the same
        Ok(_) | Err(VerificationError::ReportsExhausted) => sender.back(Some("report_sent")),
        Err(VerificationError::Field(error)) => again(&app, &sender, typed, wrong(&error.pointer)).await,
        Err(error) => sender.after(&app, Err(error)).await,
    }
}

fn wrong(pointer: &str) -> ReportError {
    match pointer {
        "/channel" => ReportError::ChannelMissing,
        "/contact" => ReportError::ContactTooLong,
        "/claimed_identity" => ReportError::IdentityTooLong,
        _ => ReportError::NarrativeTooLong,
    }
}

/// The page once more, with what was typed and what is wrong with it.
async fn again(app: &App, sender: &Sender, typed: ReportFields, error: ReportError) -> Response {
    let Sender { session_id, visitor, tongues } = sender;
    let found = match app.engine.view_challenge(session_id, Some(&visitor.cookie)).await {
        Ok(found) => found,
        Err(error) => return failed(app, session_id, error, tongues, None),
    };
    let form_token = found.form_token(session_id, &visitor.cookie);
    let report = ReportForm {
        sent: false,
        channel: typed.channel,
        contact: typed.contact,
        claimed_identity: typed.claimed_identity,
        narrative: typed.narrative,
        errors: vec![error],
    };
    view::respond(app, session_id, &found, &form_token, Said::Refused(report), tongues)
}
