//! A source as it is shown: what it is, when it spoke last, and which of its secrets still prove anything.

use ase_engine::Engine;
use ase_engine::provisioning::SourceOverview;
use ase_engine::store::sources::SecretUse;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// A source without its secrets' values.
#[derive(Debug, Clone, Serialize)]
pub struct SourceView {
    /// `src_...`.
    pub source_id: String,
    /// Which connector reads it.
    pub connector: String,
    /// As operators know it.
    pub name: String,
    /// Where its webhooks go.
    pub url: String,
    /// The version of its connector that it stays with, whatever is live.
    pub connector_digest: Option<String>,
    /// After how many minutes without a delivery it is worth a look.
    pub silence_minutes: Option<i32>,
    /// When it spoke last, where that is too long ago.
    pub silent_since: Option<DateTime<Utc>>,
    /// When something new came from it last.
    pub last_delivery_at: Option<DateTime<Utc>>,
    /// Those that are good now, newest first.
    pub secrets: Vec<SecretUse>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Since when it is answered no longer.
    pub disabled_at: Option<DateTime<Utc>>,
}

impl SourceView {
    /// The view of one.
    #[must_use]
    pub fn of(engine: &Engine, overview: SourceOverview) -> Self {
        let SourceOverview { source, last_delivery_at, secrets } = overview;
        Self {
            url: super::webhook_url(engine, &source.connector, &source.source_id, ""),
            source_id: source.source_id,
            connector: source.connector,
            name: source.name,
            connector_digest: source.connector_digest,
            silence_minutes: source.silence_minutes,
            silent_since: source.silent_since,
            last_delivery_at,
            secrets,
            created_at: source.created_at,
            disabled_at: source.disabled_at,
        }
    }
}
