//! What waits to be carried: messages to send, deliveries to try again. The host carries, this remembers.

use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::Engine;
use crate::audit::{Actor, ActorType, action};
use crate::directory::Source;
use crate::id::random_id;
use crate::journal::{Journal, engine_actor};
use crate::org::Org;
use crate::outbox::{Kind, Payload};
use crate::store::deliveries::DeliveryRow;
use crate::store::{self, Scope, StoreError};

/// Tries before a message is given up: with the pauses of [`retry_pause`] about an hour, past which no code or
/// link of a challenge is worth sending.
const MESSAGE_TRIES: i32 = 8;
/// How long a worker has for one message before another may take it.
const MESSAGE_LEASE_SECONDS: i32 = 60;
/// Tries before a delivery waits for a person: with the pauses of [`retry_pause`] about two days.
const DELIVERY_TRIES: i32 = 60;
/// How long a worker has for one delivery before another may take it.
const DELIVERY_LEASE_SECONDS: f64 = 60.0;

/// A message that is due.
#[derive(Debug)]
pub struct DueMessage {
    /// `msg_...`.
    pub message_id: String,
    /// Whose words it is sent in.
    pub org: Org,
    /// Which session it belongs to.
    pub session_id: Option<String>,
    /// What it is about.
    pub kind: Kind,
    /// What it says.
    pub payload: Payload,
    /// How often it was tried, this time included.
    pub tries: i32,
}

/// A webhook request as it is kept, sealed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptRequest {
    /// Header names and values.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The query string.
    pub query: String,
    /// The body.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for KeptRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptRequest").field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

/// A delivery that is due.
#[derive(Debug)]
pub struct DueDelivery {
    /// Its row; the sealed request is opened in `request`.
    pub row: DeliveryRow,
    /// The request as it came.
    pub request: KeptRequest,
}

