//! Sessions whose time ran out: told once, so that the log and later scores know.

use serde_json::json;

use crate::Engine;
use crate::audit::action;
use crate::journal::{Journal, engine_actor};
use crate::session::Stage;
use crate::store::sessions::Move;
use crate::store::{self, Scope, StoreError};

/// How many sessions one round takes.
const BATCH: i64 = 200;

impl Engine {
    /// Ends the sessions that are due; how far each had come is returned. Run it every few seconds on any number of
    /// nodes.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn expire_due(&self) -> Result<Vec<Stage>, StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let due = store::sessions::due(&mut tx, BATCH).await?;
        let now = tx.now().await?;
        for (org_id, session_id, stage) in &due {
            let step = Move {
                org_id,
                session_id,
                from: *stage,
                to: Stage::Expired,
                intent: None,
                assurance: None,
                binding_hash: None,
                variant: None,
                reviewed_by: None,
            };
            store::sessions::advance(&mut tx, &step).await?;
            let mut journal = Journal::new(org_id, Some(session_id), now);
            // looking at the page leaves no trace, so whether an open question was ever seen is not known: the stage
            // tells it apart from a code that was asked for and not given
            let left = json!({ "stage": stage.as_str() });
            journal.note(&engine_actor(), action::SESSION_ABANDONED, left.clone());
            journal.note(&engine_actor(), action::SESSION_EXPIRED, left);
            store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        }
        store::rate_limits::forget(&mut tx).await?;
        tx.commit().await?;
        Ok(due.into_iter().map(|(_, _, stage)| stage).collect())
    }
}
