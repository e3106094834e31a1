//! `Inbox`: every verified delivery as it came, sealed, and what became of it. What a connector failed on is tried
//! again; what it read once may be read anew.

mod quarantine;
mod request;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::Engine;
use crate::audit::{Actor, ActorType, action};
use crate::directory::{Source, Tenant};
use crate::dispatch::retry_pause;
use crate::journal::{Journal, engine_actor};
use crate::review::Cursor;
use crate::store::deliveries::{DeliveryRow, Filter, NewDelivery};
use crate::store::{self, Scope, StoreError};

pub use quarantine::QuarantineNote;
pub use request::KeptRequest;
pub use watch::Silence;

/// Tries before a delivery waits for a person: with the pauses of [`retry_pause`] about two days.
const TRIES: i32 = 60;
/// How long a worker has for one delivery before another may take it.
const LEASE_SECONDS: f64 = 60.0;
/// Deliveries that one call replays at most.
pub const REPLAY_MAX: i64 = 10_000;

/// What a delivery may have become: its events were screened or recorded; it was of no concern, or a handshake; the
/// connector would not read it; it waits for another try; every try failed.
pub const STATUSES: [&str; 6] = ["done", "ignored", "answered", "refused", "deferred", "failed"];

/// A verified delivery on its way into the inbox.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// `dlv_...`.
    pub delivery_id: String,
    /// Its source.
    pub source: Arc<Source>,
    /// The platform's own id of it.
    pub provider_id: Option<String>,
    /// Digest of the connector that read it.
    pub connector_digest: Option<String>,
    /// Which of the source's secrets matched.
    pub secret_id: Option<String>,
    /// Digest of the body.
    pub body_digest: [u8; 32],
    /// It says something else than an earlier one of the same id.
    pub conflict: bool,
    /// The request, sealed for the source and the body; `None` where the organisation keeps none.
    sealed: Option<Vec<u8>>,
}

impl Arrival {
    /// Seals a request that was just verified.
    #[must_use]
    pub fn new(delivery_id: &str, source: &Arc<Source>, request: &KeptRequest) -> Self {
        let body_digest: [u8; 32] = Sha256::digest(&request.body).into();
        // sealed for the source and the body, not for the id: the id may turn out to be an earlier one
        let sealed = source.tenant.vault.seal(
            &context(&source.source_id, &body_digest),
            &request.write(),
            &mut rand::rng(),
        );
        Self {
            delivery_id: delivery_id.to_owned(),
            source: Arc::clone(source),
            provider_id: None,
            connector_digest: None,
            secret_id: None,
            body_digest,
            conflict: false,
            sealed: Some(sealed),
        }
    }

    /// Keeps nothing of what was sent: a request to erase somebody names them.
    #[must_use]
    pub fn without_request(mut self) -> Self {
        self.sealed = None;
        self
    }

    pub(crate) fn row<'a>(&'a self, status: &'a str, note: Option<&'a str>) -> NewDelivery<'a> {
        NewDelivery {
            org_id: &self.source.tenant.org.org_id,
            delivery_id: &self.delivery_id,
            source_id: &self.source.source_id,
            connector: &self.source.connector,
            connector_digest: self.connector_digest.as_deref(),
            provider_id: self.provider_id.as_deref(),
            secret_id: self.secret_id.as_deref(),
            request: self.sealed.as_deref(),
            body_digest: &self.body_digest,
            status,
            conflict: self.conflict,
            last_error: note,
            first_try_seconds: retry_pause(1),
        }
    }
}

/// What became of a delivery without events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Of no concern.
    Ignored,
    /// A handshake.
    Answered,
    /// The connector will not read it.
    Refused,
    /// The connector failed; it is tried again.
    Deferred,
}

impl Ended {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ignored => "ignored",
            Self::Answered => "answered",
            Self::Refused => "refused",
            Self::Deferred => "deferred",
        }
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
    /// The connector has no use for it.
    Ended(Ended),
    /// The connector failed again.
    Again(String),
    /// The connector is left alone and was not asked, so this was no try; it comes again after this time.
    Held(Duration),
    /// The connector said no: trying again will not help.
    Refused(String),
}

impl Engine {
    /// Keeps a delivery without events. The id under which it is kept is returned.
    ///
    /// # Errors
    /// [`StoreError`] as it comes; then nothing is kept, and the sender must be told so.
    pub async fn keep_delivery(
        &self,
        arrival: &Arrival,
        ended: Ended,
        note: Option<&str>,
    ) -> Result<String, StoreError> {
        let org_id = arrival.source.tenant.org.org_id.as_str();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let row = arrival.row(ended.as_str(), note);
        let kept = store::deliveries::keep(&mut tx, &row).await?;
        if ended == Ended::Deferred {
            let mut journal = Journal::new(org_id, None, tx.now().await?);
            let actor = Actor { actor_type: ActorType::Connector, id: arrival.source.connector.clone() };
            let noted = json!({ "delivery_id": kept, "source_id": arrival.source.source_id, "fault": note });
            journal.note(&actor, action::DELIVERY_DEFERRED, noted);
            store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        }
        tx.commit().await?;
        Ok(kept)
    }

