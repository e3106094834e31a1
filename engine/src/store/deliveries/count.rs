//! How many deliveries would be read anew.

use super::Filter;
use crate::store::{StoreError, Tx};

/// How many deliveries that fit can be read anew, counted up to `limit`.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn replayable(tx: &mut Tx, org_id: &str, filter: &Filter, limit: i64) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from (
            select 1 from deliveries
            where org_id = $1 and request is not null
                and ($2::text is null or source_id = $2) and ($3::text is null or status = $3)
                and ($4::timestamptz is null or received_at >= $4) and ($5::timestamptz is null or received_at < $5)
            limit $6
        ) fitting"#,
        org_id,
        filter.source_id,
        filter.status,
        filter.since,
        filter.until,
        limit
    )
    .fetch_one(tx.db())
    .await?)
}
