//! Flow 3: what analysts see and say, and how they sign in.

mod labels;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::Engine;
use crate::audit::{Actor, ActorType, action};
use crate::directory::Tenant;
use crate::event::Event;
use crate::id::random_secret;
use crate::journal::Journal;
use crate::password;
use crate::score::Reason;
use crate::store::audit_entries::Stored;
use crate::store::decisions::DecisionRow;
use crate::store::events::ScreenedRow;
use crate::store::shadow_decisions::ShadowRow;
use crate::store::users::SignedIn;
use crate::store::{self, Scope, StoreError};
use crate::verification::Report;

pub use crate::store::events::Filter as EventFilter;
pub use labels::LabelError;

/// Most rows of one page.
pub const PAGE_MAX: i64 = 200;

/// Why somebody was not signed in.
#[derive(Debug, Error)]
pub enum SignInError {
    /// Unknown, disabled, or the wrong password: all look alike and take the same time.
    #[error("the e-mail address or the password is not right")]
    Refused,
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A place in a list: strictly after it comes the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Time of the last row.
    pub time: DateTime<Utc>,
    /// Its id.
    pub id: String,
}

/// One session with its event, as analysts see it.
#[derive(Debug)]
pub struct Reviewed {
    /// What was decided, and where the session stands.
    pub row: ScreenedRow,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The event as it came; `None` when the subject was erased.
    pub event: Option<Event>,
}

/// One scam report, as analysts see it.
#[derive(Debug, Serialize)]
pub struct ReviewedReport {
    /// `rep_...`.
    pub id: String,
    /// The session it belongs to.
    pub session_id: String,
    /// The subject who filed it.
    pub subject_id: String,
    /// How the contact began.
    pub channel: String,
    /// The words; `None` when the subject was erased.
    #[serde(flatten)]
    pub words: Option<Report>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A decision with all that explains it.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The decision.
    pub row: DecisionRow,
    /// Its reasons, as a score adds them up.
    pub reasons: Vec<Reason>,
    /// What candidates said of it.
    pub candidates: Vec<ShadowRow>,
}

impl Cursor {
    /// As it travels in a query string.
    #[must_use]
    pub fn encode(&self) -> String {
        format!("{}.{}", self.time.timestamp_micros(), self.id)
    }

    /// Reads it back; `None` for whatever is none of ours.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let (micros, id) = text.split_once('.')?;
        Some(Self { time: DateTime::from_timestamp_micros(micros.parse().ok()?)?, id: id.to_owned() })
    }

    fn pair(self) -> (DateTime<Utc>, String) {
        (self.time, self.id)
    }
}

