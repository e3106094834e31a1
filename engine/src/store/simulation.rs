//! What a simulation writes besides screenings: steps of sessions at a virtual time. The walk through the challenge
//! itself counts from the database's own clock and would find every session of a virtual past expired.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};
use crate::challenge::Intent;
use crate::session::{Demands, Stage};
use crate::token::TokenOutcome;

/// One step of a session.
#[derive(Debug)]
pub struct Moved<'a> {
    /// Whose.
    pub org_id: &'a str,
    /// Which.
    pub session_id: &'a str,
    /// Where it stands.
    pub from: Stage,
    /// Where it goes.
    pub to: Stage,
    /// What was answered, so far.
    pub intent: Option<Intent>,
    /// When, in virtual time.
    pub at: DateTime<Utc>,
}

/// Moves a session.
///
/// # Errors
/// [`StoreError::Transition`] when it stands elsewhere, or cannot go there.
pub async fn advance(tx: &mut Tx, step: &Moved<'_>) -> Result<(), StoreError> {
    let outcome = step.to.outcome();
    let done = sqlx::query!(
        r#"update sessions set stage = $4, status = $5, intent = $6, outcome = $7, resolved_at = $8
        where session_id = $2 and org_id = $1 and stage = $3"#,
        step.org_id,
        step.session_id,
        step.from.as_str(),
        step.to.as_str(),
        step.to.status().as_str(),
        step.intent.map(Intent::as_str),
        outcome.map(TokenOutcome::as_str),
        outcome.map(|_| step.at),
    )
    .execute(tx.db())
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Transition) }
}

/// What is asked of the person before a session lets anything through. Everybody can be reached.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn demands(tx: &mut Tx, org_id: &str, session_id: &str) -> Result<Demands, StoreError> {
    let row = sqlx::query!(
        "select otp_required, hold from sessions where session_id = $2 and org_id = $1",
        org_id,
        session_id,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(Demands { otp_required: row.otp_required, hold: row.hold, reachable: true })
}
