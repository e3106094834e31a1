//! How each policy version decides, minute by minute.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};

/// What is counted apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct Key {
    pub org_id: String,
    pub policy_digest: String,
    pub event_type: String,
    pub minute: DateTime<Utc>,
}

/// How often what was decided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct Count {
    pub decisions: i64,
    pub delayed: i64,
    pub blocked: i64,
}

/// The last hour of a live version beside the seven days before it, for one event type.
#[derive(Debug, Clone)]
pub struct Window {
    /// Whose.
    pub org_id: String,
    /// The live version.
    pub policy_digest: String,
    /// For which type.
    pub event_type: String,
    /// Its decisions within the last hour, since it decides.
    pub decisions: i64,
    /// Those of them that were delayed or blocked.
    pub stopped: i64,
    /// Decisions of other versions within seven days before it went live.
    pub base_decisions: i64,
    /// Those of them that were delayed or blocked.
    pub base_stopped: i64,
}

/// Adds to the counts. Keys are written in their order, so that two nodes never wait for each other in a circle.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn add(tx: &mut Tx, counts: &BTreeMap<Key, Count>) -> Result<(), StoreError> {
    if counts.is_empty() {
        return Ok(());
    }
    let texts = |of: fn(&Key) -> &String| counts.keys().map(of).cloned().collect::<Vec<String>>();
    let numbers = |of: fn(&Count) -> i64| counts.values().map(of).collect::<Vec<i64>>();
    sqlx::query!(
        r#"insert into decision_counts as known (org_id, policy_digest, event_type, minute, decisions, delayed, blocked)
        select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::bigint[], $6::bigint[],
            $7::bigint[])
        on conflict (org_id, policy_digest, event_type, minute) do update set
            decisions = known.decisions + excluded.decisions,
            delayed = known.delayed + excluded.delayed,
            blocked = known.blocked + excluded.blocked"#,
        &texts(|key| &key.org_id),
        &texts(|key| &key.policy_digest),
        &texts(|key| &key.event_type),
        &counts.keys().map(|key| key.minute).collect::<Vec<_>>(),
        &numbers(|count| count.decisions),
        &numbers(|count| count.delayed),
        &numbers(|count| count.blocked),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Live versions of less than a day, beside what was before them; under [`super::Scope::System`].
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn windows(tx: &mut Tx) -> Result<Vec<Window>, StoreError> {
    Ok(sqlx::query_as!(
        Window,
        r#"select p.org_id, p.digest as policy_digest, c.event_type,
            coalesce(sum(c.decisions) filter (where c.policy_digest = p.digest and c.minute > now() - interval '1 hour'
                and c.minute >= date_trunc('minute', p.live_from)), 0)::bigint as "decisions!",
            coalesce(sum(c.delayed + c.blocked) filter (where c.policy_digest = p.digest
                and c.minute > now() - interval '1 hour'
                and c.minute >= date_trunc('minute', p.live_from)), 0)::bigint as "stopped!",
            coalesce(sum(c.decisions) filter (where c.policy_digest <> p.digest), 0)::bigint as "base_decisions!",
            coalesce(sum(c.delayed + c.blocked) filter (where c.policy_digest <> p.digest), 0)::bigint
                as "base_stopped!"
        from policies p
        join decision_counts c on c.org_id = p.org_id and c.minute > p.live_from - interval '7 days'
        where p.status = 'live' and p.live_from > now() - interval '1 day' and p.publisher <> 'breaker'
            -- what was live before is known, unless it was taken back, under whichever number
            and (exists (select 1 from policies d where d.org_id = p.org_id and d.digest = p.digest and d.demotions > 0)
                or not exists (select 1 from decision_counts o where o.org_id = p.org_id
                    and o.policy_digest = p.digest and o.minute < p.live_from - interval '1 minute'))
            -- what another version did that was taken back is no measure
            and (c.policy_digest = p.digest or not exists (select 1 from policies d where d.org_id = p.org_id
                and d.digest = c.policy_digest and d.demoted_at is not null))
        group by p.org_id, p.digest, c.event_type
        order by p.org_id, c.event_type"#
    )
    .fetch_all(tx.db())
    .await?)
}

/// Forgets counts from before a time. How many is returned.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn forget(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let forgotten =
        sqlx::query!("delete from decision_counts where minute < $1", before).execute(tx.db()).await?;
    Ok(forgotten.rows_affected())
}
