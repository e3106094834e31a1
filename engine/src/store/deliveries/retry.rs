//! Deliveries that are tried again, one worker each.

use super::{DeliveryRow, Filter};
use crate::store::{StoreError, Tx};

/// Leases deliveries that are due, so that each is tried by one worker at a time.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn lease(tx: &mut Tx, limit: i64, lease_seconds: f64) -> Result<Vec<DeliveryRow>, StoreError> {
    Ok(sqlx::query_as!(
        DeliveryRow,
        r#"update deliveries d set tries = d.tries + 1, next_try_at = clock_timestamp() + make_interval(secs => $2)
        from (
            select org_id, delivery_id from deliveries
            where status = 'deferred' and next_try_at <= clock_timestamp()
            order by next_try_at limit $1 for update skip locked
        ) due
        where d.delivery_id = due.delivery_id and d.org_id = due.org_id
        returning d.org_id, d.delivery_id, d.source_id, d.connector, d.connector_digest, d.provider_id, d.secret_id,
            d.request, d.body_digest, d.status, d.tries, d.received_at, d.times_seen, d.seen_at, d.conflict,
            d.last_error"#,
        limit,
        lease_seconds
    )
    .fetch_all(tx.db())
    .await?)
}

/// Says how a try ended, what read the delivery, and when the next try is due where it waits on.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn settle(
    tx: &mut Tx,
    row: &DeliveryRow,
    status: &str,
    error: Option<&str>,
    seconds: f64,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"update deliveries set status = $3, last_error = $4, connector_digest = coalesce($5, connector_digest),
            next_try_at = clock_timestamp() + make_interval(secs => $6)
        where delivery_id = $2 and org_id = $1"#,
        row.org_id,
        row.delivery_id,
        status,
        error,
        row.connector_digest,
        seconds
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Gives a leased delivery back untried.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn hold(tx: &mut Tx, row: &DeliveryRow, seconds: f64) -> Result<(), StoreError> {
    sqlx::query!(
        r#"update deliveries set tries = tries - 1, next_try_at = clock_timestamp() + make_interval(secs => $3)
        where delivery_id = $2 and org_id = $1 and status = 'deferred' and tries = $4"#,
        row.org_id,
        row.delivery_id,
        seconds,
        row.tries
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Makes due at once what waits for a connector; with `unless_by`, what failed under another digest than that. One
/// that is being tried may be tried twice, which screens nothing twice. Under [`crate::store::Scope::System`]. How many is
/// returned.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn release(tx: &mut Tx, connector: &str, unless_by: Option<&str>) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        r#"update deliveries set next_try_at = clock_timestamp()
        where status = 'deferred' and connector = $1 and next_try_at > clock_timestamp()
            and ($2::text is null or connector_digest is distinct from $2)"#,
        connector,
        unless_by
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected())
}

/// Makes deliveries due at once, at most `limit`, oldest first; those without a request cannot be. How many is returned.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn replay(
    tx: &mut Tx,
    org_id: &str,
    ids: Option<&[String]>,
    filter: &Filter,
    limit: i64,
) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        r#"update deliveries d set status = 'deferred', tries = 0, next_try_at = clock_timestamp()
        from (
            select org_id, delivery_id from deliveries
            where org_id = $1 and request is not null and ($2::text[] is null or delivery_id = any($2))
                and ($3::text is null or source_id = $3) and ($4::text is null or status = $4)
                and ($5::timestamptz is null or received_at >= $5) and ($6::timestamptz is null or received_at < $6)
            order by received_at, delivery_id limit $7
        ) chosen
        where d.delivery_id = chosen.delivery_id and d.org_id = chosen.org_id"#,
        org_id,
        ids,
        filter.source_id,
        filter.status,
        filter.since,
        filter.until,
        limit
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected())
}
