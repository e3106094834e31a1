//! Requests that an erasure looks through.

use chrono::{DateTime, Utc};

use crate::store::{StoreError, Tx};

/// A request that is kept.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct KeptOfSource {
    pub delivery_id: String,
    pub source_id: String,
    pub status: String,
    pub body_digest: Vec<u8>,
    pub request: Vec<u8>,
}

/// A page of the requests that are kept of one source, or of all without one, and came before `until`, by their ids.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn kept(
    tx: &mut Tx,
    org_id: &str,
    source_id: Option<&str>,
    until: DateTime<Utc>,
    after: &str,
    limit: i64,
) -> Result<Vec<KeptOfSource>, StoreError> {
    Ok(sqlx::query_as!(
        KeptOfSource,
        r#"select delivery_id, source_id, status, body_digest, request as "request!" from deliveries
        where org_id = $1 and ($2::text is null or source_id = $2) and received_at <= $3 and delivery_id > $4
            and request is not null
        order by delivery_id limit $5"#,
        org_id,
        source_id,
        until,
        after,
        limit
    )
    .fetch_all(tx.db())
    .await?)
}

/// Wipes requests for good: they are not kept again when they are sent again.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn wipe(tx: &mut Tx, org_id: &str, ids: &[String]) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        r#"update deliveries set request = null, erased_at = clock_timestamp()
        where org_id = $1 and delivery_id = any($2) and status <> 'deferred'"#,
        org_id,
        ids
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected())
}
