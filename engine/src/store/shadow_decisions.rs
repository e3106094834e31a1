//! What candidates would have decided.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};

/// One judgement of a candidate.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct ShadowRow {
    pub org_id: String,
    pub session_id: String,
    pub policy_digest: String,
    pub outcome: String,
    pub score: i32,
    pub reasons: serde_json::Value,
    pub decided_at: DateTime<Utc>,
}

/// How often a candidate would have decided otherwise.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Comparison {
    /// What was decided.
    pub live: String,
    /// What the candidate would have decided.
    pub shadow: String,
    /// How often.
    pub decisions: i64,
}

/// Writes judgements; one that was written before stays.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn insert(tx: &mut Tx, rows: &[ShadowRow]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let texts = |of: fn(&ShadowRow) -> &String| rows.iter().map(of).cloned().collect::<Vec<String>>();
    sqlx::query!(
        r#"insert into shadow_decisions (org_id, session_id, policy_digest, outcome, score, reasons, decided_at)
        select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::jsonb[], $7::timestamptz[])
        on conflict do nothing"#,
        &texts(|row| &row.org_id),
        &texts(|row| &row.session_id),
        &texts(|row| &row.policy_digest),
        &texts(|row| &row.outcome),
        &rows.iter().map(|row| row.score).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.reasons.clone()).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.decided_at).collect::<Vec<_>>(),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// What candidates said of one session.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn of_session(tx: &mut Tx, org_id: &str, session_id: &str) -> Result<Vec<ShadowRow>, StoreError> {
    Ok(sqlx::query_as!(
        ShadowRow,
        r#"select org_id, session_id, policy_digest, outcome, score, reasons, decided_at from shadow_decisions
        where session_id = $2 and org_id = $1 order by policy_digest"#,
        org_id,
        session_id
    )
    .fetch_all(tx.db())
    .await?)
}

/// Live beside shadow, for one candidate since a time.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn compare(
    tx: &mut Tx,
    org_id: &str,
    policy_digest: &str,
    since: DateTime<Utc>,
) -> Result<Vec<Comparison>, StoreError> {
    Ok(sqlx::query_as!(
        Comparison,
        r#"select coalesce(d.observed, d.outcome) as "live!", s.outcome as shadow, count(*) as "decisions!"
        from shadow_decisions s
        join decisions d on d.session_id = s.session_id and d.org_id = s.org_id
        where s.org_id = $1 and s.policy_digest = $2 and s.decided_at >= $3
        group by 1, 2 order by 1, 2"#,
        org_id,
        policy_digest,
        since
    )
    .fetch_all(tx.db())
    .await?)
}

/// Forgets judgements from before a time, a bounded number at once. How many is returned.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn forget(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let forgotten = sqlx::query!(
        r#"delete from shadow_decisions where ctid = any(array(
            select ctid from shadow_decisions where decided_at < $1 limit 5000))"#,
        before
    )
    .execute(tx.db())
    .await?;
    Ok(forgotten.rows_affected())
}