    /// Takes deliveries that are due; each must be answered with [`Engine::settle_delivery`], or comes again.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn due_deliveries(&self, limit: i64) -> Result<Vec<DueDelivery>, StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let rows = store::deliveries::lease(&mut tx, limit, LEASE_SECONDS).await?;
        tx.commit().await?;
        let mut due = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(tenant) = self.directory.tenant(&row.org_id).await? else { continue };
            if let Some(request) = open(&tenant, &row) {
                due.push(DueDelivery { row, request });
            } else {
                let refused = Settlement::Refused("the request does not read back".to_owned());
                self.settle_delivery(&row, &refused).await?;
            }
        }
        Ok(due)
    }

    /// Says how a try of a delivery ended; `row.connector_digest` names what read it.
    ///
    /// # Errors
    /// [`StoreError`] as it comes; then the delivery comes again.
    pub async fn settle_delivery(&self, row: &DeliveryRow, end: &Settlement) -> Result<(), StoreError> {
        let mut tx = self.store.begin(Scope::Org(&row.org_id)).await?;
        let (status, error) = match end {
            Settlement::Done => ("done", None),
            Settlement::Ended(ended) => (ended.as_str(), None),
            Settlement::Again(error) if row.tries < TRIES => ("deferred", Some(error.as_str())),
            Settlement::Again(error) | Settlement::Refused(error) => ("failed", Some(error.as_str())),
            Settlement::Held(wait) => {
                store::deliveries::hold(&mut tx, row, wait.as_secs_f64()).await?;
                return tx.commit().await;
            }
        };
        store::deliveries::settle(&mut tx, row, status, error, retry_pause(row.tries)).await?;
        if status != "deferred" {
            let mut journal = Journal::new(&row.org_id, None, tx.now().await?);
            let noted = json!({ "delivery_id": row.delivery_id, "status": status, "tries": row.tries });
            journal.note(&engine_actor(), action::DELIVERY_REPLAYED, noted);
            store::audit_entries::append(&mut tx, &row.org_id, journal.entries()).await?;
        }
        tx.commit().await
    }

    /// A page of an organisation's deliveries, newest first, without their requests.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn deliveries(
        &self,
        org_id: &str,
        filter: &Filter,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let before = after.as_ref().map(|cursor| (cursor.time, cursor.id.as_str()));
        let rows = store::deliveries::page(&mut tx, org_id, filter, before, limit).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// One delivery, and its request where it is still kept.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn delivery(
        &self,
        tenant: &Tenant,
        delivery_id: &str,
    ) -> Result<Option<(DeliveryRow, Option<KeptRequest>)>, StoreError> {
        let org_id = tenant.org.org_id.as_str();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let row = store::deliveries::find(&mut tx, org_id, delivery_id).await?;
        tx.commit().await?;
        Ok(row.map(|row| {
            let request = open(tenant, &row);
            (row, request)
        }))
    }

    /// Has the workers read deliveries anew with the connectors of now, at most [`REPLAY_MAX`] of them, oldest first.
    /// Events that were screened stay as they are: only what is new of a delivery is screened. How many is returned.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn replay_deliveries(
        &self,
        org_id: &str,
        ids: Option<&[String]>,
        filter: &Filter,
        actor: &Actor,
    ) -> Result<u64, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let chosen = store::deliveries::replay(&mut tx, org_id, ids, filter, REPLAY_MAX).await?;
        if chosen > 0 {
            let mut journal = Journal::new(org_id, None, tx.now().await?);
            let noted = json!({ "deliveries": chosen, "ids": ids.map(|ids| ids.iter().take(20).collect::<Vec<_>>()),
                "source_id": filter.source_id, "status": filter.status, "since": filter.since, "until": filter.until });
            journal.note(actor, action::DELIVERIES_CHOSEN, noted);
            store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        }
        tx.commit().await?;
        Ok(chosen)
    }
}

/// The request of a delivery, where it is kept and reads back.
fn open(tenant: &Tenant, row: &DeliveryRow) -> Option<KeptRequest> {
    let sealed = row.request.as_deref()?;
    let plain = tenant.vault.open(&context(&row.source_id, &row.body_digest), sealed).ok()?;
    KeptRequest::read(&plain)
}

/// What a kept request is sealed for.
fn context(source_id: &str, body_digest: &[u8]) -> String {
    format!("delivery/{source_id}/{}", data_encoding::HEXLOWER.encode(body_digest))
}
