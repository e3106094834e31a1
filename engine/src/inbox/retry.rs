//! What a connector failed on, tried again; and what it read once, read anew.

use std::time::Duration;

use serde_json::json;

use super::{Ended, KeptRequest, open};
use crate::Engine;
use crate::audit::{Actor, action};
use crate::dispatch::retry_pause;
use crate::journal::{Journal, engine_actor};
use crate::store::deliveries::{DeliveryRow, Filter};
use crate::store::{self, Scope, StoreError};

/// Tries before a delivery waits for a person: with the pauses of [`retry_pause`] about two days.
const TRIES: i32 = 60;
/// How long a worker has for one delivery before another may take it.
const LEASE_SECONDS: f64 = 60.0;
/// Deliveries that one call replays at most.
pub const REPLAY_MAX: i64 = 10_000;

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