/// How a try of a delivery ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// The connector made sense of it, and all its events are screened.
    Done,
    /// The connector failed again.
    Again(String),
    /// The connector said no: trying again will not help.
    Refused(String),
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
        tx.commit().await?;
        let mut due = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(tenant) = self.directory.tenant(&row.org_id).await? else { continue };
            let sealed = row.payload.as_deref().unwrap_or_default();
            let payload = Payload::open(&tenant.vault, &row.message_id, sealed);
            let (Some(kind), Some(payload)) = (Kind::parse(&row.kind), payload) else {
                self.give_up(&row.org_id, &row.message_id, "the message does not read back").await?;
                continue;
            };
            due.push(DueMessage {
                message_id: row.message_id,
                org: tenant.org.clone(),
                session_id: row.session_id,
                kind,
                payload,
                tries: row.tries,
            });
        }
        Ok(due)
    }

    /// The message went out: its content is wiped, and the log says so.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn message_sent(&self, message: &DueMessage) -> Result<(), StoreError> {
        let org_id = message.org.org_id.as_str();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        store::outbox::sent(&mut tx, org_id, &message.message_id).await?;
        let mut journal = Journal::new(org_id, message.session_id.as_deref(), tx.now().await?);
        let noted = json!({ "message_id": message.message_id, "kind": message.kind.as_str() });
        journal.note(&mailer(), action::EMAIL_DELIVERED, noted);
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
        let over = permanent || message.tries >= MESSAGE_TRIES || message.payload.expires_at <= now;
        let pause = (!over).then(|| retry_pause(message.tries));
        store::outbox::failed(&mut tx, org_id, &message.message_id, error, pause).await?;
        if over {
            let mut journal = Journal::new(org_id, message.session_id.as_deref(), now);
            let noted = json!({ "message_id": message.message_id, "error": error });
            journal.note(&mailer(), action::EMAIL_FAILED, noted);
            store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        }
        tx.commit().await
    }

    async fn give_up(&self, org_id: &str, message_id: &str, error: &str) -> Result<(), StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        store::outbox::failed(&mut tx, org_id, message_id, error, None).await?;
        tx.commit().await
    }

    /// Keeps a verified delivery whose connector failed. The id under which it is kept is returned; the same
    /// body waiting already is not kept twice.
    ///
    /// # Errors
    /// [`StoreError`] as it comes; then nothing is kept, and the sender must be told so.
    pub async fn defer(
        &self,
        source: &Source,
        request: &KeptRequest,
        fault: &str,
    ) -> Result<String, StoreError> {
        let org_id = source.tenant.org.org_id.as_str();
        let delivery_id = random_id("dlv_", &mut rand::rng());
        let json = serde_json::to_vec(request).or(Err(StoreError::Corrupt("delivery")))?;
        let body_digest = Sha256::digest(&request.body).to_vec();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let now = tx.now().await?;
        let row = DeliveryRow {
            org_id: org_id.to_owned(),
            // sealed for the source and the body, not for the id: the id may turn out to be an earlier one
            request: Some(source.tenant.vault.seal(
                &context(&source.source_id, &body_digest),
                &json,
                &mut rand::rng(),
            )),
            delivery_id,
            source_id: source.source_id.clone(),
            connector: source.connector.clone(),
            body_digest,
            status: "deferred".to_owned(),
            tries: 0,
            received_at: now,
            last_error: Some(fault.to_owned()),
        };
        let kept = store::deliveries::defer(&mut tx, &row, retry_pause(1)).await?;
        let mut journal = Journal::new(org_id, None, now);
        let actor = Actor { actor_type: ActorType::Connector, id: source.connector.clone() };
        let noted = json!({ "delivery_id": kept, "source_id": source.source_id, "fault": fault });
        journal.note(&actor, action::DELIVERY_DEFERRED, noted);
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await?;
        Ok(kept)
    }

    /// Takes deliveries that are due; each must be answered with [`Engine::settle_delivery`], or comes again.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn due_deliveries(&self, limit: i64) -> Result<Vec<DueDelivery>, StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let rows = store::deliveries::lease(&mut tx, limit, DELIVERY_LEASE_SECONDS).await?;
        tx.commit().await?;
        let mut due = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(tenant) = self.directory.tenant(&row.org_id).await? else { continue };
            let sealed = row.request.as_deref().unwrap_or_default();
            let plain = tenant.vault.open(&context(&row.source_id, &row.body_digest), sealed).ok();
            if let Some(request) = plain.and_then(|json| serde_json::from_slice(&json).ok()) {
                due.push(DueDelivery { row, request });
            } else {
                let refused = Settlement::Refused("the request does not read back".to_owned());
                self.settle_delivery(&row, &refused).await?;
            }
        }
        Ok(due)
    }

    /// Says how a try of a delivery ended.
    ///
    /// # Errors
    /// [`StoreError`] as it comes; then the delivery comes again.
    pub async fn settle_delivery(&self, row: &DeliveryRow, end: &Settlement) -> Result<(), StoreError> {
        let mut tx = self.store.begin(Scope::Org(&row.org_id)).await?;
        let (status, error) = match end {
            Settlement::Done => ("done", None),
            Settlement::Again(error) if row.tries < DELIVERY_TRIES => ("deferred", Some(error.as_str())),
            Settlement::Again(error) | Settlement::Refused(error) => ("failed", Some(error.as_str())),
        };
        store::deliveries::settle(
            &mut tx,
            &row.org_id,
            &row.delivery_id,
            status,
            error,
            retry_pause(row.tries),
        )
        .await?;
        if status != "deferred" {
            let mut journal = Journal::new(&row.org_id, None, tx.now().await?);
            let noted = json!({ "delivery_id": row.delivery_id, "status": status, "tries": row.tries });
            journal.note(&engine_actor(), action::DELIVERY_REPLAYED, noted);
            store::audit_entries::append(&mut tx, &row.org_id, journal.entries()).await?;
        }
        tx.commit().await
    }
}

/// Seconds before the next try: 2, 4, 8, ... up to an hour.
fn retry_pause(tries: i32) -> f64 {
    2_f64.powi(tries.clamp(1, 12)).min(3600.0)
}

fn mailer() -> Actor {
    Actor { actor_type: ActorType::System, id: "mailer".to_owned() }
}

/// What a kept request is sealed for.
fn context(source_id: &str, body_digest: &[u8]) -> String {
    format!("delivery/{source_id}/{}", data_encoding::HEXLOWER.encode(body_digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        for (tries, seconds) in [(1, 2.0), (2, 4.0), (3, 8.0), (11, 2048.0), (12, 3600.0), (99, 3600.0)] {
            assert!((retry_pause(tries) - seconds).abs() < f64::EPSILON, "{tries}");
        }
    }
}
