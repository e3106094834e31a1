//! The outbox: what is to be sent after commit. Payloads are sealed, and gone once sent.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};
use crate::outbox::{Channel, Kind};

/// A message to be sent after commit.
#[derive(Debug)]
pub struct NewMessage {
    /// `msg_...`.
    pub message_id: String,
    /// What it is.
    pub kind: Kind,
    /// Where it goes.
    pub channel: Channel,
    /// Sealed [`crate::outbox::Payload`].
    pub payload: Vec<u8>,
}

/// A message that is due, leased for this try.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct DueMessage {
    pub org_id: String,
    pub message_id: String,
    pub session_id: Option<String>,
    pub kind: String,
    pub channel: String,
    pub payload: Option<Vec<u8>>,
    pub tries: i32,
}

/// Queues a message in the transaction of what it tells of.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn queue(
    tx: &mut Tx,
    org_id: &str,
    session_id: Option<&str>,
    message: &NewMessage,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into outbox (org_id, message_id, session_id, kind, channel, payload, next_try_at, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $7)"#,
        org_id,
        message.message_id,
        session_id,
        message.kind.as_str(),
        message.channel.as_str(),
        message.payload,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Leases messages that are due: each is another worker's business only after the lease. A worker that dies
/// loses nothing; the next try comes by itself.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn lease(tx: &mut Tx, limit: i64, lease_seconds: i32) -> Result<Vec<DueMessage>, StoreError> {
    Ok(sqlx::query_as!(
        DueMessage,
        r#"update outbox o set tries = o.tries + 1, next_try_at = clock_timestamp() + make_interval(secs => $2)
        from (
            select org_id, message_id from outbox
            where status = 'pending' and next_try_at <= clock_timestamp()
            order by next_try_at limit $1 for update skip locked
        ) due
        where o.message_id = due.message_id and o.org_id = due.org_id
        returning o.org_id, o.message_id, o.session_id, o.kind, o.channel, o.payload, o.tries"#,
        limit,
        f64::from(lease_seconds)
    )
    .fetch_all(tx.db())
    .await?)
}

/// The message went out: its payload is wiped. `provider_id` is what the provider calls it.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn sent(
    tx: &mut Tx,
    org_id: &str,
    message_id: &str,
    provider_id: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"update outbox set status = 'sent', sent_at = clock_timestamp(), payload = null, last_error = null,
            provider_id = $3
        where message_id = $2 and org_id = $1"#,
        org_id,
        message_id,
        provider_id
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The message did not go out: tried again after `seconds`, or given up when that is `None` (its payload is
/// wiped then, too).
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn failed(
    tx: &mut Tx,
    org_id: &str,
    message_id: &str,
    error: &str,
    seconds: Option<f64>,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"update outbox set last_error = $3,
            status = case when $4::float8 is null then 'dead' else 'pending' end,
            payload = case when $4::float8 is null then null else payload end,
            next_try_at = case when $4::float8 is null then next_try_at
                else clock_timestamp() + make_interval(secs => $4) end
        where message_id = $2 and org_id = $1"#,
        org_id,
        message_id,
        error,
        seconds
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A message that a provider tells of.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct Told {
    pub org_id: String,
    pub session_id: Option<String>,
    pub kind: String,
}

/// The message of an id that nobody outside can guess; under [`super::Scope::System`].
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn find(tx: &mut Tx, message_id: &str) -> Result<Option<Told>, StoreError> {
    Ok(sqlx::query_as!(
        Told,
        "select org_id, session_id, kind from outbox where message_id = $1 and channel = 'sms'",
        message_id
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Notes what became of a message; false when that is known already.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn meet_fate(tx: &mut Tx, org_id: &str, message_id: &str, fate: &str) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "update outbox set fate = $3 where message_id = $2 and org_id = $1 and fate is null",
        org_id,
        message_id,
        fate
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How many wait and how many seconds the oldest has waited.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn backlog(tx: &mut Tx) -> Result<(i64, f64), StoreError> {
    let row = sqlx::query!(
        r#"select count(*) as "count!",
            coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8 as "age!"
        from outbox where status = 'pending'"#
    )
    .fetch_one(tx.db())
    .await?;
    Ok((row.count, row.age))
}
