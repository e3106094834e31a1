//! What a simulation writes besides screenings: ends of sessions at a virtual time. The walk through the challenge
//! itself counts from the database's own clock and would find every session of a virtual past expired.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};
use crate::challenge::Intent;
use crate::session::Stage;
use crate::token::TokenOutcome;

/// The end of a session.
#[derive(Debug)]
pub struct End<'a> {
    /// Whose.
    pub org_id: &'a str,
    /// Which; its question must be open.
    pub session_id: &'a str,
    /// Where it ends.
    pub stage: Stage,
    /// What was answered.
    pub intent: Option<Intent>,
    /// When, in virtual time.
    pub at: DateTime<Utc>,
}

/// Ends a session whose question is open.
///
/// # Errors
/// [`StoreError::Transition`] when it is not, or cannot end there.
pub async fn end(tx: &mut Tx, end: &End<'_>) -> Result<(), StoreError> {
    let outcome = end.stage.outcome();
    let done = sqlx::query!(
        r#"update sessions set stage = $3, status = $4, intent = $5, outcome = $6, resolved_at = $7
        where session_id = $2 and org_id = $1 and stage = 'question'"#,
        end.org_id,
        end.session_id,
        end.stage.as_str(),
        end.stage.status().as_str(),
        end.intent.map(Intent::as_str),
        outcome.map(TokenOutcome::as_str),
        outcome.map(|_| end.at),
    )
    .execute(tx.db())
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Transition) }
}
