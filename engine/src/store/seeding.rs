//! Made-up past events, written many at once.

use serde::Serialize;
use sqlx::types::Json;

use super::{Store, StoreError, Tx};

/// The source that made-up events come from; no real source has this id.
pub const SOURCE: &str = "seed";

/// What a made-up event is like; each is used for its part of every thousand.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the columns of the tables, documented there")]
pub struct Template {
    /// The first of a thousand that is like this.
    pub first: i32,
    /// The first that is not any more.
    pub end: i32,
    pub event_type: String,
    pub category: &'static str,
    pub country: Option<String>,
    pub currency: Option<String>,
    pub sensitive: bool,
    pub contact_changed: bool,
    pub credential_changed: bool,
    pub mark: Option<&'static str>,
    pub outcome: &'static str,
    pub score: i32,
    pub reasons: serde_json::Value,
    pub missing: Vec<String>,
    /// The snapshot, with places for `format`: 1 now, 2 when it happened, 3 when the session began, 4 first seen, 5
    /// last seen, 6 the amount, 7 how many events there were.
    pub features: String,
}

/// Under which keys made-up people, and what they use, are found: each list is its keys in a row, 16 bytes each.
#[derive(Debug, Default)]
pub struct Keyring {
    /// One for each person, and at the end the one that many share.
    pub devices: Vec<u8>,
    /// One for four people, and at the end the one that many share.
    pub addresses: Vec<u8>,
    /// The networks of the addresses.
    pub networks: Vec<u8>,
    /// One for each person.
    pub cards: Vec<u8>,
    /// One for each person.
    pub links: Vec<u8>,
    /// One for twenty people.
    pub destinations: Vec<u8>,
}

/// Which events to make up.
#[derive(Debug, Clone, Copy)]
pub struct Chunk<'a> {
    /// For whom.
    pub org_id: &'a str,
    /// The number of the first.
    pub first: i64,
    /// The number of the last.
    pub last: i64,
    /// How many there will be in all: they are spread evenly over 90 days until now.
    pub all: i64,
    /// How many people there are.
    pub people: i32,
    /// Each so-many-th event is the one busy person's.
    pub busy_person: i64,
    /// Each so-many-th comes from the one busy device and address.
    pub busy_device: i64,
    /// What they are like.
    pub templates: &'a [Template],
    /// The policy they are said to be judged under: name, version and digest.
    pub policy: (&'a str, i32, &'a str),
    /// Under which they are found.
    pub keys: &'a Keyring,
}

