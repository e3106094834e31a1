//! The mailbox of a demo without an SMTP server.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};

/// How many messages the demo keeps.
const KEPT: i64 = 500;

/// A message that a demo would have sent.
#[derive(Clone)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct DemoMessage {
    pub org_id: String,
    pub message_id: String,
    pub address: String,
    pub subject: String,
    pub text_body: String,
    pub html_body: String,
    pub sent_at: DateTime<Utc>,
}

impl std::fmt::Debug for DemoMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DemoMessage").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}

/// Keeps a message, and the newest ones alone.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn insert(tx: &mut Tx, message: &DemoMessage) -> Result<(), StoreError> {
    sqlx::query!(
        r#"with old as (
            delete from demo_messages where message_id in (
                select message_id from demo_messages order by sent_at desc offset $7)
        )
        insert into demo_messages (org_id, message_id, address, subject, text_body, html_body, sent_at)
        values ($1, $2, $3, $4, $5, $6, clock_timestamp())
        on conflict do nothing"#,
        message.org_id,
        message.message_id,
        message.address,
        message.subject,
        message.text_body,
        message.html_body,
        KEPT
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The messages, newest first.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn list(tx: &mut Tx, limit: i64) -> Result<Vec<DemoMessage>, StoreError> {
    Ok(sqlx::query_as!(
        DemoMessage,
        r#"select org_id, message_id, address, subject, text_body, html_body, sent_at
        from demo_messages order by sent_at desc, message_id limit $1"#,
        limit
    )
    .fetch_all(tx.db())
    .await?)
}
