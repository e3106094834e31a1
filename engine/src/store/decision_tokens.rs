//! Decision tokens: what was signed, and whether it was used. Single use is one conditional update.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};

/// A token about to be handed out.
#[derive(Debug)]
pub struct NewToken {
    /// The `jti` claim.
    pub token_id: String,
    /// The key that signs it.
    pub kid: String,
    /// The claims; with the key they give the token's bytes again.
    pub claims: serde_json::Value,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// A token as it stands.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct TokenRow {
    pub token_id: String,
    pub session_id: String,
    pub kid: String,
    pub claims: serde_json::Value,
    pub issued_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
    pub idempotency_key: Option<String>,
    pub answer: Option<serde_json::Value>,
    /// The database's time at the moment of reading.
    pub now: DateTime<Utc>,
    /// Where the session stands.
    pub stage: String,
    /// Amount of the event.
    pub amount: Option<rust_decimal::Decimal>,
    /// Its currency.
    pub currency: Option<String>,
}

/// Adds a token to its session.
///
/// # Errors
/// [`StoreError::Taken`] when the session has one.
pub async fn insert(
    tx: &mut Tx,
    org_id: &str,
    session_id: &str,
    token: &NewToken,
    issued_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into decision_tokens (org_id, token_id, session_id, kid, claims, issued_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7)"#,
        org_id,
        token.token_id,
        session_id,
        token.kid,
        token.claims,
        issued_at,
        token.expires_at
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Puts a token in the place of the one that its session has, which then was never there.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn replace(
    tx: &mut Tx,
    org_id: &str,
    session_id: &str,
    token: &NewToken,
    issued_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"update decision_tokens set token_id = $3, kid = $4, claims = $5, issued_at = $6, expires_at = $7,
            used_at = null, used_by = null, idempotency_key = null, answer = null
        where session_id = $2 and org_id = $1"#,
        org_id,
        session_id,
        token.token_id,
        token.kid,
        token.claims,
        issued_at,
        token.expires_at
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Reads a token and keeps every other verification of it waiting until this transaction ends.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn find_locked(tx: &mut Tx, org_id: &str, token_id: &str) -> Result<Option<TokenRow>, StoreError> {
    sqlx::query!(
        "select 1 as one from decision_tokens where token_id = $2 and org_id = $1 for update",
        org_id,
        token_id
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(sqlx::query_as!(
        TokenRow,
        r#"select t.token_id, t.session_id, t.kid, t.claims, t.issued_at, t.expires_at, t.used_at, t.idempotency_key,
            t.answer, clock_timestamp() as "now!", s.stage, e.amount, e.currency
        from decision_tokens t
        join sessions s on s.session_id = t.session_id and s.org_id = t.org_id
        join events e on e.session_id = t.session_id and e.org_id = t.org_id
        where t.token_id = $2 and t.org_id = $1"#,
        org_id,
        token_id
    )
    .fetch_optional(tx.db())
    .await?)
}

/// The token of a session, if it has one: key, claims, and when it ends.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn of_session(
    tx: &mut Tx,
    org_id: &str,
    session_id: &str,
) -> Result<Option<SessionToken>, StoreError> {
    Ok(sqlx::query_as!(
        SessionToken,
        r#"select kid, claims, expires_at, used_at from decision_tokens where session_id = $2 and org_id = $1"#,
        org_id,
        session_id
    )
    .fetch_optional(tx.db())
    .await?)
}

/// True when a session's token was used. Nobody can use it until this transaction ends.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn is_used_locked(tx: &mut Tx, org_id: &str, session_id: &str) -> Result<bool, StoreError> {
    let used = sqlx::query_scalar!(
        r#"select used_at is not null as "used!" from decision_tokens
        where session_id = $2 and org_id = $1 for update"#,
        org_id,
        session_id
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(used.unwrap_or(false))
}

/// What is needed to sign a session's token again.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct SessionToken {
    pub kid: String,
    pub claims: serde_json::Value,
    pub expires_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
}

/// One use of a token.
#[derive(Debug)]
pub struct Use<'a> {
    /// Whose.
    pub org_id: &'a str,
    /// Which.
    pub token_id: &'a str,
    /// The key that asks.
    pub used_by: &'a str,
    /// Repeats with the same key get the same answer.
    pub idempotency_key: Option<&'a str>,
    /// That answer.
    pub answer: &'a serde_json::Value,
}

/// Uses a token up; the time is returned, `None` when it was used before or is over.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn consume(tx: &mut Tx, used_at: DateTime<Utc>, use_: &Use<'_>) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        r#"update decision_tokens set used_at = $3, used_by = $4, idempotency_key = $5, answer = $6
        where token_id = $2 and org_id = $1 and used_at is null and expires_at > clock_timestamp()"#,
        use_.org_id,
        use_.token_id,
        used_at,
        use_.used_by,
        use_.idempotency_key,
        use_.answer
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}
