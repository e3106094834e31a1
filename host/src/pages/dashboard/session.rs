//! One session: why it was scored as it was, and what happened since.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{DashboardBase, EventRow};
use crate::pages::Page;
use crate::pages::waterfall::{self, ReasonView, Step};

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
    /// The source that delivered it, such as `acme-pay · src_…`, or `API`.
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
    /// What an analyst said became of it.
    pub label: Option<LabelView>,
    /// Whoever looks may say so, too.
    pub may_label: bool,
    /// Why what they said was not taken.
    pub refused: Option<String>,
    /// The hold that it stands in.
    pub hold: Option<HoldView>,
    /// Why a ruling on it was not taken.
    pub refused_ruling: Option<String>,
}

/// A hold that waits for somebody's ruling.
#[derive(Debug, Clone, Serialize)]
pub struct HoldView {
    /// From when on it can be released.
    pub ends_at: DateTime<Utc>,
    /// That time has come.
    pub releasable: bool,
}

/// What an analyst said became of a session.
#[derive(Debug, Clone, Serialize)]
pub struct LabelView {
    /// `scam` or `good`.
    pub label: String,
    /// Why.
    pub note: Option<String>,
    /// Address of the user, or id of the key.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
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

impl Page for SessionPage {
    const TEMPLATE: &'static str = "dashboard/session.html";
}

/// The template draws bars, so it gets the reasons laid out.
fn as_steps<S: serde::Serializer>(reasons: &[ReasonView], serializer: S) -> Result<S::Ok, S::Error> {
    let steps: Vec<Step> = waterfall::steps(reasons);
    steps.serialize(serializer)
}
