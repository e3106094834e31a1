//! Sources of webhooks and their secrets.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};

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
    pub created_at: DateTime<Utc>,
    pub disabled_at: Option<DateTime<Utc>>,
}

/// Reads a source by its id, under [`super::Scope::System`]: its organisation is what is asked for.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn find(tx: &mut Tx, source_id: &str) -> Result<Option<SourceRow>, StoreError> {
    Ok(sqlx::query_as!(
        SourceRow,
        r#"select org_id, source_id, connector, name, settings, tolerance_seconds, allow_sha1, accept_partial,
            created_at, disabled_at
        from sources where source_id = $1"#,
        source_id
    )
    .fetch_optional(tx.db())
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
            created_at, disabled_at
        from sources where org_id = $1 order by created_at, source_id"#,
        org_id
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
