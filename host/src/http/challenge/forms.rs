//! The forms of the hosted page. Order of checks: the form is ours, the session exists, then what it says.

use axum::extract::{Form, Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use ase_engine::challenge::Intent;
use ase_engine::outbox::Channel;
use ase_engine::verification::{Access, VerificationError, Visitor};

use super::{Trouble, address, failed, setting};
use crate::App;
use crate::http::access::{Browser, Client, is_same_origin};
use crate::http::headers::see_other;
use crate::http::problem::Problem;
use crate::http::tongues::Tongues;
use crate::pages::challenge::ProblemKind;

/// The language that the person chose on the page before.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Asked {
    pub(super) lang: Option<String>,
}

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

pub(in crate::http) async fn intent(
    State(app): State<App>,
    Path(session_id): Path<String>,
    Query(asked): Query<Asked>,
    client: Client,
    headers: HeaderMap,
    Form(form): Form<IntentForm>,
) -> Response {
    let sender = match ours(&app, &session_id, client, &headers, &form.form_token, &asked).await {
        Ok(sender) => sender,
        Err(response) => return response,
    };
    // who was told what to say is guided, whatever they were told
    let said = if form.intent == "told" { "guided" } else { form.intent.as_str() };
    let Some(intent) = Intent::parse(said) else { return sender.back(Some("unanswered")) };
    let answered = app.engine.answer(&session_id, intent, sender.access()).await;
    if answered.is_ok() {
        metrics::counter!("ase_intents_total", "intent" => intent.as_str()).increment(1);
    }
    sender.after(&app, answered.map(|_| ())).await
}

pub(in crate::http) async fn code(
    State(app): State<App>,
    Path(session_id): Path<String>,
    Query(asked): Query<Asked>,
    client: Client,
    headers: HeaderMap,
    Form(form): Form<CodeForm>,
) -> Response {
    let sender = match ours(&app, &session_id, client, &headers, &form.form_token, &asked).await {
        Ok(sender) => sender,
        Err(response) => return response,
    };
    let answered = app.engine.respond(&session_id, &form.code, sender.access()).await;
    sender.after(&app, answered.map(|_| ())).await
}

pub(in crate::http) async fn resend(
    State(app): State<App>,
    Path(session_id): Path<String>,
    Query(asked): Query<Asked>,
    client: Client,
    headers: HeaderMap,
    Form(form): Form<ResendForm>,
) -> Response {
    let sender = match ours(&app, &session_id, client, &headers, &form.form_token, &asked).await {
        Ok(sender) => sender,
        Err(response) => return response,
    };
    let channel = Channel::parse(&form.channel);
    let sent = app.engine.resend(&session_id, channel, sender.access()).await;
    sender.after(&app, sent.map(|_| ())).await
}

/// A browser whose form comes from a page we showed it.
pub(super) struct Sender {
    pub(super) session_id: String,
    pub(super) visitor: Visitor,
    pub(super) tongues: Tongues,
}

pub(super) async fn ours(
    app: &App,
    session_id: &str,
    client: Client,
    headers: &HeaderMap,
    form_token: &str,
    asked: &Asked,
) -> Result<Sender, Response> {
    let tongues = Tongues::of(asked.lang.as_deref(), headers);
    let cookie = Browser::known(app, headers).filter(|_| is_same_origin(app, headers));
    let Some(cookie) = cookie else { return Err(stale(app, session_id, &tongues).await) };
    match app.engine.form_shown_at(session_id, &cookie, form_token).await {
        Ok(Some(shown_at)) => {
            let (reader, shown_at) = (tongues.reader(), Some(shown_at));
            let visitor = Visitor { cookie, address: client.0, reader, shown_at };
            Ok(Sender { session_id: session_id.to_owned(), visitor, tongues })
        }
        // no form of ours, whether or not there is such a session: who guesses ids learns nothing
        Ok(None) | Err(VerificationError::NotFound) => Err(stale(app, session_id, &tongues).await),
        Err(error) => Err(failed(app, session_id, error, &tongues, None)),
    }
}

async fn stale(app: &App, session_id: &str, tongues: &Tongues) -> Response {
    let (voice, org) = setting(app, session_id, tongues).await;
    Trouble::stale(address(session_id)).shown(app, voice, org)
}

impl Sender {
    pub(super) fn access(&self) -> Access<'_> {
        Access::Browser(&self.visitor)
    }

    /// The page after a step. What a person can mend is a sentence on it; the rest shows itself by the stage.
    pub(super) async fn after(&self, app: &App, step: Result<(), VerificationError>) -> Response {
        use VerificationError as E;
        match step {
            Ok(())
            | Err(
                E::InvalidTransition
                | E::Expired
                | E::OtpExhausted
                | E::SendsExhausted
                | E::NothingToReport
                | E::OtherBrowser
                | E::Paused { .. },
            ) => self.back(None),
            Err(E::TooSoon) => self.back(Some("too_soon")),
            Err(E::OtpMalformed) => self.back(Some("malformed")),
            Err(E::OtpIncorrect { .. }) => self.back(Some("incorrect")),
            Err(E::OtpExpired) => self.back(Some("code_expired")),
            Err(E::ResendTooEarly { .. }) => self.back(Some("too_early")),
            Err(error @ E::Limited(_)) => self.troubled(app, ProblemKind::TooMany, error).await,
            Err(error @ (E::NotFound | E::Store(_))) => {
                failed(app, &self.session_id, error, &self.tongues, None)
            }
            Err(error) => self.troubled(app, ProblemKind::Unavailable, error).await,
        }
    }

    /// A page of trouble with the official ways on it.
    async fn troubled(&self, app: &App, kind: ProblemKind, error: VerificationError) -> Response {
        let (voice, org) = setting(app, &self.session_id, &self.tongues).await;
        Trouble::of(&Problem::from(error), kind, Some(address(&self.session_id))).shown(app, voice, org)
    }

    /// The session's page, in the language that was chosen.
    pub(super) fn back(&self, note: Option<&str>) -> Response {
        // INVARIANT: the session exists, so its id is one of ours and needs no escaping
        see_other(&format!("/challenge/{}{}", self.session_id, self.tongues.query(note)))
    }
}
