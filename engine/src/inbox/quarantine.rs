//! A connector that kept failing, and what waited for it.

use serde_json::json;

use crate::Engine;
use crate::audit::action;
use crate::journal::{Journal, engine_actor};
use crate::store::{self, Scope, StoreError};

/// A quarantine that began or ended, as its log tells it.
#[derive(Debug, Clone, Copy)]
pub struct QuarantineNote<'a> {
    /// Id of the connector.
    pub connector: &'a str,
    /// Its version.
    pub version: &'a str,
    /// `sha256:` and the digest of its component.
    pub digest: &'a str,
    /// Failures until then.
    pub failures: u32,
    /// The last of them, in one word.
    pub fault: &'a str,
    /// False when it ended.
    pub quarantined: bool,
}

impl Engine {
    /// Tells the log of every organisation with a source of that connector. Nodes find out each for themselves, so
    /// there may be an entry from each.
    ///
    /// # Errors
    /// [`StoreError`] as it comes; then nobody was told.
    pub async fn note_quarantine(&self, note: QuarantineNote<'_>) -> Result<(), StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let now = tx.now().await?;
        let action =
            if note.quarantined { action::CONNECTOR_QUARANTINED } else { action::CONNECTOR_RECOVERED };
        for org_id in store::sources::owners(&mut tx, note.connector).await? {
            let mut journal = Journal::new(&org_id, None, now);
            let noted = json!({ "connector": note.connector, "version": note.version, "digest": note.digest,
                "failures": note.failures, "fault": note.fault });
            journal.note(&engine_actor(), action, noted);
            store::audit_entries::append(&mut tx, &org_id, journal.entries()).await?;
        }
        tx.commit().await
    }

    /// Has every delivery that waits for a connector tried at once, since it is healthy again; with `digest`, only
    /// those that failed under another component than that. How many is returned.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn release_deliveries(&self, connector: &str, digest: Option<&str>) -> Result<u64, StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let released = store::deliveries::release(&mut tx, connector, digest).await?;
        tx.commit().await?;
        Ok(released)
    }
}
