//! The code form and its states.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::ChallengeBase;

/// The code form. Posts `code` to `/code`, and nothing but the token to `/resend`.
#[derive(Debug, Clone, Serialize)]
pub struct CodePage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: ChallengeBase,
    /// The code that was sent; `None` where none could be, which shows the official support route instead.
    pub otp: Option<OtpView>,
    /// Whether and when another code can be asked for.
    pub resend: Resend,
    /// Another way on which the next code can go: `email` or `sms`.
    pub other_channel: Option<String>,
    /// What was wrong with the last answer.
    pub error: Option<CodeError>,
    /// Whether `intent` = `guided` is still taken, which offers "Someone asked me for this code".
    pub can_stop: bool,
}

/// A code under way.
#[derive(Debug, Clone, Serialize)]
pub struct OtpView {
    /// `email` or `sms`.
    pub channel: String,
    /// Where it went, masked: `a••@example.com`.
    pub destination: String,
    /// When it was sent: "use the code sent at 14:32 UTC".
    pub sent_at: DateTime<Utc>,
    /// When it ends.
    pub code_expires_at: DateTime<Utc>,
    /// Wrong codes that are still forgiven.
    pub attempts_remaining: u32,
    /// The code has ended: only a new one helps.
    pub expired: bool,
}

/// Whether another code can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Resend {
    /// At once.
    Ready,
    /// From then on.
    Later {
        /// The end of the pause.
        resend_available_at: DateTime<Utc>,
    },
    /// Never again in this session.
    Exhausted,
}

/// What was wrong with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeError {
    /// Wrong; an attempt is gone.
    Incorrect,
    /// Not six digits; no attempt is gone.
    Malformed,
    /// It came too late.
    Expired,
    /// A new code was asked for before the pause ended.
    ResendTooEarly,
}
