//! The Break Contact state and its optional report.

use chrono::{DateTime, Utc};
use serde::Serialize;

use ase_engine::variant::Variant;

use super::ChallengeBase;

/// The Break Contact state. Its form posts `channel`, `contact`, `claimed_identity` and `narrative` to `/report`.
#[derive(Debug, Clone, Serialize)]
pub struct BreakContactPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: ChallengeBase,
    /// The wording of its heading and of the sentence below it. All else is the same in each.
    pub variant: Variant,
    /// When the report is taken: until then the person shall do nothing but hang up.
    pub pause_ends_at: Option<DateTime<Utc>>,
    /// The optional report.
    pub report: ReportForm,
}

/// The optional scam report: empty, refused with its answers kept, or sent.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReportForm {
    /// The report is stored: thanks take the form's place.
    pub sent: bool,
    /// `phone`, `sms`, `email`, `chat`, `social`, `remote_access`, `other`, or empty.
    pub channel: String,
    /// The number, address or account they used.
    pub contact: String,
    /// Who they said they were.
    pub claimed_identity: String,
    /// What happened.
    pub narrative: String,
    /// What is wrong with the answers, at most one error per field.
    pub errors: Vec<ReportError>,
}

/// What is wrong with a report; the sentence stands in the template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportError {
    /// No channel was chosen, or an unknown one.
    ChannelMissing,
    /// `contact` has more than 200 characters.
    ContactTooLong,
    /// `claimed_identity` has more than 200 characters.
    IdentityTooLong,
    /// `narrative` has more than 2000 characters.
    NarrativeTooLong,
    /// All fields are empty.
    Empty,
}
