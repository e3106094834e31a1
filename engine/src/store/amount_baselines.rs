//! What is usual over all subjects of an organisation.

use super::{StoreError, Tx};

/// Works it out anew from the last 20,000 decisions of each organisation; under [`super::Scope::System`]. Of several
/// nodes that try at once, one does.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn refresh(tx: &mut Tx) -> Result<u64, StoreError> {
    // any number that nothing else of ours locks
    let mine = sqlx::query_scalar!(r#"select pg_try_advisory_xact_lock(7308332184) as "mine!""#)
        .fetch_one(tx.db())
        .await?;
    if !mine {
        return Ok(0);
    }
    // `offset 0` keeps the events inside: joined, a planner that knows little of the tables yet may read all decisions
    // again for each event
    let refreshed = sqlx::query!(
        r#"insert into amount_baselines (org_id, category, currency, amounts, amount_p95, refreshed_at)
        select o.org_id, e.category, e.currency, count(*), percentile_disc(0.95) within group (order by e.amount),
            clock_timestamp()
        from orgs o
        cross join lateral (
            select session_id from decisions d where d.org_id = o.org_id order by decided_at desc limit 20000
        ) d
        cross join lateral (
            select category, currency, amount from events
            where session_id = d.session_id and org_id = o.org_id
                and amount is not null and currency is not null and not test
            offset 0
        ) e
        group by o.org_id, e.category, e.currency
        having count(*) >= 20
        on conflict (org_id, category, currency) do update set amounts = excluded.amounts,
            amount_p95 = excluded.amount_p95, refreshed_at = excluded.refreshed_at"#
    )
    .execute(tx.db())
    .await?;
    Ok(refreshed.rows_affected())
}
