//! The one statement that writes all a decision leaves behind.

use chrono::{DateTime, Utc};

use super::audit_entries::Columns;
use super::{StoreError, Tx};
use crate::audit::Entry;
use crate::decision::Decision;
use crate::event::Event;
use crate::history::History;
use crate::policy::PolicyVersion;
use crate::store::decision_tokens::NewToken;
use crate::store::outbox::NewMessage;
use crate::store::sessions::NewSession;
use crate::token::{Assurance, TokenOutcome};

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
    /// What was known.
    pub history: &'a History,
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
    let now = record.history.now;
    let log = Columns::of(record.entries);
    sqlx::query!(
        r#"
        with event as (
            insert into events (org_id, session_id, source_id, event_id, event_type, category, subject_id,
                occurred_at, received_at, test, device_id, country, amount, currency, destination_id, sensitive,
                contact_changed, request_digest, delivery_digest, delivery_ordinal, personal)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        ),
        decision as (
            insert into decisions (org_id, session_id, outcome, score, reasons, missing, shadow, policy_name,
                policy_version, policy_digest, features, decided_at)
            values ($1, $2, $22, $23, $24, $25, $26, $27, $28, $29, $30, $9)
        ),
        session as (
            insert into sessions (org_id, session_id, subject_id, status, stage, outcome, assurance, challenged,
                otp_required, hold, contact, created_at, expires_at, resolved_at)
            values ($1, $2, $7, $31, $32, $33, $34, $35, $36, $37, $38, $9, $39, $40)
        ),
        token as (
            insert into decision_tokens (org_id, token_id, session_id, kid, claims, issued_at, expires_at)
            select $1, $41::text, $2, $42, $43, $9, $44 where $41::text is not null
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
        event.device.id,
        event.device.country,
        amount.map(|amount| amount.value),
        amount.map(|amount| amount.currency.as_str()),
        event.action.destination.as_ref().map(|destination| destination.id.as_str()),
        event.event_type.category().is_sensitive() || event.changes_contact(),
        event.changes_contact(),
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
        serde_json::to_value(record.history).unwrap_or_default(),
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
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
