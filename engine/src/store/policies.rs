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
    pub status: String,
    pub author: String,
    pub publisher: Option<String>,
    pub created_at: DateTime<Utc>,
    pub live_from: Option<DateTime<Utc>>,
    pub live_until: Option<DateTime<Utc>>,
    pub demoted_at: Option<DateTime<Utc>>,
    pub demotion: Option<serde_json::Value>,
}

/// A version about to be stored.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct NewPolicy<'a> {
    pub name: &'a str,
    pub digest: &'a str,
    pub document: &'a serde_json::Value,
    pub status: &'a str,
    pub author: &'a str,
}

/// The version that decides and those on trial beside it.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn judging(tx: &mut Tx, org_id: &str) -> Result<Vec<PolicyRow>, StoreError> {
    Ok(sqlx::query_as!(
        PolicyRow,
        r#"select name, version, digest, document, status, author, publisher, created_at, live_from, live_until,
            demoted_at, demotion
        from policies where org_id = $1 and status in ('live', 'shadow') order by created_at, name, version"#,
        org_id
    )
    .fetch_all(tx.db())
    .await?)
}

/// All versions, newest first.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn list(tx: &mut Tx, org_id: &str) -> Result<Vec<PolicyRow>, StoreError> {
    Ok(sqlx::query_as!(
        PolicyRow,
        r#"select name, version, digest, document, status, author, publisher, created_at, live_from, live_until,
            demoted_at, demotion
        from policies where org_id = $1 order by created_at desc, name, version desc"#,
        org_id
    )
    .fetch_all(tx.db())
    .await?)
}

/// One version.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn find(
    tx: &mut Tx,
    org_id: &str,
    name: &str,
    version: i32,
) -> Result<Option<PolicyRow>, StoreError> {
    Ok(sqlx::query_as!(
        PolicyRow,
        r#"select name, version, digest, document, status, author, publisher, created_at, live_from, live_until,
            demoted_at, demotion
        from policies where org_id = $1 and name = $2 and version = $3"#,
        org_id,
        name,
        version
    )
    .fetch_optional(tx.db())
    .await?)
}

/// The version that decided before the live one and was not taken back by the breaker.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn previous(tx: &mut Tx, org_id: &str) -> Result<Option<PolicyRow>, StoreError> {
    Ok(sqlx::query_as!(
        PolicyRow,
        r#"select name, version, digest, document, status, author, publisher, created_at, live_from, live_until,
            demoted_at, demotion
        from policies
        where org_id = $1 and status <> 'live' and live_until is not null and demoted_at is null
        order by live_until desc, version desc limit 1"#,
        org_id
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Makes publications of an organisation wait for each other, and says whether it asks for two people.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn queue(tx: &mut Tx, org_id: &str) -> Result<bool, StoreError> {
    // the row of the organisation is the queue
    Ok(sqlx::query_scalar!("select two_person_policies from orgs where org_id = $1 for update", org_id)
        .fetch_one(tx.db())
        .await?)
}

/// Whether publishing takes somebody else than the author, from now on.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn ask_for_two(tx: &mut Tx, org_id: &str, two: bool) -> Result<(), StoreError> {
    sqlx::query!("update orgs set two_person_policies = $2 where org_id = $1", org_id, two)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Stores a document as the next version of its name. Its number is returned.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn insert(tx: &mut Tx, org_id: &str, new: NewPolicy<'_>) -> Result<i32, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"insert into policies (org_id, name, version, digest, document, status, author)
        select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6 from policies where org_id = $1 and name = $2
        returning version"#,
        org_id,
        new.name,
        new.digest,
        new.document,
        new.status,
        new.author
    )
    .fetch_one(tx.db())
    .await?)
}

/// Moves a version to a status that is not `live`.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn set_status(
    tx: &mut Tx,
    org_id: &str,
    name: &str,
    version: i32,
    status: &str,
) -> Result<(), StoreError> {
    sqlx::query!(
        "update policies set status = $4 where org_id = $1 and name = $2 and version = $3",
        org_id,
        name,
        version,
        status
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Makes a version live in place of the one that is; what becomes of that one is `after`.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn make_live(
    tx: &mut Tx,
    org_id: &str,
    name: &str,
    version: i32,
    publisher: &str,
    after: &str,
) -> Result<(), StoreError> {
    sqlx::query!(
        "update policies set status = $2, live_until = clock_timestamp() where org_id = $1 and status = 'live'",
        org_id,
        after
    )
    .execute(tx.db())
    .await?;
    sqlx::query!(
        "update policies set status = 'live', publisher = $4, live_from = clock_timestamp(), live_until = null,
            demoted_at = null, demotion = null
        where org_id = $1 and name = $2 and version = $3",
        org_id,
        name,
        version,
        publisher
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Notes of the live version why the breaker takes it back.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn note_demotion(tx: &mut Tx, org_id: &str, seen: &serde_json::Value) -> Result<(), StoreError> {
    sqlx::query!(
        "update policies set demoted_at = clock_timestamp(), demotion = $2, demotions = demotions + 1
        where org_id = $1 and status = 'live'",
        org_id,
        seen
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
