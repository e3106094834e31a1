//! What came of the wordings that whoever broke off contact read.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};

/// One wording within a time, in sessions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VariantRow {
    /// Its name.
    pub variant: String,
    /// Contact was broken off on the page, so the wording was the next thing to read.
    pub sessions: i64,
    /// Contact was broken off by the link in a mail or by a key, and whether anybody read the page is not known.
    pub elsewhere: i64,
    /// Of `sessions`, those whose 24 hours are not over.
    pub running: i64,
    /// Of `sessions`, those with a scam report.
    pub reported: i64,
    /// Of `sessions`, those whose subject was stopped again within 24 hours.
    pub tried_again: i64,
    /// Of `tried_again`, those that the link in a mail ended.
    pub stopped_by_mail: i64,
    /// Of `sessions`, those that an analyst calls a scam.
    pub scam: i64,
    /// Of `sessions`, those that an analyst calls good.
    pub good: i64,
}

/// Counts by wording the sessions that broke off contact from `since` on and before `until`. Test events count for
/// nothing: whoever tries a challenge out is nobody's victim.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn of(
    tx: &mut Tx,
    org_id: &str,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<VariantRow>, StoreError> {
    Ok(sqlx::query_as!(
        VariantRow,
        r#"
        -- under row-level security an index is led by values that were worked out before: see `history`
        with broken as materialized (
            select s.session_id, s.subject_id, s.break_contact_variant as variant, s.resolved_at,
                s.resolved_at + interval '24 hours' as day_over,
                s.binding_hash is not null and not exists (select from audit_entries a
                    where a.org_id = $1 and a.session_id = s.session_id and a.action = 'session.revoked') as shown
            from sessions s
            join events e on e.session_id = s.session_id and e.org_id = $1 and not e.test
            where s.org_id = $1 and s.break_contact_variant is not null
                and s.resolved_at >= $2 and s.resolved_at < $3
        )
        select b.variant as "variant!",
            count(*) filter (where b.shown) as "sessions!",
            count(*) filter (where not b.shown) as "elsewhere!",
            count(*) filter (where b.shown and b.day_over > clock_timestamp()) as "running!",
            count(*) filter (where b.shown and told.reported) as "reported!",
            count(*) filter (where b.shown and again.tried) as "tried_again!",
            count(*) filter (where b.shown and again.stopped) as "stopped_by_mail!",
            count(*) filter (where b.shown and l.label = 'scam') as "scam!",
            count(*) filter (where b.shown and l.label = 'good') as "good!"
        from broken b
        cross join lateral (
            select exists (select from scam_reports r
                where r.session_id = b.session_id and r.org_id = $1) as reported
        ) told
        cross join lateral (
            select count(*) > 0 as tried,
                coalesce(bool_or(exists (select from audit_entries a where a.org_id = $1
                    and a.session_id = n.session_id and a.action = 'session.revoked')), false) as stopped
            from events n
            join decisions d on d.session_id = n.session_id and d.org_id = $1 and d.outcome <> 'allow'
            where n.org_id = $1 and n.subject_id = b.subject_id and n.session_id <> b.session_id and not n.test
                and n.received_at > b.resolved_at and n.received_at <= b.day_over
        ) again
        left join session_labels l on l.session_id = b.session_id and l.org_id = $1
        group by b.variant
        order by b.variant"#,
        org_id,
        since,
        until
    )
    .fetch_all(tx.db())
    .await?)
}
