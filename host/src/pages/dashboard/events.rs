//! The list of events.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::DashboardBase;
use crate::pages::Page;

/// `GET /dashboard/events`: recent events with their decisions and sessions, newest first.
#[derive(Debug, Clone, Serialize)]
pub struct EventsPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: DashboardBase,
    /// The filter in force, from `?outcome=`: `allow`, `delay_verify`, `block_escalate`, or `None` for all.
    pub outcome: Option<String>,
    /// Counts of the last 24 hours, where they are known.
    pub totals: Option<Totals>,
    /// This page of the list.
    pub rows: Vec<EventRow>,
    /// The next older page, as a path with its query.
    pub older_path: Option<String>,
    /// Back to the newest page, where this is not it.
    pub newest_path: Option<String>,
    /// The deployment's public address, for the example in the empty state.
    pub base_url: String,
}

/// Decisions of the last 24 hours by outcome.
#[derive(Debug, Clone, Serialize)]
pub struct Totals {
    /// Let through.
    pub allow: u64,
    /// Asked about.
    pub delay_verify: u64,
    /// Stopped.
    pub block_escalate: u64,
}

/// One event in the list.
#[derive(Debug, Clone, Serialize)]
pub struct EventRow {
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// The sender's id of the event.
    pub event_id: String,
    /// Its type.
    pub event_type: String,
    /// The platform's id of the subject.
    pub subject_id: String,
    /// `allow`, `delay_verify` or `block_escalate`.
    pub outcome: String,
    /// 0 to 100.
    pub score: u8,
    /// The session; its page is `/dashboard/sessions/{id}`.
    pub session_id: String,
    /// `pending`, `resolved` or `expired`, and `held` for what waits for somebody to look at it.
    pub session_status: String,
    /// `allow` or `block` once the session is resolved.
    pub session_outcome: Option<String>,
    /// A test or sandbox event.
    pub test: bool,
}

impl Page for EventsPage {
    const TEMPLATE: &'static str = "dashboard/events.html";
}
