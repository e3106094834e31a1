//! Brands: how organisations look and speak on the pages of their challenges.

use super::{StoreError, Tx};
use crate::brand::{Brand, Colours, Logo, Texts};

/// The brand of an organisation; a plain one where nothing was set.
///
/// # Errors
/// [`StoreError`] as it comes; [`StoreError::Corrupt`] when the colours do not read back.
pub async fn find(tx: &mut Tx, org_id: &str) -> Result<Brand, StoreError> {
    let row = sqlx::query!(
        "select default_language, accent, on_accent, logo_digest from brands where org_id = $1",
        org_id
    )
    .fetch_optional(tx.db())
    .await?;
    let texts = sqlx::query!(
        r#"select language, policy_statement, support_url, support_phone, support_email
        from brand_texts where org_id = $1"#,
        org_id
    )
    .fetch_all(tx.db())
    .await?;
    let texts = texts.into_iter().map(|row| {
        let (policy_statement, support_url) = (row.policy_statement, row.support_url);
        let (support_phone, support_email) = (row.support_phone, row.support_email);
        (row.language, Texts { policy_statement, support_url, support_phone, support_email })
    });
    let mut brand = Brand { texts: texts.collect(), ..Brand::default() };
    if let Some(row) = row {
        let pair = row.accent.zip(row.on_accent);
        let colours = pair.map(|(accent, on_accent)| Colours::read(&accent, &on_accent)).transpose();
        brand.colours = colours.or(Err(StoreError::Corrupt("colours")))?;
        brand.default_language = row.default_language;
        brand.logo = row.logo_digest;
    }
    Ok(brand)
}

/// Sets colours and default language; the logo stays.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn put_look(
    tx: &mut Tx,
    org_id: &str,
    default_language: &str,
    colours: Option<Colours>,
    by: &str,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into brands (org_id, default_language, accent, on_accent, updated_by) values ($1, $2, $3, $4, $5)
        on conflict (org_id) do update set default_language = excluded.default_language, accent = excluded.accent,
            on_accent = excluded.on_accent, updated_by = excluded.updated_by, updated_at = clock_timestamp()"#,
        org_id,
        default_language,
        colours.map(|colours| colours.accent.to_string()),
        colours.map(|colours| colours.on_accent.to_string()),
        by
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Keeps a logo; the same one once.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn keep_logo(tx: &mut Tx, org_id: &str, logo: &Logo) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into brand_logos (org_id, digest, width, height, image) values ($1, $2, $3, $4, $5)
        on conflict (digest, org_id) do nothing"#,
        org_id,
        logo.digest,
        i32::try_from(logo.width).unwrap_or(i32::MAX),
        i32::try_from(logo.height).unwrap_or(i32::MAX),
        logo.image
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Shows a logo, or none.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn put_logo(tx: &mut Tx, org_id: &str, digest: Option<&str>, by: &str) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into brands (org_id, logo_digest, updated_by) values ($1, $2, $3)
        on conflict (org_id) do update set logo_digest = excluded.logo_digest, updated_by = excluded.updated_by,
            updated_at = clock_timestamp()"#,
        org_id,
        digest,
        by
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A logo by its digest, whoever's it is; for pages alone, under [`super::Scope::System`].
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn logo(tx: &mut Tx, digest: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(sqlx::query_scalar!("select image from brand_logos where digest = $1 limit 1", digest)
        .fetch_optional(tx.db())
        .await?)
}

/// Sets the words of one language.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn put_texts(tx: &mut Tx, org_id: &str, language: &str, texts: &Texts) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into brand_texts (org_id, language, policy_statement, support_url, support_phone, support_email)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (org_id, language) do update set policy_statement = excluded.policy_statement,
            support_url = excluded.support_url, support_phone = excluded.support_phone,
            support_email = excluded.support_email"#,
        org_id,
        language,
        texts.policy_statement,
        texts.support_url,
        texts.support_phone,
        texts.support_email
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Takes the words of one language back; false when there were none.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn remove_texts(tx: &mut Tx, org_id: &str, language: &str) -> Result<bool, StoreError> {
    let done = sqlx::query!("delete from brand_texts where org_id = $1 and language = $2", org_id, language)
        .execute(tx.db())
        .await?;
    Ok(done.rows_affected() == 1)
}
