//! The inbox: every verified delivery, and what came of it.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};

/// A delivery as stored; the request is sealed.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct DeliveryRow {
    pub org_id: String,
    pub delivery_id: String,
    pub source_id: String,
    pub connector: String,
    pub connector_digest: Option<String>,
    pub provider_id: Option<String>,
    pub secret_id: Option<String>,
    pub request: Option<Vec<u8>>,
    pub body_digest: Vec<u8>,
    pub status: String,
    pub tries: i32,
    pub received_at: DateTime<Utc>,
    pub times_seen: i32,
    pub seen_at: DateTime<Utc>,
    pub conflict: bool,
    pub last_error: Option<String>,
}

/// A delivery as it comes in.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct NewDelivery<'a> {
    pub org_id: &'a str,
    pub delivery_id: &'a str,
    pub source_id: &'a str,
    pub connector: &'a str,
    pub connector_digest: Option<&'a str>,
    pub provider_id: Option<&'a str>,
    pub secret_id: Option<&'a str>,
    pub request: Option<&'a [u8]>,
    pub body_digest: &'a [u8],
    pub status: &'a str,
    /// It is known to be in conflict; otherwise its id is looked for.
    pub conflict: bool,
    pub last_error: Option<&'a str>,
    /// Seconds until the first try, where its status is `deferred`.
    pub first_try_seconds: f64,
}

/// Which deliveries. All that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this source.
    pub source_id: Option<String>,
    /// In this status.
    pub status: Option<String>,
    /// Received at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Received before this time.
    pub until: Option<DateTime<Utc>>,
}

/// Keeps a delivery, or notes that the same body came again. Its id is returned, that of the one kept before if there
/// was one. One that waits goes on waiting only where this one does too.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn keep(tx: &mut Tx, delivery: &NewDelivery<'_>) -> Result<String, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"insert into deliveries as known (org_id, delivery_id, source_id, connector, connector_digest, provider_id,
            secret_id, request, body_digest, status, last_error, next_try_at, received_at, seen_at, conflict)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, clock_timestamp() + make_interval(secs => $12),
            clock_timestamp(), clock_timestamp(), $13 or exists (select 1 from deliveries d
                where d.provider_id = $6 and d.source_id = $3 and d.org_id = $1 and d.body_digest <> $9
                    and d.received_at > clock_timestamp() - interval '35 days'))
        on conflict (body_digest, source_id, org_id) do update set
            times_seen = known.times_seen + 1, seen_at = excluded.seen_at, secret_id = excluded.secret_id,
            request = coalesce(known.request, excluded.request), last_error = excluded.last_error,
            status = case when known.status in ('deferred', 'failed') then excluded.status else known.status end
        returning delivery_id"#,
        delivery.org_id,
        delivery.delivery_id,
        delivery.source_id,
        delivery.connector,
        delivery.connector_digest,
        delivery.provider_id,
        delivery.secret_id,
        delivery.request,
        delivery.body_digest,
        delivery.status,
        delivery.last_error,
        delivery.first_try_seconds,
        delivery.conflict
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
/// that is being tried may be tried twice, which screens nothing twice. Under [`super::Scope::System`]. How many is
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

/// A page of deliveries, newest first, without their requests.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn page(
    tx: &mut Tx,
    org_id: &str,
    filter: &Filter,
    before: Option<(DateTime<Utc>, &str)>,
    limit: i64,
) -> Result<Vec<DeliveryRow>, StoreError> {
    let (time, id) = before.unzip();
    Ok(sqlx::query_as!(
        DeliveryRow,
        r#"select org_id, delivery_id, source_id, connector, connector_digest, provider_id, secret_id,
            null::bytea as request, body_digest, status, tries, received_at, times_seen, seen_at, conflict, last_error
        from deliveries
        where org_id = $1 and ($2::text is null or source_id = $2) and ($3::text is null or status = $3)
            and ($4::timestamptz is null or received_at >= $4) and ($5::timestamptz is null or received_at < $5)
            and received_at <= coalesce($6::timestamptz, 'infinity')
            and ($6 is null or received_at < $6 or delivery_id > $7::text)
        order by received_at desc, delivery_id limit $8"#,
        org_id,
        filter.source_id,
        filter.status,
        filter.since,
        filter.until,
        time,
        id,
        limit
    )
    .fetch_all(tx.db())
    .await?)
}

/// One delivery with its request.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn find(tx: &mut Tx, org_id: &str, delivery_id: &str) -> Result<Option<DeliveryRow>, StoreError> {
    Ok(sqlx::query_as!(
        DeliveryRow,
        r#"select org_id, delivery_id, source_id, connector, connector_digest, provider_id, secret_id, request,
            body_digest, status, tries, received_at, times_seen, seen_at, conflict, last_error
        from deliveries where delivery_id = $2 and org_id = $1"#,
        org_id,
        delivery_id
    )
    .fetch_optional(tx.db())
    .await?)
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

/// Takes the conflicts that nobody was told of yet; under [`super::Scope::System`].
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
/// them, a thousand at once; under [`super::Scope::System`]. How many were touched is returned.
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
