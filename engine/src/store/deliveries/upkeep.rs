//! What is done about deliveries by the hour: alarms and forgetting.

use super::DeliveryRow;
use crate::store::{StoreError, Tx};

/// Takes the conflicts that nobody was told of yet; under [`crate::store::Scope::System`].
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn take_conflicts(tx: &mut Tx) -> Result<Vec<DeliveryRow>, StoreError> {
    Ok(sqlx::query_as!(
        DeliveryRow,
        r#"update deliveries d set alarmed_at = clock_timestamp()
        from (
            select org_id, delivery_id from deliveries where conflict and alarmed_at is null
            order by received_at limit 100 for update skip locked
        ) fresh
        where d.delivery_id = fresh.delivery_id and d.org_id = fresh.org_id
        returning d.org_id, d.delivery_id, d.source_id, d.connector, d.connector_digest, d.provider_id, d.secret_id,
            null::bytea as request, d.body_digest, d.status, d.tries, d.received_at, d.times_seen, d.seen_at,
            d.conflict, d.last_error"#
    )
    .fetch_all(tx.db())
    .await?)
}

/// Wipes requests that an organisation keeps no longer, and forgets deliveries after 35 days or as many as it keeps
/// them, a thousand at once; under [`crate::store::Scope::System`]. How many were touched is returned.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn forget(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"with old as (
            select d.org_id, d.delivery_id, o.delivery_days from orgs o
            cross join lateral (
                select org_id, delivery_id from deliveries
                where org_id = o.org_id and status <> 'deferred'
                    and received_at < clock_timestamp() - make_interval(days => greatest(o.delivery_days, 35))
                limit 1000
            ) d
        ),
        forgotten as (
            delete from deliveries d using old
            where d.delivery_id = old.delivery_id and d.org_id = old.org_id
            returning 1
        ),
        wiped as (
            update deliveries d set request = null
            from (
                select d.org_id, d.delivery_id from orgs o
                cross join lateral (
                    select org_id, delivery_id from deliveries
                    where org_id = o.org_id and status <> 'deferred' and request is not null
                        and received_at < clock_timestamp() - make_interval(days => o.delivery_days)
                        and received_at >= clock_timestamp() - interval '35 days'
                    limit 1000
                ) d
                where o.delivery_days < 35
            ) kept
            where d.delivery_id = kept.delivery_id and d.org_id = kept.org_id
            returning 1
        )
        select (select count(*) from forgotten) + (select count(*) from wiped) as "count!""#
    )
    .fetch_one(tx.db())
    .await?)
}
