//! What people look at before they have deliveries read anew: how many there are, and what was sent.

use serde_json::json;

use super::{KeptRequest, REPLAY_MAX, open};
use crate::Engine;
use crate::audit::{Actor, action};
use crate::directory::Tenant;
use crate::journal::Journal;
use crate::store::deliveries::{DeliveryRow, Filter};
use crate::store::{self, Scope, StoreError};

impl Engine {
    /// How many deliveries [`Engine::replay_deliveries`] would choose: never more than [`REPLAY_MAX`].
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn replayable_deliveries(&self, org_id: &str, filter: &Filter) -> Result<i64, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let count = store::deliveries::replayable(&mut tx, org_id, filter, REPLAY_MAX).await?;
        tx.commit().await?;
        Ok(count)
    }

    /// One delivery with its request, for somebody to look at. It holds whatever the platform sent of a person, so the
    /// log says who looked before anything is shown.
    ///
    /// # Errors
    /// [`StoreError`] as it comes; then nothing may be shown.
    pub async fn show_delivery(
        &self,
        tenant: &Tenant,
        delivery_id: &str,
        actor: &Actor,
    ) -> Result<Option<(DeliveryRow, Option<KeptRequest>)>, StoreError> {
        let org_id = tenant.org.org_id.as_str();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let Some(row) = store::deliveries::find(&mut tx, org_id, delivery_id).await? else { return Ok(None) };
        let request = open(tenant, &row);
        if request.is_some() {
            let mut journal = Journal::new(org_id, None, tx.now().await?);
            let noted = json!({ "delivery_id": row.delivery_id, "source_id": row.source_id });
            journal.note(actor, action::DELIVERY_SHOWN, noted);
            store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        }
        tx.commit().await?;
        Ok(Some((row, request)))
    }
}
