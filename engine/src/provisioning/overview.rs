//! The sources of an organisation at one look: when each spoke last, and which of its secrets still prove anything.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::Engine;
use crate::store::sources::{SecretUse, SourceRow};
use crate::store::{self, Scope, StoreError};

/// One source with what came of it.
#[derive(Debug, Clone)]
pub struct SourceOverview {
    /// The source.
    pub source: SourceRow,
    /// When something new came from it last.
    pub last_delivery_at: Option<DateTime<Utc>>,
    /// Its secrets that are good now, newest first.
    pub secrets: Vec<SecretUse>,
}

/// All sources of an organisation.
#[derive(Debug, Clone)]
pub struct SourcesOverview {
    /// For how many days requests of its deliveries are kept.
    pub delivery_days: i32,
    /// Oldest first.
    pub sources: Vec<SourceOverview>,
}

impl Engine {
    /// The sources of an organisation with what came of them.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn sources_overview(&self, org_id: &str) -> Result<SourcesOverview, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let delivery_days = store::orgs::delivery_days(&mut tx, org_id).await?;
        let sources = store::sources::list(&mut tx, org_id).await?;
        let mut last = store::sources::last_deliveries(&mut tx, org_id).await?;
        let mut secrets: HashMap<String, Vec<SecretUse>> = HashMap::new();
        for secret in store::sources::secret_uses(&mut tx, org_id, None).await? {
            secrets.entry(secret.source_id.clone()).or_default().push(secret);
        }
        tx.commit().await?;
        let sources = sources.into_iter().map(|source| SourceOverview {
            last_delivery_at: last.remove(&source.source_id),
            secrets: secrets.remove(&source.source_id).unwrap_or_default(),
            source,
        });
        Ok(SourcesOverview { delivery_days, sources: sources.collect() })
    }
}
