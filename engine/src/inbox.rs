//! `Inbox`: every verified delivery as it came, sealed, and what became of it. What a connector failed on is tried
//! again; what it read once may be read anew.

mod arrival;
mod erasure;
mod quarantine;
mod reading;
mod request;
mod retry;
mod watch;

use serde_json::json;

use crate::Engine;
use crate::audit::{Actor, ActorType, action};
use crate::directory::Tenant;
use crate::journal::Journal;
use crate::review::Cursor;
use crate::store::deliveries::{DeliveryRow, Filter};
use crate::store::{self, Scope, StoreError};

pub use arrival::Arrival;
pub(crate) use erasure::Sought;
pub use quarantine::QuarantineNote;
pub use request::KeptRequest;
pub use retry::{DueDelivery, REPLAY_MAX, Settlement};
pub use watch::Silence;

/// What a delivery may have become: its events were screened or recorded; it was of no concern, or a handshake; the
/// connector would not read it; it waits for another try; every try failed.
pub const STATUSES: [&str; 6] = ["done", "ignored", "answered", "refused", "deferred", "failed"];

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