impl Engine {
    /// A page of screened events, newest first.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn events(
        &self,
        org_id: &str,
        chosen: EventFilter<'_>,
        before: Option<Cursor>,
        limit: i64,
    ) -> Result<Vec<ScreenedRow>, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let filter = EventFilter { before: before.map(Cursor::pair), ..chosen };
        let rows = store::events::page(&mut tx, org_id, filter, limit.clamp(1, PAGE_MAX)).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// One session with its event.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn session(&self, org_id: &str, session_id: &str) -> Result<Option<Reviewed>, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let row = store::events::of_session(&mut tx, org_id, session_id).await?;
        tx.commit().await?;
        let Some(row) = row else { return Ok(None) };
        let tenant = self.directory.tenant(org_id).await?;
        let event = tenant.zip(row.personal.as_deref()).and_then(|(tenant, sealed)| {
            let json = tenant.vault.open(&format!("event/{session_id}"), sealed).ok()?;
            serde_json::from_slice(&json).ok()
        });
        let reasons = serde_json::from_value(row.reasons.clone()).or(Err(StoreError::Corrupt("decision")))?;
        Ok(Some(Reviewed { row, reasons, event }))
    }

    /// One decision with its features and what candidates said of it.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn explain(&self, org_id: &str, session_id: &str) -> Result<Option<Explained>, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let row = store::decisions::find(&mut tx, org_id, session_id).await?;
        let candidates = store::shadow_decisions::of_session(&mut tx, org_id, session_id).await?;
        tx.commit().await?;
        let Some(row) = row else { return Ok(None) };
        let reasons = serde_json::from_value(row.reasons.clone()).or(Err(StoreError::Corrupt("decision")))?;
        Ok(Some(Explained { row, reasons, candidates }))
    }

    /// The decision token of a session, for a platform to which nobody hands it over, because the event came by
    /// webhook. `None` while there is none.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn decision_token(
        &self,
        tenant: &Tenant,
        session_id: &str,
    ) -> Result<Option<String>, StoreError> {
        let mut tx = self.store.begin(Scope::Org(&tenant.org.org_id)).await?;
        let token = self.token_of(tenant, &mut tx, session_id).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// The timeline of one session.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn timeline(&self, org_id: &str, session_id: &str) -> Result<Vec<Stored>, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let entries = store::audit_entries::of_session(&mut tx, org_id, session_id).await?;
        tx.commit().await?;
        Ok(entries)
    }

    /// A page of the audit log, newest first.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn audit_entries(
        &self,
        org_id: &str,
        before: Option<Cursor>,
        limit: i64,
    ) -> Result<Vec<Stored>, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let before = before.map(Cursor::pair);
        let entries = store::audit_entries::page(&mut tx, org_id, before, limit.clamp(1, PAGE_MAX)).await?;
        tx.commit().await?;
        Ok(entries)
    }

    /// A page of scam reports, newest first.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn reports(
        &self,
        org_id: &str,
        before: Option<Cursor>,
        limit: i64,
    ) -> Result<Vec<ReviewedReport>, StoreError> {
        let Some(tenant) = self.directory.tenant(org_id).await? else { return Ok(Vec::new()) };
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let before = before.map(Cursor::pair);
        let rows = store::scam_reports::page(&mut tx, org_id, before, limit.clamp(1, PAGE_MAX)).await?;
        tx.commit().await?;
        let reviewed = rows.into_iter().map(|row| ReviewedReport {
            words: row.narrative.as_deref().and_then(|sealed| {
                let json = tenant.vault.open(&format!("report/{}", row.report_id), sealed).ok()?;
                serde_json::from_slice(&json).ok()
            }),
            id: row.report_id,
            session_id: row.session_id,
            subject_id: row.subject_id,
            channel: row.channel,
            created_at: row.created_at,
        });
        Ok(reviewed.collect())
    }

    /// Signs an analyst in: the cookie to set is returned.
    ///
    /// # Errors
    /// [`SignInError::Refused`] for whatever is not a user with this password.
    pub async fn sign_in(&self, email: &str, password: SecretString) -> Result<String, SignInError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let user = store::users::find_by_email(&mut tx, email).await?;
        tx.commit().await?;
        let known = user.filter(|user| !user.disabled);
        let hash = known.as_ref().map(|user| user.password_hash.clone());
        // hashing takes tens of milliseconds of a core on purpose, so it happens off the async threads
        let right = tokio::task::spawn_blocking(move || match hash {
            Some(hash) => password::verify(&password, &hash),
            None => password::verify_unknown(&password),
        })
        .await
        .unwrap_or(false);
        let Some(user) = known else { return Err(SignInError::Refused) };
        let mut tx = self.store.begin(Scope::Org(&user.org_id)).await?;
        let mut journal = Journal::new(&user.org_id, None, tx.now().await?);
        let actor = Actor { actor_type: ActorType::Analyst, id: user.user_id.clone() };
        let cookie = random_secret(&mut rand::rng());
        if right {
            store::users::sign_in(&mut tx, &user.org_id, &user.user_id, &cookie_hash(&cookie)).await?;
            journal.note(&actor, action::ANALYST_SIGNED_IN, json!({}));
        } else {
            journal.note(&actor, action::ANALYST_SIGN_IN_FAILED, json!({}));
        }
        store::audit_entries::append(&mut tx, &user.org_id, journal.entries()).await?;
        tx.commit().await?;
        if right { Ok(cookie) } else { Err(SignInError::Refused) }
    }

    /// Who holds this cookie, if anybody is signed in with it.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn signed_in(&self, cookie: &str) -> Result<Option<SignedIn>, StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let user = store::users::signed_in(&mut tx, &cookie_hash(cookie)).await?;
        tx.commit().await?;
        Ok(user)
    }

    /// Signs the holder of this cookie out.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn sign_out(&self, cookie: &str) -> Result<(), StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        store::users::sign_out(&mut tx, &cookie_hash(cookie)).await?;
        tx.commit().await
    }
}

fn cookie_hash(cookie: &str) -> [u8; 32] {
    Sha256::digest(cookie.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_travel() {
        let cursor = Cursor {
            time: DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap(),
            id: "ses_1".into(),
        };
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        for bad in ["", "1", "x.y", "99999999999999999999.a"] {
            assert_eq!(Cursor::decode(bad), None, "{bad}");
        }
    }
}
