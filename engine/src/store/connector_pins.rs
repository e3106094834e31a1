//! Sources that stay with one version of their connector, whatever is live.

use serde::Serialize;

use super::{StoreError, Tx};

/// A source in use and the version that it stays with.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct PinRow {
    pub org_id: String,
    pub source_id: String,
    pub connector: String,
    pub connector_digest: String,
    /// As its organisation knows it, and nobody else.
    #[serde(skip)]
    pub name: String,
}

/// Every version that a source stays with, once: connector and digest; under [`super::Scope::System`].
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn versions(tx: &mut Tx) -> Result<Vec<(String, String)>, StoreError> {
    let rows = sqlx::query!(
        r#"select distinct connector, connector_digest as "digest!" from sources
        where connector_digest is not null and disabled_at is null order by connector"#
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.connector, row.digest)).collect())
}

/// The pinned sources of a connector, whoever's they are; under [`super::Scope::System`].
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn of_connector(tx: &mut Tx, connector: &str) -> Result<Vec<PinRow>, StoreError> {
    Ok(sqlx::query_as!(
        PinRow,
        r#"select org_id, source_id, connector, connector_digest as "connector_digest!", name from sources
        where connector = $1 and connector_digest is not null and disabled_at is null order by org_id, source_id"#,
        connector
    )
    .fetch_all(tx.db())
    .await?)
}

/// The pinned sources of an organisation, by connector.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn of_org(tx: &mut Tx, org_id: &str) -> Result<Vec<PinRow>, StoreError> {
    Ok(sqlx::query_as!(
        PinRow,
        r#"select org_id, source_id, connector, connector_digest as "connector_digest!", name from sources
        where org_id = $1 and connector_digest is not null and disabled_at is null
        order by connector, name, source_id"#,
        org_id
    )
    .fetch_all(tx.db())
    .await?)
}

/// Has a source stay with a version, or follow its channel again.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn put(tx: &mut Tx, org_id: &str, source_id: &str, digest: Option<&str>) -> Result<(), StoreError> {
    sqlx::query!(
        "update sources set connector_digest = $3 where source_id = $2 and org_id = $1",
        org_id,
        source_id,
        digest
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
