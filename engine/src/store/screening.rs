//! The one statement that writes all a decision leaves behind.

use chrono::{DateTime, Utc};

use super::audit_entries::Columns;
use super::{StoreError, Tx};
use crate::account::{AccountState, Part};
use crate::audit::Entry;
use crate::decision::{Decision, Outcome};
use crate::event::{Category, Event};
use crate::features::Features;
use crate::mark::Mark;
use crate::policy::PolicyVersion;
use crate::store::decision_tokens::NewToken;
use crate::store::deliveries::NewDelivery;
use crate::store::outbox::NewMessage;
use crate::store::sessions::NewSession;
use crate::token::{Assurance, TokenOutcome};
use crate::trace::{Key, Keys};

/// Everything one screening leaves behind.
#[derive(Debug)]
pub struct Record<'a> {
    /// Whose.
    pub org_id: &'a str,
    /// Where the event came from.
    pub source_id: &'a str,
    /// The event; its personal part travels in `personal`.
    pub event: &'a Event,
    /// The whole event, sealed.
    pub personal: &'a [u8],
    /// Digest of the event as given.
    pub request_digest: &'a [u8; 32],
    /// Digest of the delivery's body and the event's place in it.
    pub delivery: Option<(&'a [u8; 32], i32)>,
    /// When it happened; never after now.
    pub occurred_at: DateTime<Utc>,
    /// What was judged.
    pub features: &'a Features,
    /// Under which the event is found again.
    pub keys: &'a Keys,
    /// Keys of earlier events on which it falls back what this one tells of them.
    pub tainted: &'a [Key],
    /// Sessions of earlier events that this one says to have been a scam.
    pub confirmed: &'a [String],
    /// The account as it is known now, where the event changed that.
    pub account: Option<&'a AccountState>,
    /// The device of the event, its own or that of an event it is linked to.
    pub device: Option<&'a Key>,
    /// The card likewise.
    pub card: Option<&'a Key>,
    /// What was decided.
    pub decision: &'a Decision,
    /// Under which policy.
    pub policy: &'a PolicyVersion,
    /// The session that was opened.
    pub session: &'a NewSession,
    /// The token, where the session was resolved at once.
    pub token: Option<&'a NewToken>,
    /// The mail that invites the subject, where there is one.
    pub message: Option<&'a NewMessage>,
    /// The delivery that brought it, where this is its first event.
    pub arrival: Option<&'a NewDelivery<'a>>,
    /// What the log tells.
    pub entries: &'a [Entry],
}

