//! The pages of the dashboard: what each of them needs to know.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::waterfall::{self, ReasonView, Step};
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
    /// `pending`, `resolved`, `expired`, ...
    pub session_status: String,
    /// `allow` or `block` once the session is resolved.
    pub session_outcome: Option<String>,
    /// A test or sandbox event.
    pub test: bool,
}

/// `GET /dashboard/sessions/{id}`: one session, why it was scored as it was, and what happened since.
#[derive(Debug, Clone, Serialize)]
pub struct SessionPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: DashboardBase,
    /// The event and its decision, as in the list.
    #[serde(flatten)]
    pub event: EventRow,
    /// When it happened, if the sender said so.
    pub occurred_at: Option<DateTime<Utc>>,
    /// The source that delivered it, such as `shopify · src_…`, or `API`.
    pub source: String,
    /// What is about to happen, in one sentence.
    pub description: Option<String>,
    /// How much, ready to read.
    pub amount: Option<String>,
    /// Where it goes.
    pub destination: Option<String>,
    /// When the session ends or ended.
    pub expires_at: DateTime<Utc>,
    /// The answer of the subject: `confirmed`, `guided` or `unsure`.
    pub intent: Option<String>,
    /// How the outcome is backed: `score_only`, `intent_only`, `email_otp` or `sms_otp`.
    pub assurance: Option<String>,
    /// The decision token, where one was issued.
    pub token: Option<TokenView>,
    /// The policy that decided.
    pub policy: PolicyView,
    /// What added up to the score, in order.
    #[serde(serialize_with = "as_steps")]
    pub reasons: Vec<ReasonView>,
    /// JSON paths of inputs that would have helped.
    pub missing: Vec<String>,
    /// Audit entries, oldest first.
    pub timeline: Vec<TimelineEntry>,
}

/// The state of a decision token; the token itself is shown nowhere.
#[derive(Debug, Clone, Serialize)]
pub struct TokenView {
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was verified, if it was.
    pub used_at: Option<DateTime<Utc>>,
}

/// Which policy decided.
#[derive(Debug, Clone, Serialize)]
pub struct PolicyView {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Its digest, `sha256:…`.
    pub digest: String,
}

/// One audit entry.
#[derive(Debug, Clone, Serialize)]
pub struct TimelineEntry {
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// `platform`, `subject`, `analyst`, `system` or `connector`.
    pub actor_type: String,
    /// Who exactly, where there is more to say.
    pub actor_id: Option<String>,
    /// What, such as `otp.issued`.
    pub action: String,
    /// Name and value, in order.
    pub metadata: Vec<(String, String)>,
}

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

/// `GET /dashboard/connectors`: what translates webhooks.
#[derive(Debug, Clone, Serialize)]
pub struct ConnectorsPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: DashboardBase,
    /// All connectors, by id.
    pub connectors: Vec<ConnectorRow>,
}

/// One connector.
#[derive(Debug, Clone, Serialize)]
pub struct ConnectorRow {
    /// Its id in webhook addresses.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its title for people.
    pub title: String,
    /// Digest of the component, `sha256:…`; the page shortens it.
    pub digest: String,
    /// `bundled` or the directory it was found in.
    pub origin: String,
    /// What the operator granted: `none` or `inert`.
    pub grant: String,
    /// Why the newest file is not in use, or what went wrong last.
    pub last_error: Option<String>,
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
    /// The store or another part is away.
    Unavailable,
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "dashboard/sign_in.html";
}

impl Page for EventsPage {
    const TEMPLATE: &'static str = "dashboard/events.html";
}

impl Page for SessionPage {
    const TEMPLATE: &'static str = "dashboard/session.html";
}

impl Page for ReportsPage {
    const TEMPLATE: &'static str = "dashboard/reports.html";
}

impl Page for ConnectorsPage {
    const TEMPLATE: &'static str = "dashboard/connectors.html";
}

impl Page for ProblemPage {
    const TEMPLATE: &'static str = "dashboard/problem.html";
}

/// The template draws bars, so it gets the reasons laid out.
fn as_steps<S: serde::Serializer>(reasons: &[ReasonView], serializer: S) -> Result<S::Ok, S::Error> {
    let steps: Vec<Step> = waterfall::steps(reasons);
    steps.serialize(serializer)
}
