//! The list of connectors.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{DashboardBase, ReleaseView};
use crate::pages::Page;

/// `GET /dashboard/connectors`: what translates webhooks.
#[derive(Debug, Clone, Serialize)]
pub struct ConnectorsPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: DashboardBase,
    /// All connectors, by id.
    pub connectors: Vec<ConnectorRow>,
    /// Those that have installed versions, by id.
    pub releases: Vec<ReleaseView>,
}

/// One connector.
#[derive(Debug, Clone, Serialize)]
pub struct ConnectorRow {
    /// Its id in webhook addresses.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its title for people.
    pub title: String,
    /// Digest of the component, `sha256:…`; the page shortens it.
    pub digest: String,
    /// `bundled` or the directory it was found in.
    pub origin: String,
    /// What the operator granted: `none` or `inert`.
    pub grant: String,
    /// Why the newest file is not in use, or what went wrong last.
    pub last_error: Option<String>,
    /// Why it is not called at present.
    pub quarantine: Option<QuarantineView>,
}

/// A connector that this server leaves alone for a while.
#[derive(Debug, Clone, Serialize)]
pub struct QuarantineView {
    /// Since when.
    pub since: DateTime<Utc>,
    /// How often it failed.
    pub failures: u32,
    /// How it failed last, in one word.
    pub fault: String,
    /// When it is tried again.
    pub next_try_at: DateTime<Utc>,
}

impl Page for ConnectorsPage {
    const TEMPLATE: &'static str = "dashboard/connectors.html";
}