/// Makes up a chunk of events with their decisions, sessions and traces, unless it is there already; says whether it
/// was not. Nothing here waits for the disk: what a crash takes away is made up again.
///
/// # Errors
/// [`StoreError`] as it comes.
#[expect(
    clippy::too_many_lines,
    reason = "one statement: cutting it up would only hide what belongs together"
)]
pub async fn insert(tx: &mut Tx, chunk: &Chunk<'_>) -> Result<bool, StoreError> {
    let prepared = sqlx::query_scalar!(
        r#"select exists (select from events where source_id = $2 and org_id = $1
                and event_id = 'seed_' || lpad($3::bigint::text, 10, '0'))
            and set_config('synchronous_commit', 'off', true) is not null
            and set_config('work_mem', '256MB', true) is not null as "there!""#,
        chunk.org_id,
        SOURCE,
        chunk.first
    );
    if prepared.fetch_one(tx.db()).await? {
        return Ok(false);
    }
    let keys = chunk.keys;
    let (policy_name, policy_version, policy_digest) = chunk.policy;
    sqlx::query!(
        r#"
        with template as materialized (
            select * from jsonb_to_recordset($8::jsonb) t (first int, "end" int, event_type text, category text,
                country text, currency text, sensitive boolean, contact_changed boolean, credential_changed boolean,
                mark text, outcome text, score int, reasons jsonb, missing text[], features text)
        ),
        drawn as materialized (
            select n, 'ses_' || left(replace(gen_random_uuid()::text, '-', ''), 26) as session_id,
                statement_timestamp() - interval '90 days' * (1 - n::float8 / $4::bigint) as received_at,
                n % $6::bigint = 0 as busy_person, n % $7::bigint = 1 as busy_device,
                ((hashint8extended(n, 1) & 2147483647) % $5::int)::int as person,
                ((hashint8extended(n, 2) & 2147483647) % 1000)::int as slot,
                (hashint8extended(n, 3) & 2147483647)::int as dice
            from generate_series($2::bigint, $3::bigint) n
        ),
        made as materialized (
            select d.n, d.session_id, d.received_at, d.dice, t.first as kind, t.outcome,
                case when d.busy_person then 'user_busy' else 'user_' || lpad(d.person::text, 8, '0') end as subject_id,
                case when t.currency is not null then (d.dice % 9000 + 1000)::numeric / 100 end as amount,
                (d.person + d.dice % 3) % ($5 / 20 + 1) as merchant,
                case when d.busy_device or d.dice % 10 < 6 then substring($9::bytea
                    from 16 * (case when d.busy_device then $5 else d.person end) + 1 for 16) end as device_key,
                case when d.busy_device or d.dice % 10 < 5 then substring($10::bytea
                    from 16 * (case when d.busy_device then $5 / 4 + 1 else d.person / 4 end) + 1 for 16) end as ip_key,
                case when d.busy_device or d.dice % 10 < 5 then substring($11::bytea
                    from 16 * (case when d.busy_device then $5 / 4 + 1 else d.person / 4 end) + 1 for 16)
                    end as network_key,
                case when d.dice % 10 in (0, 9) then substring($12::bytea from 16 * d.person + 1 for 16) end as card_key,
                case when d.dice % 10 in (1, 8) then substring($13::bytea from 16 * d.person + 1 for 16) end as link_key,
                case when t.outcome = 'allow' then 'allowed' when t.outcome = 'block_escalate' then 'blocked'
                    when d.dice % 10 < 6 then 'confirmed' when d.dice % 10 < 8 then 'guided'
                    when d.dice % 10 = 8 then 'unsure' else 'expired' end as fate
            from drawn d join template t on d.slot >= t.first and d.slot < t."end"
            -- three indexes are led by the session: going through each of them once is quicker than jumping about
            order by d.session_id
        ),
        event as (
            insert into events (org_id, session_id, source_id, event_id, event_type, category, subject_id, occurred_at,
                received_at, test, device_key, country, amount, currency, destination_id, sensitive, contact_changed,
                request_digest, network_key, card_key, credential_changed, mark)
            select $1, m.session_id, $14, 'seed_' || lpad(m.n::text, 10, '0'), t.event_type, t.category, m.subject_id,
                m.received_at - interval '2 seconds', m.received_at, false, m.device_key, t.country, m.amount,
                t.currency, case when m.amount is not null then 'merchant_' || lpad(m.merchant::text, 8, '0') end,
                t.sensitive, t.contact_changed, sha256(m.n::text::bytea), m.network_key, m.card_key,
                t.credential_changed, t.mark
            from made m join template t on t.first = m.kind
        ),
        decision as (
            insert into decisions (org_id, session_id, outcome, score, reasons, missing, shadow, policy_name,
                policy_version, policy_digest, features, decided_at)
            select $1, m.session_id, t.outcome, t.score, t.reasons, t.missing, '[]', $16, $17::int, $18,
                format(t.features, told.now, told.occurred, told.started, told.first_seen, told.last_seen,
                    round(m.amount, 2), m.dice % 60 + 1)::json, m.received_at
            from made m join template t on t.first = m.kind
            cross join lateral (
                select to_char(utc, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now,
                    to_char(utc - interval '2 seconds', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as occurred,
                    to_char(utc - interval '10 minutes', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as started,
                    to_char(utc - interval '80 days', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as first_seen,
                    to_char(utc - interval '26 hours', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as last_seen
                from (select m.received_at at time zone 'UTC' as utc) u
            ) told
        ),
        session as (
            insert into sessions (org_id, session_id, subject_id, status, stage, intent, outcome, assurance, challenged,
                otp_required, hold, created_at, expires_at, resolved_at)
            select $1, session_id, subject_id, case fate when 'expired' then 'expired' else 'resolved' end,
                case when fate = 'confirmed' then 'allowed' when fate in ('guided', 'unsure') then 'break_contact'
                    else fate end,
                case when fate in ('confirmed', 'guided', 'unsure') then fate end,
                case when fate in ('allowed', 'confirmed') then 'allow' when fate <> 'expired' then 'block' end,
                case when fate in ('allowed', 'blocked') then 'score_only' when fate <> 'expired' then 'intent_only' end,
                outcome = 'delay_verify', false, false, received_at, received_at + interval '15 minutes',
                case when fate <> 'expired' then received_at + interval '1 minute' * (outcome = 'delay_verify')::int end
            from made
        )
        insert into traces (org_id, key, received_at, subject_id, session_id, mark)
        select $1, k.key, m.received_at, m.subject_id, m.session_id, t.mark
        from made m join template t on t.first = m.kind
        cross join lateral (values (m.device_key), (m.ip_key), (m.card_key), (m.link_key),
            (case when m.amount is not null and m.dice % 10 < 5
                then substring($15::bytea from 16 * m.merchant + 1 for 16) end)) k (key)
        where k.key is not null
        order by k.key
        "#,
        chunk.org_id,
        chunk.first,
        chunk.last,
        chunk.all,
        chunk.people,
        chunk.busy_person,
        chunk.busy_device,
        Json(chunk.templates) as _,
        keys.devices,
        keys.addresses,
        keys.networks,
        keys.cards,
        keys.links,
        SOURCE,
        keys.destinations,
        policy_name,
        policy_version,
        policy_digest,
    )
    .execute(tx.db())
    .await?;
    Ok(true)
}

/// Whether the organisation has events that are not made up.
///
/// # Errors
/// [`StoreError`] as it comes.
pub async fn has_real_events(tx: &mut Tx, org_id: &str) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from events where org_id = $1 and source_id <> $2) as "real!""#,
        org_id,
        SOURCE
    )
    .fetch_one(tx.db())
    .await?)
}

impl Store {
    /// Lets the planner see what is there, and readers of indexes pass the tables by. Only the tables' owner may; for
    /// others the database does it by itself after a while. Says whether it was done.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn tidy(&self) -> Result<bool, StoreError> {
        let mine = sqlx::query_scalar!(
            r#"select pg_has_role(relowner, 'usage') as "mine!" from pg_class where oid = 'events'::regclass"#
        );
        if !mine.fetch_one(&self.pool).await? {
            return Ok(false);
        }
        sqlx::query!("vacuum (analyze) events, decisions, sessions, traces").execute(&self.pool).await?;
        Ok(true)
    }
}
