//! Brands: set, changed and taken back, each time with its audit entry.

use serde_json::json;

use super::ProvisioningError;
use crate::Engine;
use crate::audit::{Actor, action};
use crate::brand::{Brand, Colours, Logo, Texts};
use crate::journal::Journal;
use crate::store::{self, Scope, StoreError, Tx};

impl Engine {
    /// How an organisation looks and speaks.
    ///
    /// # Errors
    /// [`ProvisioningError`].
    pub async fn brand(&self, org_id: &str) -> Result<Brand, ProvisioningError> {
        let mut tx = self.known(org_id).await?;
        let brand = store::brands::find(&mut tx, org_id).await?;
        tx.commit().await?;
        Ok(brand)
    }

    /// Sets colours and the language of the organisation's own words.
    ///
    /// # Errors
    /// [`ProvisioningError`].
    pub async fn paint(
        &self,
        org_id: &str,
        default_language: &str,
        colours: Option<Colours>,
        actor: &Actor,
    ) -> Result<(), ProvisioningError> {
        let mut tx = self.known(org_id).await?;
        store::brands::put_look(&mut tx, org_id, default_language, colours, &actor.id).await?;
        let noted = json!({ "brand": "look", "default_language": default_language, "colours": colours });
        told(tx, org_id, actor, noted).await
    }

    /// Shows a logo in place of the one before, or none.
    ///
    /// # Errors
    /// [`ProvisioningError`].
    pub async fn show_logo(
        &self,
        org_id: &str,
        logo: Option<&Logo>,
        actor: &Actor,
    ) -> Result<(), ProvisioningError> {
        let mut tx = self.known(org_id).await?;
        if let Some(logo) = logo {
            store::brands::keep_logo(&mut tx, org_id, logo).await?;
        }
        let digest = logo.map(|logo| logo.digest.as_str());
        store::brands::put_logo(&mut tx, org_id, digest, &actor.id).await?;
        told(tx, org_id, actor, json!({ "brand": "logo", "digest": digest })).await
    }

    /// Sets what the organisation says in one language.
    ///
    /// # Errors
    /// [`ProvisioningError`].
    pub async fn say_in(
        &self,
        org_id: &str,
        language: &str,
        texts: &Texts,
        actor: &Actor,
    ) -> Result<(), ProvisioningError> {
        texts.check()?;
        let mut tx = self.known(org_id).await?;
        store::brands::put_texts(&mut tx, org_id, language, texts).await?;
        told(tx, org_id, actor, json!({ "brand": "texts", "language": language, "texts": texts })).await
    }

    /// Takes back what the organisation says in one language.
    ///
    /// # Errors
    /// [`ProvisioningError::NotFound`] when it says nothing in it.
    pub async fn unsay_in(
        &self,
        org_id: &str,
        language: &str,
        actor: &Actor,
    ) -> Result<(), ProvisioningError> {
        let mut tx = self.known(org_id).await?;
        if !store::brands::remove_texts(&mut tx, org_id, language).await? {
            return Err(ProvisioningError::NotFound("text in this language"));
        }
        told(tx, org_id, actor, json!({ "brand": "texts", "language": language, "texts": null })).await
    }

    /// A logo by its digest, for whoever is shown the page that names it.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn logo(&self, digest: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let logo = store::brands::logo(&mut tx, digest).await?;
        tx.commit().await?;
        Ok(logo)
    }

    /// A transaction of an organisation that there is.
    async fn known(&self, org_id: &str) -> Result<Tx, ProvisioningError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        store::orgs::find(&mut tx, org_id).await?.ok_or(ProvisioningError::NotFound("organisation"))?;
        Ok(tx)
    }
}

async fn told(
    mut tx: Tx,
    org_id: &str,
    actor: &Actor,
    noted: serde_json::Value,
) -> Result<(), ProvisioningError> {
    let mut journal = Journal::new(org_id, None, tx.now().await?);
    journal.note(actor, action::ORG_CHANGED, noted);
    store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
    Ok(tx.commit().await?)
}
