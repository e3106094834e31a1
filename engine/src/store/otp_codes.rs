//! One-time codes: issued, tried, used. Every counter lives here and is the same for pages and API.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};
use crate::challenge::{WRONG_TRIES_PER_CODE, WRONG_TRIES_PER_SESSION};

/// The code that counts now.
#[derive(Debug, Clone)]
pub struct LiveCode {
    /// 1 for the first of its session.
    pub number: i32,
    /// How often it was tried wrongly.
    pub tries: i32,
    /// When it was made.
    pub issued_at: DateTime<Utc>,
    /// When it stops counting.
    pub expires_at: DateTime<Utc>,
    /// `email` or `sms`.
    pub channel: String,
    /// The message that carries it.
    pub message_id: Option<String>,
}

/// A code about to be sent.
#[derive(Debug)]
pub struct NewCode<'a> {
    /// Whose.
    pub org_id: &'a str,
    /// Which session's.
    pub session_id: &'a str,
    /// 1 for the first of its session.
    pub number: i32,
    /// HMAC of the code.
    pub code_hash: &'a [u8; 32],
    /// `email` or `sms`.
    pub channel: &'a str,
    /// Keyed digest of the address.
    pub address_hash: &'a [u8; 32],
    /// When it is made.
    pub issued_at: DateTime<Utc>,
    /// When it stops counting.
    pub expires_at: DateTime<Utc>,
    /// The message that carries it.
    pub message_id: &'a str,
}

/// Makes a code the one that counts; the session's earlier ones stop counting.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn issue(tx: &mut Tx, code: &NewCode<'_>) -> Result<(), StoreError> {
    sqlx::query!(
        r#"with superseded as (
            update otp_codes set superseded_at = $7
            where session_id = $2 and org_id = $1 and superseded_at is null
        ),
        counted as (
            update sessions set otp_sends = otp_sends + 1 where session_id = $2 and org_id = $1
        )
        insert into otp_codes (org_id, session_id, number, code_hash, channel, address_hash, issued_at, expires_at,
            message_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"#,
        code.org_id,
        code.session_id,
        code.number,
        code.code_hash.as_slice(),
        code.channel,
        code.address_hash.as_slice(),
        code.issued_at,
        code.expires_at,
        code.message_id
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The code that counts now, expired or not.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn live(tx: &mut Tx, org_id: &str, session_id: &str) -> Result<Option<LiveCode>, StoreError> {
    Ok(sqlx::query_as!(
        LiveCode,
        r#"select number, tries, issued_at, expires_at, channel, message_id from otp_codes
        where session_id = $2 and org_id = $1 and superseded_at is null and used_at is null
        order by number desc limit 1"#,
        org_id,
        session_id
    )
    .fetch_optional(tx.db())
    .await?)
}

/// A try that may be compared: it is counted already.
#[derive(Debug)]
pub struct Try {
    /// Which code.
    pub number: i32,
    /// How it was sent.
    pub channel: String,
    /// What to compare with.
    pub code_hash: Vec<u8>,
    /// Tries left on this code after this one.
    pub left_on_code: i32,
    /// Tries left in this session after this one.
    pub left_in_session: i32,
}

/// Counts a try before anything is compared; `None` when no live code has tries left. Both limits and the
/// expiry are in the statement itself, so parallel tries cannot pass them together.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn count_try(tx: &mut Tx, org_id: &str, session_id: &str) -> Result<Option<Try>, StoreError> {
    let row = sqlx::query!(
        r#"with session as (
            update sessions set otp_tries = otp_tries + 1
            where session_id = $2 and org_id = $1 and stage = 'code' and otp_tries < $4
                and expires_at > clock_timestamp()
                and exists (select from otp_codes c where c.session_id = $2 and c.org_id = $1
                    and c.superseded_at is null and c.used_at is null and c.tries < $3
                    and c.expires_at > clock_timestamp())
            returning otp_tries
        )
        update otp_codes set tries = tries + 1
        from session
        where session_id = $2 and org_id = $1 and superseded_at is null and used_at is null and tries < $3
            and expires_at > clock_timestamp()
        returning number, channel, code_hash, tries, session.otp_tries"#,
        org_id,
        session_id,
        WRONG_TRIES_PER_CODE,
        WRONG_TRIES_PER_SESSION
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| Try {
        number: row.number,
        channel: row.channel,
        code_hash: row.code_hash,
        left_on_code: WRONG_TRIES_PER_CODE.saturating_sub(row.tries),
        left_in_session: WRONG_TRIES_PER_SESSION.saturating_sub(row.otp_tries),
    }))
}

/// Consumes a code; false when somebody else did or its time is over.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn consume(tx: &mut Tx, org_id: &str, session_id: &str, number: i32) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        r#"update otp_codes set used_at = clock_timestamp()
        where session_id = $2 and org_id = $1 and number = $3 and used_at is null and superseded_at is null
            and expires_at > clock_timestamp()"#,
        org_id,
        session_id,
        number
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}
