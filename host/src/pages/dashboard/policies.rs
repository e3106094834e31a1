//! The list of policy versions.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::DashboardBase;
use crate::pages::Page;

/// `GET /dashboard/policies`: which version decides, which are on trial, and what the breaker took back.
#[derive(Debug, Clone, Serialize)]
pub struct PoliciesPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: DashboardBase,
    /// All versions, newest first.
    pub policies: Vec<PolicyLine>,
    /// The newest version that the breaker took back, while it is on trial.
    pub demotion: Option<DemotionView>,
}

/// One version.
#[derive(Debug, Clone, Serialize)]
pub struct PolicyLine {
    /// The policy's name.
    pub name: String,
    /// Its number.
    pub version: i32,
    /// `draft`, `checked`, `shadow`, `live` or `retired`.
    pub status: String,
    /// Digest of the document, `sha256:…`; the page shortens it.
    pub digest: String,
    /// Who wrote it.
    pub author: String,
    /// Who let it decide.
    pub publisher: Option<String>,
    /// When it was kept.
    pub created_at: DateTime<Utc>,
    /// Since when it decides, or decided last.
    pub live_from: Option<DateTime<Utc>>,
    /// When the breaker took it back.
    pub demoted_at: Option<DateTime<Utc>>,
}

/// What the breaker saw.
#[derive(Debug, Clone, Serialize)]
pub struct DemotionView {
    /// The version taken back, by name and number.
    pub version: String,
    /// For which event type it left its band.
    pub event_type: String,
    /// The share of events that it delayed or blocked, in per cent.
    pub percent: i64,
    /// The highest share that was expected, in per cent.
    pub expected_percent: i64,
    /// When.
    pub at: DateTime<Utc>,
}

impl Page for PoliciesPage {
    const TEMPLATE: &'static str = "dashboard/policies.html";
}
