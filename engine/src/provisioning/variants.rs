//! Which wordings take part for whoever breaks off contact.

use serde_json::json;

use super::ProvisioningError;
use crate::Engine;
use crate::audit::{Actor, action};
use crate::journal::Journal;
use crate::store::{self, Scope};
use crate::variant::Variants;

impl Engine {
    /// The wordings of an organisation that take part.
    ///
    /// # Errors
    /// [`ProvisioningError::NotFound`].
    pub async fn variants(&self, org_id: &str) -> Result<Variants, ProvisioningError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let variants = store::orgs::variants(&mut tx, org_id).await?;
        tx.commit().await?;
        variants.ok_or(ProvisioningError::NotFound("organisation"))
    }

    /// Says which take part from now on. What was chosen for a session before stays.
    ///
    /// # Errors
    /// [`ProvisioningError`].
    pub async fn set_variants(
        &self,
        org_id: &str,
        variants: Variants,
        actor: &Actor,
    ) -> Result<Variants, ProvisioningError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        if !store::orgs::set_variants(&mut tx, org_id, &variants).await? {
            return Err(ProvisioningError::NotFound("organisation"));
        }
        let mut journal = Journal::new(org_id, None, tx.now().await?);
        let noted = json!({ "break_contact_variants": variants.names() });
        journal.note(actor, action::ORG_CHANGED, noted);
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await?;
        Ok(variants)
    }
}
