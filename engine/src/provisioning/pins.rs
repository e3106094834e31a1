//! Sources that stay with one version of their connector, whatever becomes live.

use serde::Serialize;
use serde_json::json;

use super::ProvisioningError;
use super::connectors::{one, several, whole};
use crate::Engine;
use crate::audit::{Actor, action};
use crate::journal::Journal;
use crate::store::connectors::NewVersion;
use crate::store::{self, Scope, Tx};

/// What a source stays with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pinned {
    /// `src_...`.
    pub source_id: String,
    /// Its connector.
    pub connector: String,
    /// The version, by its whole digest; `None` where it follows the channel.
    pub connector_digest: Option<String>,
}

impl Engine {
    /// Has a source stay with a version, whatever becomes live; without a digest it follows the channel again. `whose`
    /// says which organisation it has to be of, where that matters.
    ///
    /// `own` is the version that the program itself holds of the source's connector. It is kept like an installed one
    /// before a source stays with it, so that every node has it, and the next program as well.
    ///
    /// # Errors
    /// [`ProvisioningError::NotFound`] when there is no such source, [`ProvisioningError::Invalid`] when no version is
    /// called so.
    pub async fn pin_source(
        &self,
        (whose, source_id): (Option<&str>, &str),
        digest: Option<&str>,
        own: Option<NewVersion<'_>>,
        actor: &Actor,
    ) -> Result<Pinned, ProvisioningError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let source = store::sources::find(&mut tx, source_id).await?;
        let source = source.filter(|source| whose.is_none_or(|org_id| source.org_id == org_id));
        let source = source.ok_or(ProvisioningError::NotFound("source"))?;
        let (org_id, connector) = (source.org_id, source.connector);
        // nobody retires the version meanwhile
        store::connectors::queue(&mut tx, &connector).await?;
        let digest = match digest {
            Some(beginning) => Some(chosen(&mut tx, &connector, beginning, own, actor).await?),
            None => None,
        };
        store::connector_pins::put(&mut tx, &org_id, source_id, digest.as_deref()).await?;
        let mut journal = Journal::new(&org_id, None, tx.now().await?);
        let noted = json!({ "source_id": source_id, "connector": connector, "connector_digest": digest });
        journal.note(actor, action::SOURCE_CHANGED, noted);
        store::audit_entries::append(&mut tx, &org_id, journal.entries()).await?;
        tx.commit().await?;
        Ok(Pinned { source_id: source_id.to_owned(), connector, connector_digest: digest })
    }
}

/// The version whose digest begins so: an installed one, or the program's own, which is kept by that.
async fn chosen(
    tx: &mut Tx,
    connector: &str,
    beginning: &str,
    own: Option<NewVersion<'_>>,
    actor: &Actor,
) -> Result<String, ProvisioningError> {
    let named = whole(beginning)?;
    let own = own.filter(|own| own.connector_id == connector && own.digest.starts_with(&named));
    match (one(tx, connector, beginning).await, own) {
        (Ok(found), Some(own)) if found != own.digest => Err(several()),
        (Err(ProvisioningError::NotFound(_)), Some(own)) => {
            store::connectors::insert(tx, own, &actor.id).await?;
            Ok(own.digest.to_owned())
        }
        (Err(ProvisioningError::NotFound(_)), None) => Err(ProvisioningError::Invalid(format!(
            "no installed version of `{connector}` has a digest that begins so, and neither has the one that is part \
             of the program; one that was retired must be installed again"
        ))),
        (found, _) => found,
    }
}
