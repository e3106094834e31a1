//! The inbox: every verified delivery, and what came of it.

mod count;
mod erasure;
mod retry;
mod upkeep;

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};

pub use count::replayable;
pub use erasure::{KeptOfSource, kept, wipe};
pub use retry::{hold, lease, release, replay, settle};
pub use upkeep::{forget, take_conflicts};

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
            request = case when known.erased_at is null then coalesce(known.request, excluded.request) end, last_error = excluded.last_error,
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
