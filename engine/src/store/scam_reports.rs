//! What people tell of a scam.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};

/// A report as stored; the words are sealed.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct ReportRow {
    pub report_id: String,
    pub session_id: String,
    pub subject_id: String,
    pub channel: String,
    pub narrative: Option<Vec<u8>>,
    pub created_at: DateTime<Utc>,
}

/// Adds a report unless the session has `most` already; false then.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn insert(tx: &mut Tx, org_id: &str, report: &ReportRow, most: i64) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        r#"insert into scam_reports (org_id, report_id, session_id, channel, narrative, created_at)
        select $1, $2, $3, $4, $5, $6
        where (select count(*) from scam_reports where org_id = $1 and session_id = $3) < $7"#,
        org_id,
        report.report_id,
        report.session_id,
        report.channel,
        report.narrative,
        report.created_at,
        most
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A page of reports, newest first, strictly before (`before`, `before_id`).
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn page(
    tx: &mut Tx,
    org_id: &str,
    before: Option<(DateTime<Utc>, String)>,
    limit: i64,
) -> Result<Vec<ReportRow>, StoreError> {
    let (time, id) = before.unzip();
    Ok(sqlx::query_as!(
        ReportRow,
        r#"select r.report_id, r.session_id, s.subject_id, r.channel, r.narrative, r.created_at
        from scam_reports r join sessions s on s.session_id = r.session_id and s.org_id = r.org_id
        where r.org_id = $1 and ($2::timestamptz is null or (r.created_at, r.report_id) < ($2, $3::text))
        order by r.created_at desc, r.report_id desc limit $4"#,
        org_id,
        time,
        id,
        limit
    )
    .fetch_all(tx.db())
    .await?)
}
