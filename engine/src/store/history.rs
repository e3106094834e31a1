//! The one statement that reads all a decision needs to know of the past.

use super::{StoreError, Tx};
use crate::event::Event;
use crate::history::History;

/// What the past says before anything is decided.
#[derive(Debug)]
pub struct Past {
    /// The event, or its delivery, was screened before.
    pub earlier: Option<Earlier>,
    /// What is known of the subject.
    pub history: History,
}

/// An event screened before under the same id or from the same delivery.
#[derive(Debug)]
pub struct Earlier {
    /// Its session.
    pub session_id: String,
    /// Digest of the event as it was then.
    pub request_digest: Vec<u8>,
    /// True when the id is the same; false when only the delivery's body is.
    pub same_id: bool,
}

/// Whom and what to look for.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// Whose history.
    pub org_id: &'a str,
    /// Where the event came from.
    pub source_id: &'a str,
    /// The event itself.
    pub event: &'a Event,
    /// Digest of the delivery's body and the event's place in it.
    pub delivery: Option<(&'a [u8; 32], i32)>,
}

/// Reads in one round trip: windows over the subject's last 500 events of 90 days, its last challenges, the
/// destination, and whether this event is a duplicate. Windows count from when an event was received: what a
/// sender says of the time could make a device or a destination look old. Call it after the subject's lock is held.
///
/// # Errors
/// [`StoreError`] as it comes.
#[expect(
    clippy::too_many_lines,
    reason = "one statement: cutting it up would only hide what belongs together"
)]
pub async fn read(tx: &mut Tx, query: Query<'_>) -> Result<Past, StoreError> {
    let event = query.event;
    let amount = event.action.amount.as_ref();
    let row = sqlx::query!(
        r#"
        with recent as materialized (
            select received_at, device_id, category, country, amount, currency, sensitive, contact_changed
            from events
            where org_id = $1 and subject_id = $2 and test = $3
                and received_at > statement_timestamp() - interval '90 days'
            order by received_at desc
            limit 500
        ),
        earlier as (
            select session_id, request_digest, event_id = $5 as same_id from events
            where org_id = $1 and source_id = $4 and event_id = $5
            union all
            select session_id, request_digest, false from events
            where org_id = $1 and source_id = $4 and delivery_digest = $6 and event_type = $7
                and delivery_ordinal = $8
            order by same_id desc
            limit 1
        ),
        challenges as (
            select max(resolved_at) filter (where intent in ('guided', 'unsure')) as guided_at,
                max(coalesce(resolved_at, expires_at)) filter (where stage in ('locked', 'expired')) as failed_at
            from sessions
            where org_id = $1 and subject_id = $2 and challenged
                and created_at > statement_timestamp() - interval '7 days'
        )
        select
            clock_timestamp() as "now!",
            count(*) as "events!",
            (select e.received_at from events e where e.org_id = $1 and e.subject_id = $2 and e.test = $3
                order by e.received_at limit 1) as first_seen_at,
            min(received_at) filter (where device_id = $9) as device_first_seen_at,
            count(*) filter (where country is not null) as "countries!",
            coalesce(bool_or(country = $10), false) as "country_seen!",
            count(*) filter (where sensitive and received_at > statement_timestamp() - interval '1 hour')
                as "sensitive_1h!",
            max(received_at) filter (where contact_changed) as contact_changed_at,
            count(amount) filter (where category = $11 and currency = $12) as "amounts!",
            percentile_disc(0.95) within group (order by amount)
                filter (where category = $11 and currency = $12) as amount_p95,
            (select min(e.received_at) from events e where e.org_id = $1 and e.subject_id = $2 and e.test = $3
                and e.destination_id = $13) as destination_first_seen_at,
            coalesce(sum(amount) filter (where category in ('payout', 'withdrawal') and currency = $12
                and received_at > statement_timestamp() - interval '24 hours'), 0) as "outflow_24h!",
            (select guided_at from challenges) as guided_at,
            (select failed_at from challenges) as failed_at,
            (select session_id from earlier) as earlier_session_id,
            (select request_digest from earlier) as earlier_digest,
            (select same_id from earlier) as earlier_same_id
        from recent
        "#,
        query.org_id,
        event.subject.id,
        event.test,
        query.source_id,
        event.id,
        query.delivery.map(|(digest, _)| digest.as_slice()),
        event.event_type.as_str(),
        query.delivery.map(|(_, ordinal)| ordinal),
        event.device.id,
        event.device.country,
        event.event_type.category().as_str(),
        amount.map(|amount| amount.currency.as_str()),
        event.action.destination.as_ref().map(|destination| destination.id.as_str()),
    )
    .fetch_one(tx.db())
    .await?;
    let earlier = row.earlier_session_id.map(|session_id| Earlier {
        session_id,
        request_digest: row.earlier_digest.unwrap_or_default(),
        same_id: row.earlier_same_id.unwrap_or(false),
    });
    let history = History {
        now: row.now,
        events: row.events,
        first_seen_at: row.first_seen_at,
        device_first_seen_at: row.device_first_seen_at,
        countries: row.countries,
        country_seen: row.country_seen,
        sensitive_1h: row.sensitive_1h,
        contact_changed_at: row.contact_changed_at,
        amounts: row.amounts,
        amount_p95: row.amount_p95,
        destination_first_seen_at: row.destination_first_seen_at,
        outflow_24h: row.outflow_24h,
        challenge_failed_at: row.failed_at,
        challenge_guided_at: row.guided_at,
    };
    Ok(Past { earlier, history })
}

/// The lock under which the events of one subject are screened one after the other.
#[must_use]
pub fn subject_lock(org_id: &str, subject_id: &str) -> i64 {
    use sha2::{Digest as _, Sha256};
    let digest = Sha256::new().chain_update(org_id).chain_update([0]).chain_update(subject_id).finalize();
    digest.iter().take(8).fold(0_i64, |lock, byte| (lock << 8) | i64::from(*byte))
}
