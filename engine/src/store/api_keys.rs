//! Machine keys: looked up by id, never by secret.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};

/// A key as stored.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct ApiKeyRow {
    pub org_id: String,
    pub key_id: String,
    pub name: String,
    pub secret_hash: Vec<u8>,
    pub scopes: Vec<String>,
    pub created_at: DateTime<Utc>,
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Reads a key by its id, under [`super::Scope::System`]: its organisation is what is asked for.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn find(tx: &mut Tx, key_id: &str) -> Result<Option<ApiKeyRow>, StoreError> {
    Ok(sqlx::query_as!(
        ApiKeyRow,
        r#"select org_id, key_id, name, secret_hash, scopes, created_at, revoked_at from api_keys where key_id = $1"#,
        key_id
    )
    .fetch_optional(tx.db())
    .await?)
}

/// The keys of an organisation, oldest first.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn list(tx: &mut Tx, org_id: &str) -> Result<Vec<ApiKeyRow>, StoreError> {
    Ok(sqlx::query_as!(
        ApiKeyRow,
        r#"select org_id, key_id, name, secret_hash, scopes, created_at, revoked_at from api_keys
        where org_id = $1 order by created_at, key_id"#,
        org_id
    )
    .fetch_all(tx.db())
    .await?)
}

/// Adds a key.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn insert(
    tx: &mut Tx,
    org_id: &str,
    key_id: &str,
    name: &str,
    secret_hash: &[u8],
    scopes: &[String],
) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into api_keys (org_id, key_id, name, secret_hash, scopes) values ($1, $2, $3, $4, $5)",
        org_id,
        key_id,
        name,
        secret_hash,
        scopes
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Revokes a key; false when there is none to revoke.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn revoke(tx: &mut Tx, org_id: &str, key_id: &str) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        r#"update api_keys set revoked_at = clock_timestamp()
        where key_id = $2 and org_id = $1 and revoked_at is null"#,
        org_id,
        key_id
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}
