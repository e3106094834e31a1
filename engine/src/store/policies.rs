//! Policies: immutable versions, one of which is live.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};

/// A version as stored.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct PolicyRow {
    pub name: String,
    pub version: i32,
    pub digest: String,
    pub document: serde_json::Value,
    pub author: String,
    pub live: bool,
    pub created_at: DateTime<Utc>,
}

/// The live version.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn live(tx: &mut Tx, org_id: &str) -> Result<Option<PolicyRow>, StoreError> {
    Ok(sqlx::query_as!(
        PolicyRow,
        r#"select name, version, digest, document, author, live, created_at from policies
        where org_id = $1 and live"#,
        org_id
    )
    .fetch_optional(tx.db())
    .await?)
}

/// All versions, newest first.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn list(tx: &mut Tx, org_id: &str) -> Result<Vec<PolicyRow>, StoreError> {
    Ok(sqlx::query_as!(
        PolicyRow,
        r#"select name, version, digest, document, author, live, created_at from policies
        where org_id = $1 order by created_at desc, name, version desc"#,
        org_id
    )
    .fetch_all(tx.db())
    .await?)
}

/// Makes a document the next version of its name, and live. Its number is returned.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn publish(
    tx: &mut Tx,
    org_id: &str,
    name: &str,
    digest: &str,
    document: &serde_json::Value,
    author: &str,
) -> Result<i32, StoreError> {
    // one publication after the other: the row of the organisation is the queue
    sqlx::query!("select 1 as one from orgs where org_id = $1 for update", org_id).fetch_one(tx.db()).await?;
    sqlx::query!("update policies set live = false where org_id = $1 and live", org_id)
        .execute(tx.db())
        .await?;
    Ok(sqlx::query_scalar!(
        r#"insert into policies (org_id, name, version, digest, document, author, live)
        select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, true from policies where org_id = $1 and name = $2
        returning version"#,
        org_id,
        name,
        digest,
        document,
        author
    )
    .fetch_one(tx.db())
    .await?)
}
