//! Labels of sessions: what analysts say became of them.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};

/// A label as stored, with the address of whoever gave it where that is a user of the dashboard.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct LabelRow {
    pub label: String,
    pub note: Option<Vec<u8>>,
    pub labelled_by: String,
    pub labelled_by_email: Option<String>,
    pub labelled_at: DateTime<Utc>,
}

/// A label about to be stored.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct NewLabel<'a> {
    pub session_id: &'a str,
    pub label: &'a str,
    pub note: Option<&'a [u8]>,
    pub labelled_by: &'a str,
    pub labelled_at: DateTime<Utc>,
}

/// The label of a session.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn find(tx: &mut Tx, org_id: &str, session_id: &str) -> Result<Option<LabelRow>, StoreError> {
    Ok(sqlx::query_as!(
        LabelRow,
        r#"select l.label, l.note, l.labelled_by, u.email as "labelled_by_email?", l.labelled_at
        from session_labels l left join users u on u.user_id = l.labelled_by and u.org_id = l.org_id
        where l.session_id = $2 and l.org_id = $1"#,
        org_id,
        session_id
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Gives a session a label in place of the one it may have.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn put(tx: &mut Tx, org_id: &str, new: NewLabel<'_>) -> Result<(), StoreError> {
    sqlx::query!(
        r#"insert into session_labels (org_id, session_id, label, note, labelled_by, labelled_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (session_id, org_id) do update set label = excluded.label, note = excluded.note,
            labelled_by = excluded.labelled_by, labelled_at = excluded.labelled_at"#,
        org_id,
        new.session_id,
        new.label,
        new.note,
        new.labelled_by,
        new.labelled_at
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Takes the label of a session back.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn remove(tx: &mut Tx, org_id: &str, session_id: &str) -> Result<(), StoreError> {
    sqlx::query!("delete from session_labels where session_id = $2 and org_id = $1", org_id, session_id)
        .execute(tx.db())
        .await?;
    Ok(())
}