/// Writes it all in one round trip.
///
/// # Errors
/// [`StoreError::Taken`] when another subject's event has the same id; [`StoreError`] as it comes.
#[expect(
    clippy::too_many_lines,
    reason = "one statement: cutting it up would only hide what belongs together"
)]
pub async fn write(tx: &mut Tx, record: &Record<'_>) -> Result<(), StoreError> {
    let Record { event, decision, session, .. } = record;
    let amount = event.action.amount.as_ref();
    let now = record.features.history.now;
    let log = Columns::of(record.entries);
    let traces = Traces::of(record);
    let account = record.account;
    let facts = &record.features.event;
    let mark = Mark::of(&event.event_type).map(Mark::as_str);
    let place =
        event.device.latitude.zip(event.device.longitude).map(|(north, east)| (tenth(north), tenth(east)));
    sqlx::query!(
        r#"
        with event as (
            insert into events (org_id, session_id, source_id, event_id, event_type, category, subject_id,
                occurred_at, received_at, test, device_key, country, amount, currency, destination_id, sensitive,
                contact_changed, request_digest, delivery_digest, delivery_ordinal, personal, network_key, card_key,
                latitude, longitude, proxied, credential_changed, mark)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                $57, $58, $59, $60, $61, $62, $63)
        ),
        decision as (
            insert into decisions (org_id, session_id, outcome, score, reasons, missing, shadow, policy_name,
                policy_version, policy_digest, features, decided_at, observed, failed_rules, hold_until)
            values ($1, $2, $22, $23, $24, $25, $26, $27, $28, $29, $30::text::json, $9, $64, $65, $66)
        ),
        session as (
            insert into sessions (org_id, session_id, subject_id, status, stage, outcome, assurance, challenged,
                otp_required, hold, contact, created_at, expires_at, resolved_at, prior_break_contact)
            values ($1, $2, $7, $31, $32, $33, $34, $35, $36, $37, $38, $9, $39, $40, $87)
        ),
        token as (
            insert into decision_tokens (org_id, token_id, session_id, kid, claims, issued_at, expires_at)
            select $1, $41::text, $2, $42, $43, $9, $44 where $41::text is not null
        ),
        trace as (
            insert into traces (org_id, key, received_at, subject_id, session_id, mark)
            select $1, key, $9, subject_id, $2, $63 from unnest($67::bytea[], $68::text[]) t (key, subject_id)
        ),
        confirmed as (
            insert into confirmed_scams (org_id, session_id, told_by, told_at)
            select $1, linked, $63, $9 from unnest($80::text[]) linked
            on conflict do nothing
        ),
        account as (
            insert into account_states as known (org_id, subject_id, email_key, email_at, phone_key, phone_at,
                address_key, address_at, destination_key, destination_at, state, state_at)
            select $1, $7, $70, $71, $72, $73, $74, $75, $76, $77, $78, $79 where $69::boolean
            on conflict (subject_id, org_id) do update set
                email_key = excluded.email_key, email_at = excluded.email_at,
                phone_key = excluded.phone_key, phone_at = excluded.phone_at,
                address_key = excluded.address_key, address_at = excluded.address_at,
                destination_key = excluded.destination_key, destination_at = excluded.destination_at,
                state = excluded.state, state_at = excluded.state_at
        ),
        arrival as (
            insert into deliveries as known (org_id, delivery_id, source_id, connector, connector_digest, provider_id,
                secret_id, request, body_digest, status, next_try_at, received_at, seen_at, conflict)
            select $1, $81::text, $3, $82, $83, $84, $85, $86, $19, 'done', $9, $9, $9,
                exists (select 1 from deliveries d where d.provider_id = $84 and d.source_id = $3 and d.org_id = $1
                    and d.body_digest <> $19 and d.received_at > $9 - interval '35 days')
            where $81::text is not null
            on conflict (body_digest, source_id, org_id) do update set
                times_seen = known.times_seen + 1, seen_at = excluded.seen_at, secret_id = excluded.secret_id,
                request = case when known.erased_at is null then coalesce(known.request, excluded.request) end, last_error = null, status = 'done'
        ),
        message as (
            insert into outbox (org_id, message_id, session_id, kind, channel, payload, next_try_at, created_at)
            select $1, $45::text, $2, $46, $47, $48, $9, $9 where $45::text is not null
        )
        insert into audit_entries (org_id, entry_id, session_id, occurred_at, actor_type, actor_id, action,
            metadata, leaf_hash)
        select $1, * from unnest($49::text[], $50::text[], $51::timestamptz[], $52::text[], $53::text[],
            $54::text[], $55::jsonb[], $56::bytea[])
        "#,
        record.org_id,
        session.session_id,
        record.source_id,
        event.id,
        event.event_type.as_str(),
        event.event_type.category().as_str(),
        event.subject.id,
        record.occurred_at,
        now,
        event.test,
        bytes(record.device),
        record.features.event.country.as_deref(),
        amount.map(|amount| amount.value),
        amount.map(|amount| amount.currency.as_str()),
        event.action.destination.as_ref().map(|destination| destination.id.as_str()),
        facts.is_sensitive(),
        facts.changes_contact(),
        record.request_digest.as_slice(),
        record.delivery.map(|(digest, _)| digest.as_slice()),
        record.delivery.map(|(_, ordinal)| ordinal),
        record.personal,
        decision.outcome.as_str(),
        decision.score.points,
        serde_json::to_value(&decision.score.reasons).unwrap_or_default(),
        &decision.score.missing,
        serde_json::to_value(&decision.score.shadow).unwrap_or_default(),
        record.policy.name,
        record.policy.version,
        record.policy.digest,
        serde_json::to_string(record.features).or(Err(StoreError::Corrupt("snapshot")))?,
        session.status.as_str(),
        session.stage.as_str(),
        session.outcome.map(TokenOutcome::as_str),
        session.assurance.map(Assurance::as_str),
        session.challenged,
        session.otp_required,
        session.hold,
        session.contact,
        session.expires_at,
        session.resolved_at,
        record.token.map(|token| token.token_id.as_str()),
        record.token.map(|token| token.kid.as_str()),
        record.token.map(|token| token.claims.clone()),
        record.token.map(|token| token.expires_at),
        record.message.map(|message| message.message_id.as_str()),
        record.message.map(|message| message.kind.as_str()),
        record.message.map(|message| message.channel.as_str()),
        record.message.map(|message| message.payload.as_slice()),
        &log.ids,
        &log.sessions as &[Option<String>],
        &log.times,
        &log.actor_types,
        &log.actor_ids,
        &log.actions,
        &log.metadata,
        &log.leaf_hashes,
        bytes(record.keys.network.as_ref()),
        bytes(record.card),
        place.map(|(latitude, _)| latitude),
        place.map(|(_, longitude)| longitude),
        super::history::is_proxied(event),
        event.event_type.category() == Category::Credential,
        mark,
        decision.observed.map(Outcome::as_str),
        serde_json::to_value(&decision.score.failed).unwrap_or_default(),
        decision.hold_until,
        &traces.keys as &[&[u8]],
        &traces.subjects as &[&str],
        account.is_some(),
        account.and_then(|known| hash(known.email.as_ref())),
        account.and_then(|known| time(known.email.as_ref())),
        account.and_then(|known| hash(known.phone.as_ref())),
        account.and_then(|known| time(known.phone.as_ref())),
        account.and_then(|known| hash(known.address.as_ref())),
        account.and_then(|known| time(known.address.as_ref())),
        account.and_then(|known| hash(known.destination.as_ref())),
        account.and_then(|known| time(known.destination.as_ref())),
        account.and_then(|known| known.state.as_ref()).map(|part| part.value.as_str()),
        account.and_then(|known| time(known.state.as_ref())),
        record.confirmed,
        record.arrival.map(|arrival| arrival.delivery_id),
        record.arrival.map(|arrival| arrival.connector),
        record.arrival.and_then(|arrival| arrival.connector_digest),
        record.arrival.and_then(|arrival| arrival.provider_id),
        record.arrival.and_then(|arrival| arrival.secret_id),
        record.arrival.and_then(|arrival| arrival.request),
        session.prior_break_contact,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Rows of `traces`, column by column.
#[derive(Debug)]
struct Traces<'a> {
    keys: Vec<&'a [u8]>,
    subjects: Vec<&'a str>,
}

impl<'a> Traces<'a> {
    fn of(record: &'a Record<'_>) -> Self {
        let keys: Vec<&[u8]> = record.keys.traces().chain(record.tainted).map(Key::as_slice).collect();
        Self { subjects: vec![record.event.subject.id.as_str(); keys.len()], keys }
    }
}

fn bytes(key: Option<&Key>) -> Option<&[u8]> {
    key.map(Key::as_slice)
}

fn hash(part: Option<&Part<Key>>) -> Option<&[u8]> {
    part.map(|part| part.value.as_slice())
}

fn time<T>(part: Option<&Part<T>>) -> Option<DateTime<Utc>> {
    part.map(|part| part.at)
}

/// Degrees to a tenth: near enough to say whether somebody could have travelled, too coarse to say where they live.
#[expect(clippy::cast_possible_truncation, reason = "a tenth of a degree needs no more")]
fn tenth(degrees: f64) -> f32 {
    ((degrees * 10.0).round() / 10.0) as f32
}
