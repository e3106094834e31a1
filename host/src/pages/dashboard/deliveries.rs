//! The inbox, and one delivery of it.

use serde::Serialize;

use super::DashboardBase;
use crate::intake::DeliveryView;
use crate::pages::Page;

/// `GET /dashboard/deliveries`: verified deliveries, newest first.
#[derive(Debug, Clone, Serialize)]
pub struct DeliveriesPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: DashboardBase,
    /// The chosen status; `None` for all.
    pub status: Option<String>,
    /// Those that may be chosen.
    pub statuses: &'static [&'static str],
    /// This page of the list.
    pub deliveries: Vec<DeliveryView>,
    /// The next older page, as a path with its query.
    pub older_path: Option<String>,
    /// Back to the newest page, where this is not it.
    pub newest_path: Option<String>,
}

/// `GET /dashboard/deliveries/{id}`. Its form posts to `…/replay`.
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
