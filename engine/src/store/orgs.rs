//! Organisations and the keys that sign their decision tokens.

use super::{StoreError, Tx};
use crate::org::Org;
use crate::outbox::Channel;
use crate::reach::Reach;
use crate::variant::Variants;

/// Reads an organisation.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn find(tx: &mut Tx, org_id: &str) -> Result<Option<Org>, StoreError> {
    Ok(sqlx::query_as!(
        Org,
        r#"select org_id, name, policy_statement, support_url, support_phone, support_email, return_urls
        from orgs where org_id = $1"#,
        org_id
    )
    .fetch_optional(tx.db())
    .await?)
}

/// All organisations by name; under [`super::Scope::System`].
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn list(tx: &mut Tx) -> Result<Vec<Org>, StoreError> {
    Ok(sqlx::query_as!(
        Org,
        r#"select org_id, name, policy_statement, support_url, support_phone, support_email, return_urls
        from orgs order by name, org_id"#
    )
    .fetch_all(tx.db())
    .await?)
}

/// Adds an organisation.
///
/// # Errors
/// [`StoreError::Taken`] when the id is in use.
pub async fn insert(tx: &mut Tx, org: &Org) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into orgs (org_id, name, policy_statement, support_url, support_phone, support_email, return_urls)
        values ($1, $2, $3, $4, $5, $6, $7)"#,
        org.org_id,
        org.name,
        org.policy_statement,
        org.support_url,
        org.support_phone,
        org.support_email,
        &org.return_urls
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// On which ways an organisation's codes go.
///
/// # Errors
/// [`StoreError`] as it comes; [`StoreError::Corrupt`] for a way that is none.
pub async fn reach(tx: &mut Tx, org_id: &str) -> Result<Option<Reach>, StoreError> {
    let row = sqlx::query!(
        "select channels, sms_prefixes, codes_hourly, sms_hourly from orgs where org_id = $1",
        org_id
    )
    .fetch_optional(tx.db())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let channels: Option<Vec<Channel>> = row.channels.iter().map(|name| Channel::parse(name)).collect();
    Ok(Some(Reach {
        channels: channels.ok_or(StoreError::Corrupt("channel"))?,
        sms_prefixes: row.sms_prefixes,
        codes_hourly: row.codes_hourly,
        sms_hourly: row.sms_hourly,
    }))
}

/// Changes that; false when there is no such organisation.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn set_reach(tx: &mut Tx, org_id: &str, reach: &Reach) -> Result<bool, StoreError> {
    let channels: Vec<String> = reach.channels.iter().map(|channel| channel.as_str().to_owned()).collect();
    let done = sqlx::query!(
        r#"update orgs set channels = $2, sms_prefixes = $3, codes_hourly = $4, sms_hourly = $5
        where org_id = $1"#,
        org_id,
        &channels,
        &reach.sms_prefixes,
        reach.codes_hourly,
        reach.sms_hourly
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Which wordings whoever breaks off contact may read.
///
/// # Errors
/// [`StoreError`] as it comes; [`StoreError::Corrupt`] for a wording that is none.
pub async fn variants(tx: &mut Tx, org_id: &str) -> Result<Option<Variants>, StoreError> {
    let names = sqlx::query_scalar!("select break_contact_variants from orgs where org_id = $1", org_id)
        .fetch_optional(tx.db())
        .await?;
    names.map(|names| Variants::read(&names).or(Err(StoreError::Corrupt("variant")))).transpose()
}

/// Changes that; false when there is no such organisation.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn set_variants(tx: &mut Tx, org_id: &str, variants: &Variants) -> Result<bool, StoreError> {
    let names: Vec<String> = variants.names().into_iter().map(str::to_owned).collect();
    let done = sqlx::query!("update orgs set break_contact_variants = $2 where org_id = $1", org_id, &names)
        .execute(tx.db())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// For how many days requests of deliveries are kept.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn delivery_days(tx: &mut Tx, org_id: &str) -> Result<i32, StoreError> {
    Ok(sqlx::query_scalar!("select delivery_days from orgs where org_id = $1", org_id)
        .fetch_one(tx.db())
        .await?)
}

/// Says for how many days requests of deliveries are kept; false when there is no such organisation.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn keep_deliveries(tx: &mut Tx, org_id: &str, days: i32) -> Result<bool, StoreError> {
    let done = sqlx::query!("update orgs set delivery_days = $2 where org_id = $1", org_id, days)
        .execute(tx.db())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Adds a signing key; it signs from now on.
///
/// # Errors
/// [`StoreError::Taken`] when the organisation has a key of that id.
pub async fn add_token_key(tx: &mut Tx, org_id: &str, kid: &str, sealed: &[u8]) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into token_keys (org_id, kid, sealed_secret) values ($1, $2, $3)",
        org_id,
        kid,
        sealed
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The signing keys that are not retired, newest first: id and sealed secret.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn token_keys(tx: &mut Tx, org_id: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let rows = sqlx::query!(
        r#"select kid, sealed_secret from token_keys
        where org_id = $1 and (retired_at is null or retired_at > clock_timestamp())
        order by created_at desc, kid desc"#,
        org_id
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.kid, row.sealed_secret)).collect())
}

/// Retires all signing keys but `kid` in `minutes`, when the last token they signed is over.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn retire_token_keys(tx: &mut Tx, org_id: &str, kid: &str, minutes: i32) -> Result<(), StoreError> {
    sqlx::query!(
        r#"update token_keys set retired_at = clock_timestamp() + make_interval(mins => $3)
        where org_id = $1 and kid <> $2 and retired_at is null"#,
        org_id,
        kid,
        minutes
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
