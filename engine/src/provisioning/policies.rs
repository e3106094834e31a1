//! Policies: published as the next version of their name.

use serde_json::json;

use super::ProvisioningError;
use crate::Engine;
use crate::audit::{Actor, action};
use crate::journal::Journal;
use crate::policy::Policy;
use crate::rule::RuleSet;
use crate::store::policies::PolicyRow;
use crate::store::{self, Scope, StoreError};

impl Engine {
    /// Publishes a policy: the next version of its name, live from the next event on.
    ///
    /// # Errors
    /// [`ProvisioningError::Invalid`] naming what is wrong with the document.
    pub async fn publish_policy(
        &self,
        org_id: &str,
        name: &str,
        document: &str,
        actor: &Actor,
    ) -> Result<PolicyRow, ProvisioningError> {
        let policy = read_policy(name, document)?;
        let document = serde_json::to_value(&policy).or(Err(StoreError::Corrupt("policy")))?;
        let digest = policy.digest();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let version = store::policies::publish(&mut tx, org_id, name, &digest, &document, &actor.id).await?;
        let now = tx.now().await?;
        let mut journal = Journal::new(org_id, None, now);
        let noted = json!({ "policy": name, "version": version, "policy_digest": digest });
        journal.note(actor, action::POLICY_PUBLISHED, noted);
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await?;
        let author = actor.id.clone();
        Ok(PolicyRow {
            name: name.to_owned(),
            version,
            digest,
            document,
            author,
            live: true,
            created_at: now,
        })
    }

    /// All policy versions of an organisation, newest first.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn policies(&self, org_id: &str) -> Result<Vec<PolicyRow>, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let rows = store::policies::list(&mut tx, org_id).await?;
        tx.commit().await?;
        Ok(rows)
    }
}

/// A document under the name in its address, which is read by the same rule as a name in a document.
fn read_policy(name: &str, document: &str) -> Result<Policy, ProvisioningError> {
    let invalid = |error: &dyn std::fmt::Display| ProvisioningError::Invalid(error.to_string());
    let mut written: serde_json::Map<String, serde_json::Value> =
        crate::problem::from_json(document.as_bytes()).map_err(|error| invalid(&error))?;
    written.insert("name".to_owned(), name.into());
    let policy = Policy::from_json(&serde_json::Value::Object(written).to_string())
        .map_err(|error| invalid(&error))?;
    // a rule that cannot be judged is refused here, before it is anybody's policy
    RuleSet::compile(&policy.rules).map_err(|error| invalid(&error))?;
    Ok(policy)
}
