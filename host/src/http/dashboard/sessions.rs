//! `GET /dashboard/sessions/{id}`, what analysts say of it there, and what they rule on a hold.

use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use ase_engine::directory::Tenant;
use ase_engine::label::{GivenLabel, NewLabel};
use ase_engine::review::{LabelError, Reviewed};
use ase_engine::session::Stage;
use ase_engine::store::StoreError;
use ase_engine::store::audit_entries::Stored;
use ase_engine::store::events::ScreenedRow;
use ase_engine::verification::{NewRuling, VerificationError, hold_ends_at};

use super::pages::{down, event_row};
use super::{Analyst, problem};
use crate::App;
use crate::http::headers::{nonce, page, see_other};
use crate::pages::ReasonView;
use crate::pages::dashboard::{
    HoldView, LabelView, PolicyView, ProblemKind, Section, SessionPage, TimelineEntry, TokenView,
};

/// What a form calls a label that is taken back.
const NONE: &str = "none";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct LabelForm {
    form_token: String,
    label: String,
    note: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct RulingForm {
    form_token: String,
    ruling: String,
}

/// Why what an analyst said was not taken, beside what they said it of.
#[derive(Default)]
struct Refused {
    label: Option<String>,
    ruling: Option<String>,
}

/// All that the page of a session shows.
struct Record {
    found: Reviewed,
    timeline: Vec<Stored>,
    label: Option<GivenLabel>,
    now: DateTime<Utc>,
}

pub(in crate::http) async fn session(
    State(app): State<App>,
    analyst: Analyst,
    Path(session_id): Path<String>,
) -> Response {
    shown(&app, &analyst, &session_id, Refused::default()).await
}

/// Takes what an analyst says of a session, and shows it again.
pub(in crate::http) async fn label(
    State(app): State<App>,
    headers: HeaderMap,
    analyst: Analyst,
    Path(session_id): Path<String>,
    Form(form): Form<LabelForm>,
) -> Response {
    let base = || Some(analyst.base(Section::Events));
    if !analyst.sent(&app, &headers, &form.form_token) {
        return problem(&app, base(), StatusCode::FORBIDDEN, ProblemKind::StaleForm);
    }
    if !analyst.may_label() {
        return problem(&app, base(), StatusCode::FORBIDDEN, ProblemKind::Forbidden);
    }
    let actor = analyst.actor();
    let tenant: &Tenant = &analyst.tenant;
    let done = if form.label == NONE {
        app.engine.unlabel_session(&tenant.org.org_id, &session_id, &actor).await
    } else {
        let new = NewLabel { label: form.label, note: Some(form.note) };
        app.engine.label_session(tenant, &session_id, new, &actor).await.map(|_| ())
    };
    match done {
        Ok(()) => see_other(&format!("/dashboard/sessions/{session_id}")),
        Err(LabelError::NotFound) => problem(&app, base(), StatusCode::NOT_FOUND, ProblemKind::NotFound),
        Err(LabelError::Field(error)) => {
            let refused = Refused { label: Some(error.to_string()), ..Refused::default() };
            shown(&app, &analyst, &session_id, refused).await
        }
        Err(LabelError::Store(error)) => down(&app, &error),
    }
}

/// Takes what an analyst rules on a hold, and shows the session again.
pub(in crate::http) async fn ruling(
    State(app): State<App>,
    headers: HeaderMap,
    analyst: Analyst,
    Path(session_id): Path<String>,
    Form(form): Form<RulingForm>,
) -> Response {
    let base = || Some(analyst.base(Section::Events));
    if !analyst.sent(&app, &headers, &form.form_token) {
        return problem(&app, base(), StatusCode::FORBIDDEN, ProblemKind::StaleForm);
    }
    if !analyst.may_label() {
        return problem(&app, base(), StatusCode::FORBIDDEN, ProblemKind::Forbidden);
    }
    let actor = analyst.actor();
    let done = match (NewRuling { ruling: form.ruling }).read() {
        Ok(ruling) => app.engine.rule(&analyst.tenant, &session_id, ruling, &actor).await,
        Err(error) => Err(error.into()),
    };
    let told = match done {
        Ok(_) => return see_other(&format!("/dashboard/sessions/{session_id}")),
        Err(VerificationError::NotFound) => {
            return problem(&app, base(), StatusCode::NOT_FOUND, ProblemKind::NotFound);
        }
        Err(VerificationError::Store(error)) => return down(&app, &error),
        Err(VerificationError::HoldNotOver { .. }) => "It cannot be released yet.".to_owned(),
        Err(VerificationError::InvalidTransition) => "It is not on hold any more.".to_owned(),
        Err(error) => error.to_string(),
    };
    shown(&app, &analyst, &session_id, Refused { ruling: Some(told), ..Refused::default() }).await
}

/// The page of a session, and why what was said of it was not taken.
async fn shown(app: &App, analyst: &Analyst, session_id: &str, refused: Refused) -> Response {
    let wrong = refused.label.is_some() || refused.ruling.is_some();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    match record(app, &analyst.tenant, session_id).await {
        Ok(Some(record)) => {
            page(&app.pages, status, &session_page(analyst, &record, refused), &nonce(), None)
        }
        Ok(None) => {
            let base = Some(analyst.base(Section::Events));
            problem(app, base, StatusCode::NOT_FOUND, ProblemKind::NotFound)
        }
        Err(error) => down(app, &error),
    }
}

async fn record(app: &App, tenant: &Tenant, session_id: &str) -> Result<Option<Record>, StoreError> {
    let org_id = tenant.org.org_id.as_str();
    let Some(found) = app.engine.session(org_id, session_id).await? else { return Ok(None) };
    let timeline = app.engine.timeline(org_id, session_id).await?;
    let label = app.engine.label(tenant, session_id).await?;
    Ok(Some(Record { found, timeline, label, now: ase_engine::clock::now() }))
}

fn session_page(analyst: &Analyst, record: &Record, refused: Refused) -> SessionPage {
    let Record { found, timeline, label, now } = record;
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
        label: label.as_ref().map(label_view),
        may_label: analyst.may_label(),
        refused: refused.label,
        hold: hold_view(analyst, row, *now),
        refused_ruling: refused.ruling,
    }
}

/// The hold that a session stands in.
fn hold_view(analyst: &Analyst, row: &ScreenedRow, now: DateTime<Utc>) -> Option<HoldView> {
    let held_at = row.resolved_at.filter(|_| row.stage == Stage::Held.as_str())?;
    let ends_at = hold_ends_at(&analyst.tenant.policy.policy, held_at, row.hold_until);
    Some(HoldView { ends_at, releasable: ends_at <= now })
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

fn label_view(given: &GivenLabel) -> LabelView {
    LabelView {
        label: given.label.as_str().to_owned(),
        note: given.note.clone(),
        by: given.labelled_by_email.clone().unwrap_or_else(|| given.labelled_by.clone()),
        at: given.labelled_at,
    }
}
