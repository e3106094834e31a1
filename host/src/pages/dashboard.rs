//! The pages of the dashboard: what each of them needs to know.

mod connectors;
mod deliveries;
mod events;
mod policies;
mod releases;
mod reports;
mod session;
mod sources;
mod trial;
mod wordings;

use serde::Serialize;

pub use connectors::{ConnectorRow, ConnectorsPage, QuarantineView};
pub use deliveries::{DeliveriesPage, DeliveryPage, PreviewView, ReplayPage, SourceOption, StatusTab};
pub use events::{EventRow, EventsPage, Totals};
pub use policies::{DemotionView, PoliciesPage, PolicyLine};
pub use releases::{ComparisonView, DifferenceView, PinView, ReleaseView, VersionView};
pub use reports::{ReportRow, ReportsPage};
pub use session::{HoldView, LabelView, PolicyView, SessionPage, TimelineEntry, TokenView};
pub use sources::SourcesPage;
pub use trial::{SettingField, TrialEvent, TrialPage, TrialView};
pub use wordings::{ShareView, WordingRow, WordingsPage};

use super::{Concealed, Page};

/// Who is signed in.
#[derive(Debug, Clone, Serialize)]
pub struct UserView {
    /// The address they sign in with.
    pub email: String,
    /// `owner`, `analyst`, ...
    pub role: String,
}

/// The entry of the navigation that is marked as current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Events and sessions.
    Events,
    /// Scam reports.
    Reports,
    /// Policies.
    Policies,
    /// Deliveries.
    Deliveries,
    /// Sources of webhooks.
    Sources,
    /// Connectors.
    Connectors,
}

/// What every page behind the sign-in carries.
#[derive(Debug, Clone, Serialize)]
pub struct DashboardBase {
    /// Who is signed in.
    pub user: UserView,
    /// The organisation whose events these are.
    pub org_name: String,
    /// Token against cross-site requests; the hidden field `form_token`.
    pub form_token: Concealed,
    /// The marked entry of the navigation.
    pub active: Section,
}

/// `GET /dashboard/sign-in`. Posts `email` and `password` to the same address.
#[derive(Debug, Clone, Serialize)]
pub struct SignInPage {
    /// Token against cross-site requests; the hidden field `form_token`.
    pub form_token: Concealed,
    /// The address typed before, kept after a refusal.
    pub email: String,
    /// What to say above the form.
    pub message: Option<SignInMessage>,
}

/// What the sign-in page says above its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInMessage {
    /// Address or password are wrong; the page does not say which.
    Wrong,
    /// Too many tries; wait.
    TooMany,
    /// The form was open for too long.
    StaleForm,
    /// Signed out at one's own wish.
    SignedOut,
    /// The session ended.
    SessionEnded,
}

/// A page that tells of trouble, in or outside a sign-in.
#[derive(Debug, Clone, Serialize)]
pub struct ProblemPage {
    /// Who is signed in, where someone is.
    pub base: Option<DashboardBase>,
    /// Which trouble.
    pub kind: ProblemKind,
}

/// Which trouble a [`ProblemPage`] tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// No such page, or not one of this organisation.
    NotFound,
    /// The role does not allow it.
    Forbidden,
    /// The form was stale or came from elsewhere.
    StaleForm,
    /// What was sent is nothing that a page of the dashboard sends.
    Unread,
    /// The store or another part is away.
    Unavailable,
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "dashboard/sign_in.html";
}

impl Page for ProblemPage {
    const TEMPLATE: &'static str = "dashboard/problem.html";
}
