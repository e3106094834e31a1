//! What is worth a look: an id that was given to two bodies, and a source that fell silent. And what is forgotten.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::Engine;
use crate::audit::action;
use crate::journal::{Journal, engine_actor};
use crate::store::deliveries::DeliveryRow;
use crate::store::{self, Scope, StoreError};

/// A source that nothing came from for longer than its operator expects.
#[derive(Debug, Clone)]
pub struct Silence {
    /// Whose.
    pub org_id: String,
    /// Which source.
    pub source_id: String,
    /// Which connector reads it.
    pub connector: String,
    /// When something came last, or when the source was made.
    pub since: DateTime<Utc>,
    /// False when something came again.
    pub silent: bool,
}

impl Engine {
    /// Takes the deliveries whose id the platform had given to another body before, and tells the log.
    ///
    /// # Errors
    /// [`StoreError`] as it comes; then they are taken the next time.
    pub async fn delivery_conflicts(&self) -> Result<Vec<DeliveryRow>, StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let rows = store::deliveries::take_conflicts(&mut tx).await?;
        let now = tx.now().await?;
        for row in &rows {
            let mut journal = Journal::new(&row.org_id, None, now);
            let noted = json!({ "delivery_id": row.delivery_id, "source_id": row.source_id });
            journal.note(&engine_actor(), action::DELIVERY_CONFLICT, noted);
            store::audit_entries::append(&mut tx, &row.org_id, journal.entries()).await?;
        }
        tx.commit().await?;
        Ok(rows)
    }

    /// Looks for sources that fell silent or speak again, and tells the log.
    ///
    /// # Errors
    /// [`StoreError`] as it comes; then they are found the next time.
    pub async fn silences(&self) -> Result<Vec<Silence>, StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let changed = store::sources::note_silence(&mut tx).await?;
        let now = tx.now().await?;
        for silence in &changed {
            let mut journal = Journal::new(&silence.org_id, None, now);
            let action = if silence.silent { action::SOURCE_SILENT } else { action::SOURCE_SPEAKS };
            let noted = json!({ "source_id": silence.source_id, "since": silence.since });
            journal.note(&engine_actor(), action, noted);
            store::audit_entries::append(&mut tx, &silence.org_id, journal.entries()).await?;
        }
        tx.commit().await?;
        Ok(changed)
    }

    /// Wipes requests that are kept no longer and forgets old deliveries. True where there may be more.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn forget_deliveries(&self) -> Result<bool, StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let touched = store::deliveries::forget(&mut tx).await?;
        tx.commit().await?;
        Ok(touched > 0)
    }
}
