//! Screened events with their decisions, as analysts and duplicates read them.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};

/// One screened event: what was decided, and where its session stands.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the tables, documented there")]
pub struct ScreenedRow {
    pub session_id: String,
    pub source_id: String,
    pub event_id: String,
    pub event_type: String,
    pub subject_id: String,
    pub test: bool,
    pub received_at: DateTime<Utc>,
    pub decision: String,
    pub score: i32,
    pub reasons: serde_json::Value,
    pub missing: Vec<String>,
    pub policy_name: String,
    pub policy_version: i32,
    pub policy_digest: String,
    pub status: String,
    pub stage: String,
    pub intent: Option<String>,
    pub outcome: Option<String>,
    pub assurance: Option<String>,
    pub challenged: bool,
    pub expires_at: DateTime<Utc>,
    pub resolved_at: Option<DateTime<Utc>>,
    pub personal: Option<Vec<u8>>,
    pub token_used_at: Option<DateTime<Utc>>,
    pub token_expires_at: Option<DateTime<Utc>>,
    pub observed: Option<String>,
    pub hold_until: Option<DateTime<Utc>>,
}

/// Which events a page shows.
#[derive(Debug, Clone, Default)]
pub struct Filter<'a> {
    /// Only decisions of this outcome.
    pub decision: Option<&'a str>,
    /// Only this subject.
    pub subject_id: Option<&'a str>,
    /// Only sessions that stand here.
    pub stage: Option<&'a str>,
    /// Strictly before this place in time.
    pub before: Option<(DateTime<Utc>, String)>,
}

/// A page of screened events, newest first.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn page(
    tx: &mut Tx,
    org_id: &str,
    filter: Filter<'_>,
    limit: i64,
) -> Result<Vec<ScreenedRow>, StoreError> {
    let (time, id) = filter.before.unzip();
    Ok(sqlx::query_as!(
        ScreenedRow,
        r#"select session_id as "session_id!", source_id as "source_id!", event_id as "event_id!",
            event_type as "event_type!", subject_id as "subject_id!", test as "test!", received_at as "received_at!",
            decision as "decision!", score as "score!", reasons as "reasons!", missing as "missing!",
            policy_name as "policy_name!", policy_version as "policy_version!", policy_digest as "policy_digest!",
            status as "status!", stage as "stage!", intent, outcome, assurance, challenged as "challenged!",
            expires_at as "expires_at!", resolved_at, personal, token_used_at, token_expires_at,
            observed, hold_until
        from screened
        where org_id = $1 and ($2::text is null or decision = $2) and ($3::text is null or subject_id = $3)
            and ($4::timestamptz is null or (received_at, session_id) < ($4, $5::text))
            and ($7::text is null or stage = $7)
        order by received_at desc, session_id desc limit $6"#,
        org_id,
        filter.decision,
        filter.subject_id,
        time,
        id,
        limit,
        filter.stage
    )
    .fetch_all(tx.db())
    .await?)
}

/// One screened event by its session.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn of_session(
    tx: &mut Tx,
    org_id: &str,
    session_id: &str,
) -> Result<Option<ScreenedRow>, StoreError> {
    Ok(sqlx::query_as!(
        ScreenedRow,
        r#"select session_id as "session_id!", source_id as "source_id!", event_id as "event_id!",
            event_type as "event_type!", subject_id as "subject_id!", test as "test!", received_at as "received_at!",
            decision as "decision!", score as "score!", reasons as "reasons!", missing as "missing!",
            policy_name as "policy_name!", policy_version as "policy_version!", policy_digest as "policy_digest!",
            status as "status!", stage as "stage!", intent, outcome, assurance, challenged as "challenged!",
            expires_at as "expires_at!", resolved_at, personal, token_used_at, token_expires_at,
            observed, hold_until
        from screened where session_id = $2 and org_id = $1"#,
        org_id,
        session_id
    )
    .fetch_optional(tx.db())
    .await?)
}

/// What a decision token binds: the action itself.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct BoundAction {
    pub event_id: String,
    pub event_type: String,
    pub subject_id: String,
    pub amount: Option<rust_decimal::Decimal>,
    pub currency: Option<String>,
    pub destination_id: Option<String>,
    pub test: bool,
}

/// The action that a session is about.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn bound_action(tx: &mut Tx, org_id: &str, session_id: &str) -> Result<BoundAction, StoreError> {
    Ok(sqlx::query_as!(
        BoundAction,
        r#"select event_id, event_type, subject_id, amount, currency, destination_id, test
        from events where session_id = $2 and org_id = $1"#,
        org_id,
        session_id
    )
    .fetch_one(tx.db())
    .await?)
}
