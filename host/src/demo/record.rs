//! `Record`: what a demo writes down for people and programs, `demo.json`.

use serde::{Deserialize, Serialize};

/// `demo.json`. It grows while the demo is furnished, so everything may be missing.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Record {
    /// Where the demo is reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) base_url: Option<String>,
    /// The organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) org_id: Option<String>,
    /// A key that may do everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) api_key: Option<String>,
    /// The database, by the application's role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) database_url: Option<String>,
    /// How to sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dashboard: Option<Dashboard>,
    /// Where mail goes that nobody sends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mailbox_url: Option<String>,
    /// One per connector.
    pub(super) sources: Vec<SourceRecord>,
    /// Further connectors, absolute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) connectors_dir: Option<String>,
}

/// How to sign in to the dashboard.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Dashboard {
    pub(super) url: String,
    pub(super) email: String,
    pub(super) password: String,
}

/// A source, with everything that a sender needs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SourceRecord {
    pub(super) id: String,
    pub(super) connector: String,
    pub(super) url: String,
    pub(super) secret: String,
    /// The source's setting of this name, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scheme: Option<String>,
}
