//! Sources of webhooks and their secrets.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{StoreError, Tx};
use crate::inbox::Silence;

/// A source as stored.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct SourceRow {
    pub org_id: String,
    pub source_id: String,
    pub connector: String,
    pub name: String,
    pub settings: serde_json::Value,
    pub tolerance_seconds: i32,
    pub allow_sha1: bool,
    pub accept_partial: bool,
    pub silence_minutes: Option<i32>,
    pub silent_since: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub disabled_at: Option<DateTime<Utc>>,
    pub connector_digest: Option<String>,
}

/// A secret of a source, without itself.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct SecretUse {
    #[serde(skip)]
    pub source_id: String,
    pub secret_id: String,
    pub created_at: DateTime<Utc>,
    pub not_after: Option<DateTime<Utc>>,
    /// When it proved a delivery that the inbox still knows.
    pub last_matched_at: Option<DateTime<Utc>>,
}

/// The secrets that are good now, newest first, and when each proved something last: those of one source, or of all
/// sources of an organisation.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn secret_uses(
    tx: &mut Tx,
    org_id: &str,
    source_id: Option<&str>,
) -> Result<Vec<SecretUse>, StoreError> {
    Ok(sqlx::query_as!(
        SecretUse,
        r#"select s.source_id, s.secret_id, s.created_at, s.not_after,
            (select max(d.seen_at) from deliveries d where d.source_id = s.source_id and d.org_id = s.org_id
                and d.secret_id = s.secret_id) as last_matched_at
        from source_secrets s
        where s.org_id = $1 and ($2::text is null or s.source_id = $2)
            and (s.not_after is null or s.not_after > clock_timestamp())
        order by s.created_at desc, s.secret_id"#,
        org_id,
        source_id
    )
    .fetch_all(tx.db())
    .await?)
}

/// When something new came from each source of an organisation that ever spoke.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn last_deliveries(
    tx: &mut Tx,
    org_id: &str,
) -> Result<HashMap<String, DateTime<Utc>>, StoreError> {
    let rows = sqlx::query!(
        r#"select s.source_id, (select d.received_at from deliveries d
                where d.source_id = s.source_id and d.org_id = s.org_id
                order by d.received_at desc limit 1) as last_at
        from sources s where s.org_id = $1"#,
        org_id
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.source_id, row.last_at?))).collect())
}

/// Reads a source by its id, under [`super::Scope::System`]: its organisation is what is asked for.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn find(tx: &mut Tx, source_id: &str) -> Result<Option<SourceRow>, StoreError> {
    Ok(sqlx::query_as!(
        SourceRow,
        r#"select org_id, source_id, connector, name, settings, tolerance_seconds, allow_sha1, accept_partial,
            silence_minutes, silent_since, created_at, disabled_at, connector_digest
        from sources where source_id = $1"#,
        source_id
    )
    .fetch_optional(tx.db())
    .await?)
}

/// The organisations that have a source of this connector in use, under [`super::Scope::System`].
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn owners(tx: &mut Tx, connector: &str) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        "select distinct org_id from sources where connector = $1 and disabled_at is null",
        connector
    )
    .fetch_all(tx.db())
    .await?)
}

/// The sources of an organisation, oldest first.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn list(tx: &mut Tx, org_id: &str) -> Result<Vec<SourceRow>, StoreError> {
    Ok(sqlx::query_as!(
        SourceRow,
        r#"select org_id, source_id, connector, name, settings, tolerance_seconds, allow_sha1, accept_partial,
            silence_minutes, silent_since, created_at, disabled_at, connector_digest
        from sources where org_id = $1 order by created_at, source_id"#,
        org_id
    )
    .fetch_all(tx.db())
    .await?)
}

/// After how many minutes without a delivery a source counts as silent; `None` for never. False when there is no such
/// source.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn expect_within(
    tx: &mut Tx,
    org_id: &str,
    source_id: &str,
    minutes: Option<i32>,
) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "update sources set silence_minutes = $3, silent_since = null where source_id = $2 and org_id = $1",
        org_id,
        source_id,
        minutes
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes which sources fell silent and which speak again; under [`super::Scope::System`]. Those that changed are
/// returned.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn note_silence(tx: &mut Tx) -> Result<Vec<Silence>, StoreError> {
    Ok(sqlx::query_as!(
        Silence,
        r#"with heard as (
            select s.org_id, s.source_id, s.silent_since is not null as was_silent,
                coalesce((select d.received_at from deliveries d
                    where d.source_id = s.source_id and d.org_id = s.org_id
                    order by d.received_at desc limit 1), s.created_at) as last_at,
                make_interval(mins => s.silence_minutes) as expected
            from sources s where s.silence_minutes is not null and s.disabled_at is null
        )
        update sources s
        set silent_since = case when h.was_silent then null else h.last_at end
        from heard h
        where s.source_id = h.source_id and s.org_id = h.org_id
            and h.was_silent <> (h.last_at < clock_timestamp() - h.expected)
        returning s.org_id, s.source_id, s.connector, h.last_at as "since!", not h.was_silent as "silent!""#
    )
    .fetch_all(tx.db())
    .await?)
}

/// Adds a source.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn insert(tx: &mut Tx, source: &SourceRow) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into sources (org_id, source_id, connector, name, settings, tolerance_seconds, allow_sha1,
            accept_partial)
        values ($1, $2, $3, $4, $5, $6, $7, $8)"#,
        source.org_id,
        source.source_id,
        source.connector,
        source.name,
        source.settings,
        source.tolerance_seconds,
        source.allow_sha1,
        source.accept_partial
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Disables a source; false when there is none to disable.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn disable(tx: &mut Tx, org_id: &str, source_id: &str) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        r#"update sources set disabled_at = clock_timestamp()
        where source_id = $2 and org_id = $1 and disabled_at is null"#,
        org_id,
        source_id
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The sealed secrets that are active now, newest first: id and sealed secret.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn secrets(
    tx: &mut Tx,
    org_id: &str,
    source_id: &str,
) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let rows = sqlx::query!(
        r#"select secret_id, sealed_secret from source_secrets
        where org_id = $1 and source_id = $2 and (not_after is null or not_after > clock_timestamp())
        order by created_at desc, secret_id"#,
        org_id,
        source_id
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.secret_id, row.sealed_secret)).collect())
}

/// Adds a secret to a source; the others stay active for `overlap_hours` more.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn add_secret(
    tx: &mut Tx,
    org_id: &str,
    source_id: &str,
    (secret_id, sealed): (&str, &[u8]),
    overlap_hours: i32,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"with older as (
            update source_secrets set not_after = clock_timestamp() + make_interval(hours => $5)
            where org_id = $1 and source_id = $2 and not_after is null
        )
        insert into source_secrets (org_id, source_id, secret_id, sealed_secret) values ($1, $2, $3, $4)"#,
        org_id,
        source_id,
        secret_id,
        sealed,
        overlap_hours
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Ends a secret that would end by itself anyway; false when there is none such.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn end_secret(
    tx: &mut Tx,
    org_id: &str,
    source_id: &str,
    secret_id: &str,
) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        r#"update source_secrets set not_after = clock_timestamp()
        where org_id = $1 and source_id = $2 and secret_id = $3 and not_after > clock_timestamp()"#,
        org_id,
        source_id,
        secret_id
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}
