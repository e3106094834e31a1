//! Installed connectors: their versions, and which of them read. All under [`super::Scope::System`].

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{StoreError, Tx};
use crate::channel::{Canary, Channel};

/// A version without its component.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct VersionRow {
    pub digest: String,
    pub version: String,
    pub signed_by: Option<String>,
    pub installed_at: DateTime<Utc>,
    pub installed_by: String,
    pub retired_at: Option<DateTime<Utc>>,
    /// How many sources stay with it.
    pub pinned: i64,
}

/// A version about to be stored.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct NewVersion<'a> {
    pub connector_id: &'a str,
    pub digest: &'a str,
    pub version: &'a str,
    pub manifest: &'a serde_json::Value,
    pub component: &'a [u8],
    pub signed_by: Option<&'a str>,
}

/// One change, as it is looked up later.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct ChangeRow {
    pub action: String,
    pub digest: Option<String>,
    pub channel: serde_json::Value,
    pub changed_at: DateTime<Utc>,
    pub changed_by: String,
}

/// A channel as stored.
struct Row {
    connector_id: String,
    live_digest: Option<String>,
    previous_digest: Option<String>,
    canary_digest: Option<String>,
    canary_percent: Option<i32>,
    shadow_digest: Option<String>,
}

impl From<Row> for (String, Channel) {
    fn from(row: Row) -> Self {
        let canary = row.canary_digest.zip(row.canary_percent);
        let channel = Channel {
            live: row.live_digest,
            previous: row.previous_digest,
            canary: canary.map(|(digest, percent)| Canary { digest, percent }),
            shadow: row.shadow_digest,
        };
        (row.connector_id, channel)
    }
}

/// The channel of every connector that has versions, by id. One that was never moved is empty.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn channels(tx: &mut Tx) -> Result<Vec<(String, Channel)>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select connector_id as "connector_id!", live_digest, previous_digest, canary_digest, canary_percent,
            shadow_digest
        from (select distinct connector_id from connector_versions) as known
        left join connector_channels using (connector_id) order by connector_id"#
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The channel of one connector, once every other change of it is over. One that was never moved is empty.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn queue(tx: &mut Tx, connector_id: &str) -> Result<Channel, StoreError> {
    // there may be no row to lock yet
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('connector ' || $1, 0))", connector_id)
        .execute(tx.db())
        .await?;
    let row = sqlx::query_as!(
        Row,
        r#"select connector_id, live_digest, previous_digest, canary_digest, canary_percent, shadow_digest
        from connector_channels where connector_id = $1"#,
        connector_id
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| <(String, Channel)>::from(row).1).unwrap_or_default())
}

/// Stores a channel: every node hears of it at commit.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn put(tx: &mut Tx, connector_id: &str, channel: &Channel, by: &str) -> Result<(), StoreError> {
    let canary = channel.canary.as_ref();
    sqlx::query!(
        r#"insert into connector_channels (connector_id, live_digest, previous_digest, canary_digest, canary_percent,
            shadow_digest, updated_by)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (connector_id) do update set live_digest = excluded.live_digest,
            previous_digest = excluded.previous_digest, canary_digest = excluded.canary_digest,
            canary_percent = excluded.canary_percent, shadow_digest = excluded.shadow_digest,
            updated_at = clock_timestamp(), updated_by = excluded.updated_by"#,
        connector_id,
        channel.live,
        channel.previous,
        canary.map(|canary| canary.digest.as_str()),
        canary.map(|canary| canary.percent),
        channel.shadow,
        by
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Stores a version; one that is there already comes back from retirement.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn insert(tx: &mut Tx, new: NewVersion<'_>, by: &str) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into connector_versions (connector_id, digest, version, manifest, component, signed_by, installed_by)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (connector_id, digest) do update set retired_at = null"#,
        new.connector_id,
        new.digest,
        new.version,
        new.manifest,
        new.component,
        new.signed_by,
        by
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The versions of a connector, newest first.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn versions(tx: &mut Tx, connector_id: &str) -> Result<Vec<VersionRow>, StoreError> {
    Ok(sqlx::query_as!(
        VersionRow,
        r#"select digest, version, signed_by, installed_at, installed_by, retired_at,
            (select count(*) from sources s where s.connector = v.connector_id and s.connector_digest = v.digest
                and s.disabled_at is null) as "pinned!"
        from connector_versions v where connector_id = $1 order by installed_at desc, digest"#,
        connector_id
    )
    .fetch_all(tx.db())
    .await?)
}

/// The digests that begin so, of versions that are not retired; two at most.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn named(tx: &mut Tx, connector_id: &str, beginning: &str) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"select digest from connector_versions
        where connector_id = $1 and starts_with(digest, $2) and retired_at is null order by digest limit 2"#,
        connector_id,
        beginning
    )
    .fetch_all(tx.db())
    .await?)
}

/// Puts a version away.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn retire(tx: &mut Tx, connector_id: &str, digest: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "update connector_versions set retired_at = clock_timestamp() where connector_id = $1 and digest = $2",
        connector_id,
        digest
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The bytes of a version, retired or not.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn component(tx: &mut Tx, connector_id: &str, digest: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(sqlx::query_scalar!(
        "select component from connector_versions where connector_id = $1 and digest = $2",
        connector_id,
        digest
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Organisations with a source of a connector.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn concerned(tx: &mut Tx, connector_id: &str) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        "select distinct org_id from sources where connector = $1 and disabled_at is null order by org_id",
        connector_id
    )
    .fetch_all(tx.db())
    .await?)
}

/// Notes a change for good.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn note(
    tx: &mut Tx,
    connector_id: &str,
    (action, digest): (&str, Option<&str>),
    channel: &serde_json::Value,
    by: &str,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into connector_changes (connector_id, action, digest, channel, changed_by)
        values ($1, $2, $3, $4, $5)"#,
        connector_id,
        action,
        digest,
        channel,
        by
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The latest changes of a connector, newest first.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn changes(tx: &mut Tx, connector_id: &str, limit: i64) -> Result<Vec<ChangeRow>, StoreError> {
    Ok(sqlx::query_as!(
        ChangeRow,
        r#"select action, digest, channel, changed_at, changed_by from connector_changes
        where connector_id = $1 order by change_id desc limit $2"#,
        connector_id,
        limit
    )
    .fetch_all(tx.db())
    .await?)
}
