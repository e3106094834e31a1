//! The list of sources.

use serde::Serialize;

use super::DashboardBase;
use crate::intake::SourceView;
use crate::pages::Page;

/// `GET /dashboard/sources`: where webhooks come from.
#[derive(Debug, Clone, Serialize)]
pub struct SourcesPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: DashboardBase,
    /// For how many days requests are kept.
    pub delivery_days: i32,
    /// Oldest first.
    pub sources: Vec<SourceView>,
}

impl Page for SourcesPage {
    const TEMPLATE: &'static str = "dashboard/sources.html";
}
