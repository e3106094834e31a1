//! Sessions: opened by a screening, read for an answer, moved by a step.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};
use crate::challenge::Intent;
use crate::session::{Stage, Status};
use crate::token::{Assurance, TokenOutcome};
use crate::variant::Variant;

/// A session as a screening opens it.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "the columns of the table")]
pub struct NewSession {
    /// Its unguessable id.
    pub session_id: String,
    /// Pending, or resolved at once.
    pub status: Status,
    /// Where it stands.
    pub stage: Stage,
    /// What it came to, when resolved at once.
    pub outcome: Option<TokenOutcome>,
    /// What that rests on.
    pub assurance: Option<Assurance>,
    /// True when the subject is asked.
    pub challenged: bool,
    /// A confirmed intent still needs a code.
    pub otp_required: bool,
    /// Whatever is answered, a person looks first.
    pub hold: bool,
    /// The subject broke off contact in another session a short while ago.
    pub prior_break_contact: bool,
    /// Addresses and the words of the page, sealed.
    pub contact: Option<Vec<u8>>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// When it was resolved.
    pub resolved_at: Option<DateTime<Utc>>,
}

/// A session as it stands.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct SessionRow {
    pub org_id: String,
    pub session_id: String,
    pub subject_id: String,
    pub status: Status,
    pub stage: Stage,
    pub intent: Option<Intent>,
    pub outcome: Option<TokenOutcome>,
    pub assurance: Option<Assurance>,
    pub challenged: bool,
    pub otp_required: bool,
    pub hold: bool,
    pub otp_sends: i32,
    pub otp_tries: i32,
    pub binding_hash: Option<Vec<u8>>,
    pub contact: Option<Vec<u8>>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub resolved_at: Option<DateTime<Utc>>,
    pub variant: Option<Variant>,
    /// When somebody ruled on its hold.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// The database's time at the moment of reading.
    pub now: DateTime<Utc>,
}

impl SessionRow {
    /// True when time ran out, whether or not the row says so yet.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        self.status == Status::Expired || (self.status == Status::Pending && self.expires_at <= self.now)
    }
}

/// Whose session this is, and about whom; for the look-up alone, under [`super::Scope::System`].
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn owner_of(tx: &mut Tx, session_id: &str) -> Result<Option<(String, String)>, StoreError> {
    let row = sqlx::query!("select org_id, subject_id from sessions where session_id = $1", session_id)
        .fetch_optional(tx.db())
        .await?;
    Ok(row.map(|row| (row.org_id, row.subject_id)))
}

/// True when the subject broke off contact in another session within `hours`. Call it under the subject's lock.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn broke_contact(
    tx: &mut Tx,
    org_id: &str,
    subject_id: &str,
    session_id: &str,
    hours: i32,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (
            select from sessions
            where org_id = $1 and subject_id = $2 and challenged and session_id <> $3
                and created_at > clock_timestamp() - interval '7 days'
                and (intent in ('guided', 'unsure') or stage = 'revoked')
                and resolved_at > clock_timestamp() - make_interval(hours => $4)
        ) as "found!""#,
        org_id,
        subject_id,
        session_id,
        hours
    )
    .fetch_one(tx.db())
    .await?)
}

/// Notes that the subject broke off contact elsewhere: from now on nothing but a hold can come of this session.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn inherit_break_contact(tx: &mut Tx, org_id: &str, session_id: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "update sessions set hold = true, prior_break_contact = true where session_id = $2 and org_id = $1",
        org_id,
        session_id
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

struct Row {
    org_id: String,
    session_id: String,
    subject_id: String,
    status: String,
    stage: String,
    intent: Option<String>,
    outcome: Option<String>,
    assurance: Option<String>,
    challenged: bool,
    otp_required: bool,
    hold: bool,
    otp_sends: i32,
    otp_tries: i32,
    binding_hash: Option<Vec<u8>>,
    contact: Option<Vec<u8>>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    resolved_at: Option<DateTime<Utc>>,
    variant: Option<String>,
    reviewed_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
}

/// Reads a session.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn find(tx: &mut Tx, org_id: &str, session_id: &str) -> Result<Option<SessionRow>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        r#"select org_id, session_id, subject_id, status, stage, intent, outcome, assurance, challenged, otp_required,
            hold, otp_sends, otp_tries, binding_hash, contact, created_at, expires_at, resolved_at,
            break_contact_variant as variant, reviewed_at, clock_timestamp() as "now!"
        from sessions where session_id = $2 and org_id = $1"#,
        org_id,
        session_id
    )
    .fetch_optional(tx.db())
    .await?;
    row.map(SessionRow::try_from).transpose()
}

/// Reads a session and keeps every other answer to it waiting until this transaction ends.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn find_locked(
    tx: &mut Tx,
    org_id: &str,
    session_id: &str,
) -> Result<Option<SessionRow>, StoreError> {
    sqlx::query!(
        "select 1 as one from sessions where session_id = $2 and org_id = $1 for update",
        org_id,
        session_id
    )
    .fetch_optional(tx.db())
    .await?;
    find(tx, org_id, session_id).await
}

