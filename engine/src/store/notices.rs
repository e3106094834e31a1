//! Notices: what a platform tells that is recorded and not screened.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};

/// A notice as it comes in.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct NewNotice<'a> {
    pub org_id: &'a str,
    pub notice_id: &'a str,
    pub source_id: &'a str,
    pub event_id: &'a str,
    pub event_type: &'a str,
    pub subject_id: &'a str,
    pub due_at: Option<DateTime<Utc>>,
    /// What an erasure looks for in kept requests, sealed.
    pub sought: Option<&'a [u8]>,
}

/// An erasure that has not looked through the kept requests yet.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table, documented there")]
pub struct Unswept {
    pub org_id: String,
    pub notice_id: String,
    pub source_id: String,
    pub subject_id: String,
    pub received_at: DateTime<Utc>,
    pub sought: Option<Vec<u8>>,
    pub sweeps: i32,
}

/// Records a notice; false when it was recorded before.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn insert(tx: &mut Tx, notice: &NewNotice<'_>) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        r#"insert into notices (org_id, notice_id, source_id, event_id, event_type, subject_id, received_at, due_at,
            sought)
        values ($1, $2, $3, $4, $5, $6, clock_timestamp(), $7, $8)
        on conflict (org_id, source_id, event_id) do nothing"#,
        notice.org_id,
        notice.notice_id,
        notice.source_id,
        notice.event_id,
        notice.event_type,
        notice.subject_id,
        notice.due_at,
        notice.sought
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes an erasure whose turn it is to look through the kept requests, and puts its next turn off, so that no other
/// worker takes it meanwhile; under [`super::Scope::System`].
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn take_unswept(tx: &mut Tx, again_seconds: f64) -> Result<Option<Unswept>, StoreError> {
    Ok(sqlx::query_as!(
        Unswept,
        r#"update notices n
        set sweeps = n.sweeps + 1, sweep_after = clock_timestamp() + make_interval(secs => $1)
        from (
            select org_id, notice_id from notices
            where event_type = 'privacy.erasure_requested' and swept_at is null
                and sweep_after <= clock_timestamp()
            order by sweep_after limit 1 for update skip locked
        ) next
        where n.notice_id = next.notice_id and n.org_id = next.org_id
        returning n.org_id, n.notice_id, n.source_id, n.subject_id, n.received_at, n.sought, n.sweeps"#,
        again_seconds
    )
    .fetch_optional(tx.db())
    .await?)
}

/// The kept requests were looked through: it is no longer known whom to look for.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn swept(tx: &mut Tx, org_id: &str, notice_id: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "update notices set swept_at = clock_timestamp(), sought = null where notice_id = $2 and org_id = $1",
        org_id,
        notice_id
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Erases what is known of a subject from one source's events, or from all of the organisation's without one: the sealed events, contacts and notes. The number of
/// events erased is returned; what was decided stays, without the person. Traces, which tell who shares a device, an
/// address or a destination with whom, say `pseudonym` instead of the subject from then on: how many shared it stays
/// true for everybody else.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn erase_subject(
    tx: &mut Tx,
    org_id: &str,
    source_id: Option<&str>,
    subject_id: &str,
    pseudonym: &str,
    notice_id: &str,
) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"with erased as (
            update events set personal = null, device_key = null, network_key = null,
                card_key = null, latitude = null, longitude = null
            where org_id = $1 and ($2::text is null or source_id = $2) and subject_id = $3 and personal is not null
            returning session_id, source_id, delivery_digest
        ),
        arrived as (
            update deliveries d set request = null, erased_at = clock_timestamp() from erased
            where d.body_digest = erased.delivery_digest and d.source_id = erased.source_id and d.org_id = $1
        ),
        account as (
            delete from account_states where org_id = $1 and subject_id = $3
        ),
        contacts as (
            update sessions s set contact = null from erased
            where s.session_id = erased.session_id and s.org_id = $1
        ),
        reports as (
            update scam_reports r set narrative = null from erased
            where r.session_id = erased.session_id and r.org_id = $1
        ),
        labels as (
            update session_labels l set note = null from erased
            where l.session_id = erased.session_id and l.org_id = $1
        ),
        traces as (
            -- no trace of a subject is older than their first event, and traces are found by their time
            update traces set subject_id = $5
            where org_id = $1 and subject_id = $3
                and received_at >= (select min(received_at) from events where org_id = $1 and subject_id = $3)
        ),
        messages as (
            update outbox o set payload = null, status = case when status = 'pending' then 'dead' else status end
            from erased where o.session_id = erased.session_id and o.org_id = $1
        ),
        done as (
            update notices set done_at = clock_timestamp() where notice_id = $4 and org_id = $1
        )
        select count(*) as "count!" from erased"#,
        org_id,
        source_id,
        subject_id,
        notice_id,
        pseudonym
    )
    .fetch_one(tx.db())
    .await?)
}
