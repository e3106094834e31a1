//! What waits to be carried: messages to send. The host carries, this remembers.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;

use crate::Engine;
use crate::audit::{Actor, ActorType, action};
use crate::brand::Brand;
use crate::journal::Journal;
use crate::org::Org;
use crate::outbox::{Channel, Kind, Payload};
use crate::store::{self, Scope, StoreError};
use crate::verification::VerificationError;

/// Tries before a message is given up: with the pauses of [`retry_pause`] about an hour, past which no code or
/// link of a challenge is worth sending.
const MESSAGE_TRIES: i32 = 8;
/// How long a provider of text messages may take for one try.
pub const TEXT_TRY: Duration = Duration::from_secs(4);
/// Tries before a text message is given up where a code can go another way.
const TEXT_TRIES: i32 = 4;
/// Seconds between them.
const TEXT_PAUSE: f64 = 1.0;
/// After so long no further try begins: with the pause, two seconds until a worker looks, and one try that gets no
/// answer, the code goes another way within a quarter of a minute.
const TEXT_PATIENCE: TimeDelta = TimeDelta::seconds(7);
/// A text message whose turn comes only now was overtaken: so many others wait for a silent provider. Its code goes
/// another way without a try.
const TEXT_OVERTAKEN: TimeDelta = TimeDelta::seconds(11);
/// How long a worker has for one message before another may take it.
const MESSAGE_LEASE_SECONDS: i32 = 60;

/// A message that is due.
#[derive(Debug)]
pub struct DueMessage {
    /// `msg_...`.
    pub message_id: String,
    /// Whose words it is sent in.
    pub org: Org,
    /// How it looks, and what it says in other languages.
    pub brand: Brand,
    /// Which session it belongs to.
    pub session_id: Option<String>,
    /// What it is about.
    pub kind: Kind,
    /// How it travels.
    pub channel: Channel,
    /// What it says.
    pub payload: Payload,
    /// How often it was tried, this time included.
    pub tries: i32,
    /// It carries a code by text message, and the organisation has another way after it: it is not waited for long.
    pub hurried: bool,
    /// Its turn came too late: it is given up without a try.
    pub overtaken: bool,
}

impl Engine {
    /// Takes messages that are due; each must be answered with [`Engine::message_sent`] or
    /// [`Engine::message_failed`], or comes again by itself.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn due_messages(&self, limit: i64) -> Result<Vec<DueMessage>, StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let rows = store::outbox::lease(&mut tx, limit, MESSAGE_LEASE_SECONDS).await?;
        let now = tx.now().await?;
        tx.commit().await?;
        let mut due = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(tenant) = self.directory.tenant(&row.org_id).await? else { continue };
            let sealed = row.payload.as_deref().unwrap_or_default();
            let payload = Payload::open(&tenant.vault, &row.message_id, sealed);
            let channel = Channel::parse(&row.channel);
            let (Some(kind), Some(channel), Some(payload)) = (Kind::parse(&row.kind), channel, payload)
            else {
                self.give_up(&row.org_id, &row.message_id, "the message does not read back").await?;
                continue;
            };
            let hurried = kind == Kind::Code && channel == Channel::Sms && tenant.reach.follows(channel);
            due.push(DueMessage {
                hurried,
                overtaken: hurried && now - payload.created_at > TEXT_OVERTAKEN,
                message_id: row.message_id,
                org: tenant.org.clone(),
                brand: tenant.brand.clone(),
                session_id: row.session_id,
                kind,
                channel,
                payload,
                tries: row.tries,
            });
        }
        Ok(due)
    }

    /// The message went out: its content is wiped, and the log says so. `provider_id` is what the provider of text
    /// messages calls it.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn message_sent(
        &self,
        message: &DueMessage,
        provider_id: Option<&str>,
    ) -> Result<(), StoreError> {
        let org_id = message.org.org_id.as_str();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        store::outbox::sent(&mut tx, org_id, &message.message_id, provider_id).await?;
        let mut journal = Journal::new(org_id, message.session_id.as_deref(), tx.now().await?);
        let noted = json!({ "message_id": message.message_id, "kind": message.kind.as_str() });
        let action = match message.channel {
            Channel::Email => action::EMAIL_DELIVERED,
            Channel::Sms => action::SMS_SENT,
        };
        journal.note(&mailer(), action, noted);
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await
    }

    /// The message did not go out. It is tried again, unless `permanent` or too old, and then given up.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn message_failed(
        &self,
        message: &DueMessage,
        error: &str,
        permanent: bool,
    ) -> Result<(), StoreError> {
        let org_id = message.org.org_id.as_str();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let now = tx.now().await?;
        let waited = now - message.payload.created_at;
        let pause = next_try(message.hurried, message.tries, waited);
        let pause = pause.filter(|_| !permanent && message.payload.expires_at > now);
        let over = pause.is_none();
        store::outbox::failed(&mut tx, org_id, &message.message_id, error, pause).await?;
        if over {
            let mut journal = Journal::new(org_id, message.session_id.as_deref(), now);
            let noted = json!({ "message_id": message.message_id, "error": error });
            let action = match message.channel {
                Channel::Email => action::EMAIL_FAILED,
                Channel::Sms => action::SMS_FAILED,
            };
            journal.note(&mailer(), action, noted);
            store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        }
        tx.commit().await?;
        let carried = message.session_id.as_deref().filter(|_| over && message.kind == Kind::Code);
        let Some(session_id) = carried else { return Ok(()) };
        let reader = &message.payload.reader;
        match self.fall_back(session_id, &message.message_id, message.channel, reader).await {
            Err(VerificationError::Store(error)) => Err(error),
            _ => Ok(()),
        }
    }

    async fn give_up(&self, org_id: &str, message_id: &str, error: &str) -> Result<(), StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        store::outbox::failed(&mut tx, org_id, message_id, error, None).await?;
        tx.commit().await
    }
}

/// Seconds before a message is tried again; `None` when it is given up.
fn next_try(hurried: bool, tries: i32, waited: TimeDelta) -> Option<f64> {
    if hurried {
        return (tries < TEXT_TRIES && waited <= TEXT_PATIENCE).then_some(TEXT_PAUSE);
    }
    (tries < MESSAGE_TRIES).then(|| retry_pause(tries))
}

/// Seconds before the next try: 2, 4, 8, ... up to an hour.
pub(crate) fn retry_pause(tries: i32) -> f64 {
    2_f64.powi(tries.clamp(1, 12)).min(3600.0)
}

/// Who the log says has carried a message.
pub(crate) fn mailer() -> Actor {
    Actor { actor_type: ActorType::System, id: "mailer".to_owned() }
}

#[cfg(test)]
mod tests;
