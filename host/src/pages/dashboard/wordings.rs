//! The wordings of Break Contact side by side.

use serde::Serialize;

use ase_engine::variant::Variant;

use super::DashboardBase;
use crate::pages::Page;

/// `GET /dashboard/break-contact`: what came of each wording within `days`.
#[derive(Debug, Clone, Serialize)]
pub struct WordingsPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: DashboardBase,
    /// How many days back it looks.
    pub days: i64,
    /// How many it could look back.
    pub spans: Vec<i64>,
    /// Some wording was shown to somebody.
    pub shown: bool,
    /// Every wording there is.
    pub rows: Vec<WordingRow>,
    /// Sessions that count for no wording, as nobody may have read the page.
    pub elsewhere: i64,
    /// There are enough sessions to look at differences.
    pub enough: bool,
    /// What can be read from the figures, and what cannot.
    pub note: String,
}

/// One wording.
#[derive(Debug, Clone, Serialize)]
pub struct WordingRow {
    /// Which.
    pub variant: Variant,
    /// It is chosen for new sessions.
    pub takes_part: bool,
    /// Sessions that it was shown in.
    pub sessions: i64,
    /// Those of them whose 24 hours are not over.
    pub running: i64,
    /// With a scam report.
    pub reported: ShareView,
    /// Whose subject tried again.
    pub tried_again: ShareView,
    /// Where the mail's link ended the new try.
    pub stopped_by_mail: ShareView,
    /// That an analyst calls a scam.
    pub confirmed_scam: ShareView,
    /// That an analyst calls good.
    pub legitimate: ShareView,
}

/// A share and its 95 % interval, in whole per cent.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ShareView {
    /// How many.
    pub count: i64,
    /// Of all; `None` of nothing.
    pub percent: Option<i64>,
    /// Where the interval begins.
    pub low: i64,
    /// Where it ends.
    pub high: i64,
}

impl Page for WordingsPage {
    const TEMPLATE: &'static str = "dashboard/wordings.html";
}
