//! What a shadow version of a connector read beside the live one: counts, and where the first of them differ.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{StoreError, Tx};

/// Whose deliveries, and which two versions are compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct Pair {
    pub connector_id: String,
    pub org_id: String,
    pub live_digest: String,
    pub shadow_digest: String,
}

/// How often what came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct Counts {
    pub same: i64,
    pub different: i64,
    pub failed: i64,
}

/// The counts of two versions, over one organisation or all.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct CountsRow {
    pub live_digest: String,
    pub shadow_digest: String,
    pub same: i64,
    pub different: i64,
    pub failed: i64,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
}

/// A delivery that was read otherwise.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct DifferenceRow {
    pub live_digest: String,
    pub shadow_digest: String,
    pub delivery_id: String,
    pub failure: Option<String>,
    pub pointers: Vec<String>,
    pub compared_at: DateTime<Utc>,
}

/// Adds to the counts of a pair.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn count(tx: &mut Tx, pair: &Pair, counts: Counts) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into connector_comparisons as kept (org_id, connector_id, live_digest, shadow_digest, same, different,
            failed)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (connector_id, shadow_digest, live_digest, org_id) do update set
            same = kept.same + excluded.same, different = kept.different + excluded.different,
            failed = kept.failed + excluded.failed, last_at = clock_timestamp()"#,
        pair.org_id,
        pair.connector_id,
        pair.live_digest,
        pair.shadow_digest,
        counts.same,
        counts.different,
        counts.failed
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Keeps where a delivery differs, unless `limit` are kept of this shadow already.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn keep(
    tx: &mut Tx,
    pair: &Pair,
    delivery_id: &str,
    (failure, pointers): (Option<&str>, &[String]),
    limit: i64,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into connector_differences (org_id, connector_id, live_digest, shadow_digest, delivery_id, failure,
            pointers)
        select $1, $2, $3, $4, $5, $6, $7
        where (select count(*) from connector_differences where connector_id = $2 and shadow_digest = $4) < $8
        on conflict do nothing"#,
        pair.org_id,
        pair.connector_id,
        pair.live_digest,
        pair.shadow_digest,
        delivery_id,
        failure,
        pointers,
        limit
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The counts of a connector, the latest pair first: those of one organisation, or under [`super::Scope::System`] of
/// all.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn counts(
    tx: &mut Tx,
    connector_id: &str,
    org_id: Option<&str>,
    limit: i64,
) -> Result<Vec<CountsRow>, StoreError> {
    Ok(sqlx::query_as!(
        CountsRow,
        r#"select live_digest, shadow_digest, sum(same)::bigint as "same!", sum(different)::bigint as "different!",
            sum(failed)::bigint as "failed!", min(first_at) as "first_at!", max(last_at) as "last_at!"
        from connector_comparisons where connector_id = $1 and ($2::text is null or org_id = $2)
        group by live_digest, shadow_digest order by max(last_at) desc limit $3"#,
        connector_id,
        org_id,
        limit
    )
    .fetch_all(tx.db())
    .await?)
}

/// The deliveries of a connector that were read otherwise, newest first: those of one organisation, or under
/// [`super::Scope::System`] of all.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn differences(
    tx: &mut Tx,
    connector_id: &str,
    org_id: Option<&str>,
    limit: i64,
) -> Result<Vec<DifferenceRow>, StoreError> {
    Ok(sqlx::query_as!(
        DifferenceRow,
        r#"select live_digest, shadow_digest, delivery_id, failure, pointers, compared_at
        from connector_differences where connector_id = $1 and ($2::text is null or org_id = $2)
        order by compared_at desc, delivery_id limit $3"#,
        connector_id,
        org_id,
        limit
    )
    .fetch_all(tx.db())
    .await?)
}
