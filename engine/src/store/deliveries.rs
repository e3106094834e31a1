//! Verified deliveries whose connector failed: kept until a connector makes sense of them.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};

/// A delivery as stored; the request is sealed.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct DeliveryRow {
    pub org_id: String,
    pub delivery_id: String,
    pub source_id: String,
    pub connector: String,
    pub request: Option<Vec<u8>>,
    pub body_digest: Vec<u8>,
    pub status: String,
    pub tries: i32,
    pub received_at: DateTime<Utc>,
    pub last_error: Option<String>,
}

/// Keeps a delivery, or finds the one that waits with the same body. The id of the one kept is returned.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn defer(
    tx: &mut Tx,
    delivery: &DeliveryRow,
    first_try_seconds: f64,
) -> Result<String, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"insert into deliveries (org_id, delivery_id, source_id, connector, request, body_digest, status,
            next_try_at, received_at, last_error)
        values ($1, $2, $3, $4, $5, $6, 'deferred', clock_timestamp() + make_interval(secs => $7), $8, $9)
        on conflict (org_id, source_id, body_digest) where status = 'deferred'
            do update set last_error = excluded.last_error
        returning delivery_id"#,
        delivery.org_id,
        delivery.delivery_id,
        delivery.source_id,
        delivery.connector,
        delivery.request,
        delivery.body_digest,
        first_try_seconds,
        delivery.received_at,
        delivery.last_error
    )
    .fetch_one(tx.db())
    .await?)
}

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
        returning d.org_id, d.delivery_id, d.source_id, d.connector, d.request, d.body_digest, d.status, d.tries,
            d.received_at, d.last_error"#,
        limit,
        lease_seconds
    )
    .fetch_all(tx.db())
    .await?)
}

/// Says how a try ended: `done`, `failed` for good, or `deferred` for `seconds` more.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn settle(
    tx: &mut Tx,
    org_id: &str,
    delivery_id: &str,
    status: &str,
    error: Option<&str>,
    seconds: f64,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"update deliveries set status = $3, last_error = $4,
            request = case when $3 = 'done' then null else request end,
            next_try_at = clock_timestamp() + make_interval(secs => $5)
        where delivery_id = $2 and org_id = $1"#,
        org_id,
        delivery_id,
        status,
        error,
        seconds
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Deliveries of an organisation (of all under [`super::Scope::System`]), newest first.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn list(tx: &mut Tx, limit: i64) -> Result<Vec<DeliveryRow>, StoreError> {
    Ok(sqlx::query_as!(
        DeliveryRow,
        r#"select org_id, delivery_id, source_id, connector, request, body_digest, status, tries, received_at,
            last_error
        from deliveries order by received_at desc, delivery_id limit $1"#,
        limit
    )
    .fetch_all(tx.db())
    .await?)
}

/// Makes a delivery that waits or failed due at once; false when there is none.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn replay(tx: &mut Tx, delivery_id: &str) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        r#"update deliveries set status = 'deferred', next_try_at = clock_timestamp()
        where delivery_id = $1 and status in ('deferred', 'failed')"#,
        delivery_id
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}
