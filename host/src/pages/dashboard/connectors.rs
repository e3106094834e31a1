//! The list of connectors.

use serde::Serialize;

use super::DashboardBase;
use crate::pages::Page;

/// `GET /dashboard/connectors`: what translates webhooks.
#[derive(Debug, Clone, Serialize)]
pub struct ConnectorsPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: DashboardBase,
    /// All connectors, by id.
    pub connectors: Vec<ConnectorRow>,
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
}

impl Page for ConnectorsPage {
    const TEMPLATE: &'static str = "dashboard/connectors.html";
}
