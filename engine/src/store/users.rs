//! People who use the dashboard, and the browsers they are signed in with.

use super::{StoreError, Tx};

/// A user as stored.
#[derive(Clone)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct UserRow {
    pub org_id: String,
    pub user_id: String,
    pub email: String,
    pub password_hash: String,
    pub role: String,
    pub disabled: bool,
}

impl std::fmt::Debug for UserRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserRow").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

/// Reads a user by e-mail in any case, under [`super::Scope::System`].
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn find_by_email(tx: &mut Tx, email: &str) -> Result<Option<UserRow>, StoreError> {
    Ok(sqlx::query_as!(
        UserRow,
        r#"select org_id, user_id, email, password_hash, role, disabled_at is not null as "disabled!"
        from users where lower(email) = lower($1)"#,
        email
    )
    .fetch_optional(tx.db())
    .await?)
}

/// The users of an organisation.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn list(tx: &mut Tx, org_id: &str) -> Result<Vec<UserRow>, StoreError> {
    Ok(sqlx::query_as!(
        UserRow,
        r#"select org_id, user_id, email, password_hash, role, disabled_at is not null as "disabled!"
        from users where org_id = $1 order by email"#,
        org_id
    )
    .fetch_all(tx.db())
    .await?)
}

/// The addresses of whoever answers for an organisation: its owners and admins, or, where it has neither, everybody else
/// who may sign in.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn operators(tx: &mut Tx, org_id: &str) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"select email from users where org_id = $1 and disabled_at is null and (role in ('owner', 'admin')
            or not exists (select 1 from users o where o.org_id = $1 and o.disabled_at is null
                and o.role in ('owner', 'admin')))
        order by email"#,
        org_id
    )
    .fetch_all(tx.db())
    .await?)
}

/// Adds a user.
///
/// # Errors
/// [`StoreError::Taken`] when the e-mail address is in use.
pub async fn insert(tx: &mut Tx, user: &UserRow) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into users (org_id, user_id, email, password_hash, role) values ($1, $2, $3, $4, $5)",
        user.org_id,
        user.user_id,
        user.email,
        user.password_hash,
        user.role
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Disables a user and signs them out everywhere; false when there is none to disable.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn disable(tx: &mut Tx, org_id: &str, user_id: &str) -> Result<bool, StoreError> {
    sqlx::query!("delete from sign_ins where org_id = $1 and user_id = $2", org_id, user_id)
        .execute(tx.db())
        .await?;
    let done = sqlx::query!(
        r#"update users set disabled_at = clock_timestamp()
        where user_id = $2 and org_id = $1 and disabled_at is null"#,
        org_id,
        user_id
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Who is signed in.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct SignedIn {
    pub org_id: String,
    pub user_id: String,
    pub email: String,
    pub role: String,
}

/// Remembers a sign-in for twelve hours.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn sign_in(tx: &mut Tx, org_id: &str, user_id: &str, hash: &[u8; 32]) -> Result<(), StoreError> {
    sqlx::query!(
        r#"with over as (
            delete from sign_ins where org_id = $1 and user_id = $2 and expires_at < clock_timestamp()
        )
        insert into sign_ins (org_id, user_id, sign_in_hash, expires_at)
        values ($1, $2, $3, clock_timestamp() + interval '12 hours')"#,
        org_id,
        user_id,
        hash.as_slice()
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Who holds this cookie, under [`super::Scope::System`]: signed in for less than twelve hours, seen within
/// thirty minutes, not disabled. Seeing them counts as activity.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn signed_in(tx: &mut Tx, hash: &[u8; 32]) -> Result<Option<SignedIn>, StoreError> {
    Ok(sqlx::query_as!(
        SignedIn,
        r#"update sign_ins s set last_seen_at = clock_timestamp()
        from users u
        where s.sign_in_hash = $1 and u.user_id = s.user_id and u.org_id = s.org_id and u.disabled_at is null
            and s.expires_at > clock_timestamp() and s.last_seen_at > clock_timestamp() - interval '30 minutes'
        returning s.org_id, u.user_id, u.email, u.role"#,
        hash.as_slice()
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Forgets a sign-in.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn sign_out(tx: &mut Tx, hash: &[u8; 32]) -> Result<(), StoreError> {
    sqlx::query!("delete from sign_ins where sign_in_hash = $1", hash.as_slice()).execute(tx.db()).await?;
    Ok(())
}
