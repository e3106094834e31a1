//! The page on which a delivery is tried.

use serde::Serialize;

use super::DashboardBase;
use crate::pages::Page;

/// `GET /dashboard/connectors/{id}/try`. Posts `body`, `headers`, `query` and one `setting.{name}` per setting to the
/// same address.
#[derive(Debug, Clone, Serialize)]
pub struct TrialPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: DashboardBase,
    /// The connector's id.
    pub connector: String,
    /// Its title for people.
    pub title: String,
    /// Its settings, with what was typed.
    pub settings: Vec<SettingField>,
    /// What its manifest shows by example.
    pub samples: Vec<String>,
    /// The headers typed, `name: value` one per line.
    pub headers: String,
    /// The query string typed.
    pub query: String,
    /// The body typed.
    pub body: String,
    /// What came of it, once something was sent.
    pub answer: Option<TrialView>,
}

/// One setting of the form.
#[derive(Debug, Clone, Serialize)]
pub struct SettingField {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: String,
    /// It holds JSON and wants room.
    pub wide: bool,
    /// What was typed.
    pub value: String,
}

/// What came of a trial.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TrialView {
    /// What the connector objects to in the settings.
    pub mistake: Option<String>,
    /// Why the connector refused the delivery, or why it could not be asked.
    pub refused: Option<String>,
    /// Where in the body.
    pub pointer: Option<String>,
    /// Why it ignored the delivery.
    pub ignored: Option<String>,
    /// It answers the sender and makes no event.
    pub reply: bool,
    /// The events, in order.
    pub events: Vec<TrialEvent>,
    /// The values of the body that had no effect, as pointers.
    pub unmapped: Vec<String>,
    /// False when not every value was looked at.
    pub complete: bool,
}

/// One event of a trial.
#[derive(Debug, Clone, Serialize)]
pub struct TrialEvent {
    /// What happened.
    pub event_type: String,
    /// Every known field by its name, and its value.
    pub fields: Vec<(String, String)>,
    /// The event as the event API takes it.
    pub json: String,
    /// Why it would not be taken.
    pub problem: Option<String>,
}

impl Page for TrialPage {
    const TEMPLATE: &'static str = "dashboard/trial.html";
}
