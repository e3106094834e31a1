//! Decisions as they were made: one to explain, or all to judge again.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};

/// A decision with all that explains it.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the tables, documented there")]
pub struct DecisionRow {
    pub session_id: String,
    pub event_id: String,
    pub event_type: String,
    pub outcome: String,
    pub observed: Option<String>,
    pub score: i32,
    pub reasons: serde_json::Value,
    pub missing: Vec<String>,
    pub shadow: serde_json::Value,
    pub failed_rules: serde_json::Value,
    pub policy_name: String,
    pub policy_version: i32,
    pub policy_digest: String,
    pub request_digest: Vec<u8>,
    /// The snapshot as it was written.
    pub features: String,
    pub hold_until: Option<DateTime<Utc>>,
    pub decided_at: DateTime<Utc>,
}

/// A decision to judge again.
#[derive(Debug, Clone)]
pub struct Past {
    /// Its session.
    pub session_id: String,
    /// When it was made.
    pub decided_at: DateTime<Utc>,
    /// What was decided, or would have been.
    pub outcome: String,
    /// Its points.
    pub score: i32,
    /// The snapshot as it was written.
    pub features: String,
    /// `scam`, `good` or nothing: what became of it.
    pub label: Option<String>,
}

/// One decision.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn find(tx: &mut Tx, org_id: &str, session_id: &str) -> Result<Option<DecisionRow>, StoreError> {
    Ok(sqlx::query_as!(
        DecisionRow,
        r#"select d.session_id, e.event_id, e.event_type, d.outcome, d.observed, d.score, d.reasons, d.missing,
            d.shadow, d.failed_rules, d.policy_name, d.policy_version, d.policy_digest, e.request_digest,
            d.features::text as "features!", d.hold_until, d.decided_at
        from decisions d
        join events e on e.session_id = d.session_id and e.org_id = d.org_id
        where d.session_id = $2 and d.org_id = $1"#,
        org_id,
        session_id
    )
    .fetch_optional(tx.db())
    .await?)
}

/// A page of decisions from `since` on, oldest first, strictly after `after`. What an analyst says of a session counts
/// before all else. Without that, a scam is what the person said to be guided in, or reported, and what was disputed or
/// warned of later; good is what passed a challenge or was let through, and nobody complained of. What was let through
/// at once can only have been revoked, so that most sessions need not be looked at.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn page(
    tx: &mut Tx,
    org_id: &str,
    since: DateTime<Utc>,
    after: Option<(DateTime<Utc>, String)>,
    limit: i64,
) -> Result<Vec<Past>, StoreError> {
    let (time, id) = after.unwrap_or((since, String::new()));
    Ok(sqlx::query_as!(
        Past,
        r#"select d.session_id, d.decided_at, coalesce(d.observed, d.outcome) as "outcome!", d.score,
            d.features::text as "features!",
            case
                when l.label is not null then l.label
                when exists (select from scam_reports r
                    where r.session_id = d.session_id and r.org_id = d.org_id) then 'scam'
                when exists (select from confirmed_scams c
                    where c.session_id = d.session_id and c.org_id = d.org_id) then 'scam'
                when d.outcome = 'allow' then case when not exists (select from sessions s
                    where s.session_id = d.session_id and s.org_id = d.org_id and s.stage = 'revoked') then 'good' end
                when d.outcome = 'delay_verify' then (
                    select case when s.intent in ('guided', 'unsure') then 'scam' when s.stage = 'allowed' then 'good' end
                    from sessions s where s.session_id = d.session_id and s.org_id = d.org_id)
            end as label
        from decisions d
        left join session_labels l on l.session_id = d.session_id and l.org_id = d.org_id
        where d.org_id = $1 and (d.decided_at, d.session_id) > ($2, $3)
        order by d.decided_at, d.session_id
        limit $4"#,
        org_id,
        time,
        id,
        limit
    )
    .fetch_all(tx.db())
    .await?)
}

/// How many decisions there are from `since` on.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn count(tx: &mut Tx, org_id: &str, since: DateTime<Utc>) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from decisions where org_id = $1 and decided_at >= $2"#,
        org_id,
        since
    )
    .fetch_one(tx.db())
    .await?)
}
