//! The one statement that reads all a decision needs to know of the past.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx};
use crate::account::{AccountState, Part};
use crate::event::Event;
use crate::history::{History, Place, Travel};
use crate::trace::{Key, Keys};

/// What the past says before anything is decided.
#[derive(Debug)]
pub struct Past {
    /// The event, or its delivery, was screened before.
    pub earlier: Option<Earlier>,
    /// What is known of the subject.
    pub history: History,
    /// The last known state of the account.
    pub account: AccountState,
    /// What this event shares with those it is linked to.
    pub linked: Linked,
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

/// What came over from events about the same order, payment or the like.
#[derive(Debug, Default)]
pub struct Linked {
    /// Their sessions.
    pub sessions: Vec<String>,
    /// Their subjects.
    pub subjects: Vec<String>,
    /// The device of this event, else of the newest of them.
    pub device: Option<Key>,
    /// The card of this event, else of the newest of them.
    pub card: Option<Key>,
    /// The country of this event, else of the newest of them.
    pub country: Option<String>,
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
    /// Under which it and its like are found.
    pub keys: &'a Keys,
    /// Digest of the delivery's body and the event's place in it.
    pub delivery: Option<(&'a [u8; 32], i32)>,
    /// The time to judge at; the database's own where it is `None`, as everywhere but in a simulation.
    pub now: Option<DateTime<Utc>>,
}

/// Reads in one round trip: windows over the subject's last 500 events of 90 days and the last 200 uses of its device,
/// address, destination and card, its last challenges, its account, lists, and whether this event is a duplicate. Every
/// part has a bound, so that the time it takes does not grow with history. Windows count from when an event was
/// received: what a sender says of the time could make a device or a destination look old. Call it after the subject's
/// lock is held.
///
/// # Errors
/// [`StoreError`] as it comes.
#[expect(
    clippy::too_many_lines,
    reason = "one statement: cutting it up would only hide what belongs together"
)]
pub async fn read(tx: &mut Tx, query: Query<'_>) -> Result<Past, StoreError> {
    let Query { event, keys, .. } = query;
    let amount = event.action.amount.as_ref();
    let links: Vec<&[u8]> = keys.links.iter().map(Key::as_slice).collect();
    let listed: Vec<&[u8]> = keys.listed.iter().map(Key::as_slice).collect();
    let row = sqlx::query!(
        r#"
        with clock as materialized (
            select coalesce($21::timestamptz, statement_timestamp()) as now
        ),
        -- under row-level security a condition leads an index only if it cannot tell of rows that are hidden. a
        -- comparison with one value that was worked out before (a subquery in brackets) passes for such; one with
        -- `coalesce`, or `>>=` of networks, does not, and every row of the index would be looked at
        since as materialized (
            select now - interval '90 days' as events, now - interval '7 days' as challenges,
                now - interval '180 days' as bad, now - interval '1 hour' as hour, now - interval '30 days' as month
            from clock
        ),
        recent as materialized (
            select received_at, device_key, network_key, category, country, amount, currency, sensitive,
                contact_changed, credential_changed, destination_id, mark, latitude, longitude, proxied
            from events
            where org_id = $1 and subject_id = $2 and test = $3
                and received_at > (select events from since)
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
            select max(resolved_at) filter (where intent in ('guided', 'unsure') or stage = 'revoked') as guided_at,
                max(coalesce(resolved_at, expires_at)) filter (where stage in ('locked', 'expired')) as failed_at,
                sum(greatest(otp_tries - (stage in ('allowed', 'held', 'revoked'))::int, 0)) filter
                    (where created_at > coalesce($21, statement_timestamp()) - interval '24 hours') as otp_failures
            from sessions
            where org_id = $1 and subject_id = $2 and challenged
                and created_at > (select challenges from since)
                -- whoever tries a challenge out says nothing of the person it is named after
                and exists (select 1 from events e where e.session_id = sessions.session_id and e.org_id = $1
                    and e.test = $3)
        ),
        linked as materialized (
            select e.session_id, e.subject_id, e.device_key, e.card_key, e.country, e.received_at
            from (
                select distinct t.session_id from unnest($18::bytea[]) link (key)
                cross join lateral (
                    select session_id from traces where key = link.key and org_id = $1
                    order by received_at desc limit 5
                ) t
            ) s
            join events e on e.session_id = s.session_id and e.org_id = $1
        ),
        who as materialized (
            select
                coalesce($9, (select device_key from linked where device_key is not null
                    order by received_at desc limit 1)) as device_key,
                coalesce($16, (select card_key from linked where card_key is not null
                    order by received_at desc limit 1)) as card_key,
                coalesce($10, (select country from linked where country is not null
                    order by received_at desc limit 1)) as country
        ),
        device as (
            select
                -- who complains of a payment was not at its device
                count(distinct subject_id) filter (where subject_id <> $2
                    and coalesce(mark, '') not in ('dispute', 'fraud_warning')) as subjects,
                count(*) filter (where mark = 'payment_failed' and received_at > (select hour from since)) as failures
            from (select subject_id, received_at, mark from traces
                where key = (select device_key from who) and org_id = $1 and received_at > (select month from since)
                order by received_at desc limit 200) t
        ),
        address as (
            select
                count(distinct subject_id) filter (where subject_id <> $2) as subjects,
                count(*) filter (where mark = 'payment_failed') as failures
            from (select subject_id, mark from traces
                where key = $15 and org_id = $1 and received_at > (select hour from since)
                order by received_at desc limit 200) t
        ),
        destination as (
            -- strangers are counted only where money is paid out: a shop has many customers
            select count(distinct subject_id) filter (where subject_id <> $2) as subjects
            from (select subject_id from traces
                where key = $17 and org_id = $1 and $11 in ('payout', 'withdrawal')
                    and received_at > (select challenges from since)
                order by received_at desc limit 200) t
        ),
        card as (
            select count(*) filter (where mark = 'payment_failed') as failures
            from (select mark from traces
                where key = (select card_key from who) and org_id = $1 and received_at > (select hour from since)
                order by received_at desc limit 200) t
        ),
        bad as (
            -- one that names the subject, the device and the card is still one
            select count(distinct session_id) filter (where mark = 'dispute') as disputes,
                max(received_at) filter (where mark = 'fraud_warning') as fraud_warning_at
            from unnest(array[$22::bytea, (select device_key from who), (select card_key from who)]) taint (key)
            cross join lateral (
                select mark, received_at, session_id from traces
                where key = taint.key and org_id = $1 and mark in ('dispute', 'fraud_warning')
                    and received_at > (select bad from since)
                order by received_at desc limit 20
            ) t
        ),
        listed as (
            select list, kind, entry_id from list_entries
            where key = any($19::bytea[]) and org_id = $1 and ended_at is null
                and (expires_at is null or expires_at > coalesce($21, statement_timestamp()))
            union all
            select list, kind, entry_id from list_entries
            where network = any(array(select network(set_masklen($20::text::inet, bits))
                    from generate_series(0, masklen($20::text::inet)) bits))
                and org_id = $1 and ended_at is null and network is not null
                and (expires_at is null or expires_at > coalesce($21, statement_timestamp()))
        ),
        place as (
            select latitude, longitude, received_at, proxied from recent
            where latitude is not null and longitude is not null
            order by received_at desc limit 1
        ),
        summary as (
            select
                count(*) as events,
                max(received_at) as previous_at,
                min(received_at) filter (where device_key = (select device_key from who)) as device_first_seen_at,
                count(*) filter (where country is not null) as countries,
                coalesce(bool_or(country = (select country from who)), false) as country_seen,
                count(*) filter (where network_key is not null) as networks,
                coalesce(bool_or(network_key = $14), false) as network_seen,
                count(*) filter (where sensitive and received_at > clock.now - interval '1 hour') as sensitive_1h,
                count(*) filter (where mark = 'login_failed' and received_at > clock.now - interval '1 hour')
                    as login_failures_1h,
                count(*) filter (where mark = 'login_failed' and received_at > clock.now - interval '24 hours')
                    as login_failures_24h,
                max(received_at) filter (where mark = 'login') as login_at,
                max(received_at) filter (where contact_changed) as contact_changed_at,
                max(received_at) filter (where credential_changed) as credential_changed_at,
                count(*) filter (where (extract(epoch from received_at - clock.now)::bigint % 86400 + 90000) % 86400
                    <= 7200) as events_near_hour,
                count(amount) filter (where category = $11 and currency = $12) as amounts,
                percentile_disc(0.95) within group (order by amount)
                    filter (where category = $11 and currency = $12) as amount_p95,
                (array_agg(amount order by received_at desc) filter (where category = $11 and currency = $12
                    and received_at > clock.now - interval '7 days'))[1:20] as amounts_7d,
                coalesce(sum(amount) filter (where category in ('payout', 'withdrawal') and currency = $12
                    and received_at > clock.now - interval '24 hours'), 0) as outflow_24h,
                min(received_at) filter (where destination_id = $13) as destination_first_seen_at,
                count(*) filter (where destination_id = $13) as destination_uses
            from recent, clock
        )
        select
            coalesce($21, clock_timestamp()) as "now!",
            s.events as "events!",
            (select e.received_at from events e where e.org_id = $1 and e.subject_id = $2 and e.test = $3
                order by e.received_at limit 1) as first_seen_at,
            s.previous_at, s.countries as "countries!", s.country_seen as "country_seen!",
            s.networks as "networks!", s.network_seen as "network_seen!", s.sensitive_1h as "sensitive_1h!",
            s.login_failures_1h as "login_failures_1h!", s.login_failures_24h as "login_failures_24h!", s.login_at,
            s.contact_changed_at, s.credential_changed_at, s.events_near_hour as "events_near_hour!",
            s.amounts as "amounts!", s.amount_p95, s.amounts_7d as "amounts_7d: Vec<rust_decimal::Decimal>", s.outflow_24h as "outflow_24h!",
            s.destination_uses as "destination_uses!",
            least(s.device_first_seen_at, (select min(received_at) from (
                select received_at, subject_id from traces where key = (select device_key from who) and org_id = $1
                order by received_at limit 20) t where subject_id = $2)) as device_first_seen_at,
            least(s.destination_first_seen_at, (select min(received_at) from (
                select received_at, subject_id from traces where key = $17 and org_id = $1
                order by received_at limit 20) t where subject_id = $2)) as destination_first_seen_at,
            device.subjects as "device_subjects!", device.failures as "device_failures!",
            address.subjects as "ip_subjects!", address.failures as "ip_failures!",
            destination.subjects as "destination_subjects!", card.failures as "card_failures!",
            bad.disputes as "disputes!", bad.fraud_warning_at,
            challenges.guided_at, challenges.failed_at, challenges.otp_failures,
            (select json_agg(listed) from listed) as lists,
            place.latitude as "latitude?", place.longitude as "longitude?", place.received_at as "placed_at?",
            place.proxied as "proxied?",
            (select array_agg(distinct subject_id) from linked) as linked_subjects,
            (select array_agg(session_id) from linked) as linked_sessions,
            who.device_key, who.card_key, who.country,
            a.email_key as "email_key?", a.email_at as "email_at?", a.phone_key as "phone_key?",
            a.phone_at as "phone_at?", a.address_key as "address_key?", a.address_at as "address_at?",
            a.destination_key as "destination_key?", a.destination_at as "destination_at?", a.state as "state?",
            a.state_at as "state_at?",
            b.amount_p95 as "org_amount_p95?",
            earlier.session_id as "earlier_session_id?", earlier.request_digest as "earlier_digest?",
            earlier.same_id as "earlier_same_id?"
        from summary s
        cross join challenges
        cross join who
        cross join device
        cross join address
        cross join destination
        cross join card
        cross join bad
        left join place on true
        left join earlier on true
        left join account_states a on a.subject_id = $2 and a.org_id = $1
        left join amount_baselines b on b.org_id = $1 and b.category = $11 and b.currency = $12
        "#,
        query.org_id,
        event.subject.id,
        event.test,
        query.source_id,
        event.id,
        query.delivery.map(|(digest, _)| digest.as_slice()),
        event.event_type.as_str(),
        query.delivery.map(|(_, ordinal)| ordinal),
        bytes(keys.device.as_ref()),
        event.device.country,
        event.event_type.category().as_str(),
        amount.map(|amount| amount.currency.as_str()),
        event.action.destination.as_ref().map(|destination| destination.id.as_str()),
        bytes(keys.network.as_ref()),
        bytes(keys.ip.as_ref()),
        bytes(keys.card.as_ref()),
        bytes(keys.destination.as_ref()),
        &links as &[&[u8]],
        &listed as &[&[u8]],
        event.device.ip.map(|ip| ip.to_canonical().to_string()),
        query.now,
        keys.subject.as_slice(),
    )
    .fetch_one(tx.db())
    .await?;
    let earlier = row.earlier_session_id.map(|session_id| Earlier {
        session_id,
        request_digest: row.earlier_digest.unwrap_or_default(),
        same_id: row.earlier_same_id.unwrap_or(false),
    });
    let lists = match row.lists {
        Some(lists) => serde_json::from_value(lists).or(Err(StoreError::Corrupt("list")))?,
        None => Vec::new(),
    };
    let from = row.latitude.zip(row.longitude).zip(row.placed_at);
    let to = event.device.latitude.zip(event.device.longitude);
    let travel = from.zip(to).map(|(((latitude, longitude), at), to)| {
        let from = Place { latitude: latitude.into(), longitude: longitude.into() };
        let to = Place { latitude: to.0, longitude: to.1 };
        Travel::between(from, at, to, row.now, row.proxied.unwrap_or(false) || is_proxied(event))
    });
    let account = AccountState {
        email: part(key(row.email_key), row.email_at),
        phone: part(key(row.phone_key), row.phone_at),
        address: part(key(row.address_key), row.address_at),
        destination: part(key(row.destination_key), row.destination_at),
        state: part(row.state, row.state_at),
    };
    let linked = Linked {
        sessions: row.linked_sessions.unwrap_or_default(),
        subjects: row.linked_subjects.unwrap_or_default(),
        device: key(row.device_key),
        card: key(row.card_key),
        country: row.country,
    };
    let history = History {
        now: row.now,
        events: row.events,
        first_seen_at: row.first_seen_at,
        previous_at: row.previous_at,
        events_near_hour: row.events_near_hour,
        account_restricted: account.is_restricted(),
        device_first_seen_at: row.device_first_seen_at,
        device_subjects_30d: row.device_subjects,
        countries: row.countries,
        country_seen: row.country_seen,
        networks: row.networks,
        network_seen: row.network_seen,
        ip_subjects_1h: row.ip_subjects,
        travel,
        sensitive_1h: row.sensitive_1h,
        login_failures_1h: row.login_failures_1h,
        login_failures_24h: row.login_failures_24h,
        otp_failures_24h: row.otp_failures.unwrap_or(0),
        login_at: row.login_at,
        contact_changed_at: row.contact_changed_at,
        credential_changed_at: row.credential_changed_at,
        amounts: row.amounts,
        amount_p95: row.amount_p95,
        org_amount_p95: row.org_amount_p95,
        amounts_7d: row.amounts_7d.unwrap_or_default(),
        outflow_24h: row.outflow_24h,
        destination_first_seen_at: row.destination_first_seen_at,
        destination_uses: row.destination_uses,
        destination_subjects_7d: row.destination_subjects,
        device_payment_failures_1h: row.device_failures,
        ip_payment_failures_1h: row.ip_failures,
        card_payment_failures_1h: row.card_failures,
        disputes_180d: row.disputes,
        fraud_warning_at: row.fraud_warning_at,
        challenge_failed_at: row.failed_at,
        challenge_guided_at: row.guided_at,
        lists,
        inherited: Vec::new(),
    };
    Ok(Past { earlier, history, account, linked })
}

/// True when the address of the connection is not the subject's own.
#[must_use]
pub fn is_proxied(event: &Event) -> bool {
    ["vpn", "tor", "relay", "proxy"].into_iter().any(|flag| event.has_flag(flag))
}

fn bytes(key: Option<&Key>) -> Option<&[u8]> {
    key.map(Key::as_slice)
}

fn key(bytes: Option<Vec<u8>>) -> Option<Key> {
    bytes.and_then(|bytes| bytes.try_into().ok())
}

fn part<T>(value: Option<T>, at: Option<DateTime<Utc>>) -> Option<Part<T>> {
    value.zip(at).map(|(value, at)| Part { value, at })
}

/// The lock under which the events of one subject are screened one after the other.
#[must_use]
pub fn subject_lock(org_id: &str, subject_id: &str) -> i64 {
    use sha2::{Digest as _, Sha256};
    let digest = Sha256::new().chain_update(org_id).chain_update([0]).chain_update(subject_id).finalize();
    digest.iter().take(8).fold(0_i64, |lock, byte| (lock << 8) | i64::from(*byte))
}
