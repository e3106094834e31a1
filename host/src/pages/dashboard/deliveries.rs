//! The inbox, and one delivery of it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::DashboardBase;
use crate::intake::{DeliveryView, RequestView};
use crate::pages::Page;

/// `GET /dashboard/deliveries`: verified deliveries, newest first.
#[derive(Debug, Clone, Serialize)]
pub struct DeliveriesPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: DashboardBase,
    /// The chosen status; `None` for all.
    pub status: Option<String>,
    /// The chosen source.
    pub source_id: Option<String>,
    /// Received at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Received before this time.
    pub until: Option<DateTime<Utc>>,
    /// Whether anything was chosen at all.
    pub chosen: bool,
    /// What of it cannot be read; then nothing is shown.
    pub wrong: Option<String>,
    /// The statuses that may be chosen, with everything else that is.
    pub tabs: Vec<StatusTab>,
    /// The sources that may be chosen.
    pub sources: Vec<SourceOption>,
    /// Where everything that was chosen is read anew, for whoever may have that done.
    pub replay_path: Option<String>,
    /// How many are read anew, after somebody had that done.
    pub replayed: Option<u64>,
    /// This page of the list.
    pub deliveries: Vec<DeliveryView>,
    /// The next older page, as a path with its query.
    pub older_path: Option<String>,
    /// Back to the newest page, where this is not it.
    pub newest_path: Option<String>,
}

/// A status that may be chosen.
#[derive(Debug, Clone, Serialize)]
pub struct StatusTab {
    /// The status; empty for all.
    pub status: String,
    /// Where its deliveries are.
    pub path: String,
    /// It is the one that is shown.
    pub current: bool,
}

/// A source that may be chosen.
#[derive(Debug, Clone, Serialize)]
pub struct SourceOption {
    /// `src_...`.
    pub id: String,
    /// As operators know it.
    pub name: String,
}

/// `GET /dashboard/deliveries/replay`: how many deliveries are about to be read anew. Its form posts to the same address.
#[derive(Debug, Clone, Serialize)]
pub struct ReplayPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: DashboardBase,
    /// How many.
    pub count: i64,
    /// False where there may be more than are read anew at one time.
    pub all: bool,
    /// In this status.
    pub status: Option<String>,
    /// Of this source.
    pub source_id: Option<String>,
    /// Received at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Received before this time.
    pub until: Option<DateTime<Utc>>,
    /// The hidden fields that say the same.
    pub fields: Vec<(&'static str, String)>,
    /// Back to the list.
    pub back_path: String,
}

/// `GET /dashboard/deliveries/{id}`. Its forms post to `…/replay`, and to the same address for what was sent.
#[derive(Debug, Clone, Serialize)]
pub struct DeliveryPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: DashboardBase,
    /// The delivery.
    pub delivery: DeliveryView,
    /// What the connector of now makes of it; `None` where its request is kept no longer.
    pub preview: Option<PreviewView>,
    /// Whether this person may have it read anew.
    pub may_replay: bool,
    /// Whether this person may see what was sent, and did not ask for it yet.
    pub may_see: bool,
    /// What was sent, for whoever asked for it.
    pub request: Option<RequestView>,
}

/// What a connector makes of a delivery.
#[derive(Debug, Clone, Serialize)]
pub struct PreviewView {
    /// `events`, `reply`, `ignored`, `refused` or `failed`.
    pub outcome: String,
    /// The events, as JSON that people can read.
    pub events: Vec<String>,
    /// Why there are none.
    pub reason: Option<String>,
    /// True when the connector is not the one that read it last.
    pub newer: bool,
}

impl Page for DeliveriesPage {
    const TEMPLATE: &'static str = "dashboard/deliveries.html";
}

impl Page for DeliveryPage {
    const TEMPLATE: &'static str = "dashboard/delivery.html";
}

impl Page for ReplayPage {
    const TEMPLATE: &'static str = "dashboard/replay.html";
}
