//! The list of scam reports.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::DashboardBase;
use crate::pages::Page;

/// `GET /dashboard/reports`: scam reports, newest first.
#[derive(Debug, Clone, Serialize)]
pub struct ReportsPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: DashboardBase,
    /// This page of the list.
    pub reports: Vec<ReportRow>,
    /// The next older page, as a path with its query.
    pub older_path: Option<String>,
    /// Back to the newest page, where this is not it.
    pub newest_path: Option<String>,
}

/// One scam report.
#[derive(Debug, Clone, Serialize)]
pub struct ReportRow {
    /// Its id.
    pub id: String,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
    /// The session it tells of.
    pub session_id: String,
    /// `phone`, `sms`, `email`, `chat`, `social`, `remote_access` or `other`.
    pub channel: String,
    /// The number, address or account they used.
    pub contact: String,
    /// Who they said they were.
    pub claimed_identity: String,
    /// What happened, in the subject's words.
    pub narrative: String,
}

impl Page for ReportsPage {
    const TEMPLATE: &'static str = "dashboard/reports.html";
}