/// One move of a session.
#[derive(Debug)]
pub struct Move<'a> {
    /// Whose.
    pub org_id: &'a str,
    /// Which.
    pub session_id: &'a str,
    /// From here and from nowhere else.
    pub from: Stage,
    /// To here.
    pub to: Stage,
    /// What was answered, with this move or before.
    pub intent: Option<Intent>,
    /// What the outcome rests on, once there is one.
    pub assurance: Option<Assurance>,
    /// Digest of the cookie of the browser that moves it; kept if it is the first.
    pub binding_hash: Option<&'a [u8; 32]>,
    /// What whoever breaks off contact reads, when this move does so.
    pub variant: Option<Variant>,
    /// Who looked at a hold, when this move ends it.
    pub reviewed_by: Option<&'a str>,
}

/// Moves a session: only from the given stage, and never a pending one after its time. Since when it is resolved, if it
/// is, is returned.
///
/// # Errors
/// [`StoreError::Transition`] when the session is elsewhere by now or its time is over.
pub async fn advance(tx: &mut Tx, step: &Move<'_>) -> Result<Option<DateTime<Utc>>, StoreError> {
    let resolved_at = sqlx::query_scalar!(
        r#"update sessions set stage = $4, status = $5, intent = coalesce($6, intent), outcome = $7,
            assurance = coalesce($8, assurance), binding_hash = coalesce(binding_hash, $9),
            break_contact_variant = coalesce(break_contact_variant, $10),
            reviewed_by = coalesce($11, reviewed_by),
            reviewed_at = case when $11::text is not null then clock_timestamp() else reviewed_at end,
            -- whoever breaks off contact while a person is awaited does so now
            resolved_at = case when $4 = 'break_contact' then clock_timestamp()
                when $5 = 'resolved' then coalesce(resolved_at, clock_timestamp()) end
        where session_id = $2 and org_id = $1 and stage = $3
            and (status <> 'pending' or $4 = 'expired' or expires_at > clock_timestamp())
        returning resolved_at"#,
        step.org_id,
        step.session_id,
        step.from.as_str(),
        step.to.as_str(),
        step.to.status().as_str(),
        step.intent.map(Intent::as_str),
        step.to.outcome().map(TokenOutcome::as_str),
        step.assurance.map(Assurance::as_str),
        step.binding_hash.map(<[u8; 32]>::as_slice),
        step.variant.map(Variant::as_str),
        step.reviewed_by,
    )
    .fetch_optional(tx.db())
    .await?;
    resolved_at.ok_or(StoreError::Transition)
}

/// Revokes what was let through of a subject and not gone ahead with yet, but for one session and for sign-ins: whoever
/// says that somebody leads them says so of all they did just now. Their ids are returned. Call it under the subject's
/// lock.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn revoke_unused(
    tx: &mut Tx,
    org_id: &str,
    subject_id: &str,
    session_id: &str,
) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"with loose as (
            -- the token's row is held, so that nobody uses it meanwhile
            select t.session_id from decision_tokens t
            join events e on e.session_id = t.session_id and e.org_id = t.org_id
            join sessions s on s.session_id = t.session_id and s.org_id = t.org_id
            where e.org_id = $1 and e.subject_id = $2 and e.received_at > clock_timestamp() - interval '40 days'
                and e.category not in ('login', 'aftermath')
                and t.session_id <> $3 and t.used_at is null
                -- what was released gets another token when one has ended
                and (t.expires_at > clock_timestamp() or s.reviewed_at > clock_timestamp() - interval '1 day')
            for update of t
        )
        update sessions s set stage = 'revoked', outcome = 'block' from loose
        where s.session_id = loose.session_id and s.org_id = $1 and s.stage = 'allowed'
        returning s.session_id"#,
        org_id,
        subject_id,
        session_id
    )
    .fetch_all(tx.db())
    .await?)
}

/// Sessions whose time ran out without an end, oldest first, locked for this transaction.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn due(tx: &mut Tx, limit: i64) -> Result<Vec<(String, String, Stage)>, StoreError> {
    let rows = sqlx::query!(
        r#"select org_id, session_id, stage from sessions
        where status = 'pending' and expires_at <= clock_timestamp()
        order by expires_at limit $1 for update skip locked"#,
        limit
    )
    .fetch_all(tx.db())
    .await?;
    rows.into_iter()
        .map(|row| {
            let stage = Stage::parse(&row.stage).ok_or(StoreError::Corrupt("stage"))?;
            Ok((row.org_id, row.session_id, stage))
        })
        .collect()
}

impl TryFrom<Row> for SessionRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let stage = Stage::parse(&row.stage).ok_or(StoreError::Corrupt("stage"))?;
        let status = match row.status.as_str() {
            "pending" => Status::Pending,
            "resolved" => Status::Resolved,
            _ => Status::Expired,
        };
        Ok(Self {
            org_id: row.org_id,
            session_id: row.session_id,
            subject_id: row.subject_id,
            status,
            stage,
            intent: row.intent.as_deref().and_then(Intent::parse),
            outcome: row.outcome.as_deref().and_then(TokenOutcome::parse),
            assurance: row.assurance.as_deref().and_then(Assurance::parse),
            challenged: row.challenged,
            otp_required: row.otp_required,
            hold: row.hold,
            otp_sends: row.otp_sends,
            otp_tries: row.otp_tries,
            binding_hash: row.binding_hash,
            contact: row.contact,
            created_at: row.created_at,
            expires_at: row.expires_at,
            resolved_at: row.resolved_at,
            variant: row.variant.as_deref().and_then(Variant::parse),
            reviewed_at: row.reviewed_at,
            now: row.now,
        })
    }
}
