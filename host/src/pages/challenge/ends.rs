//! Where a challenge ends, well or not, and what stands in for one.

use serde::Serialize;

use super::{ChallengeBase, Shell, Voice};
use crate::pages::Concealed;

/// The action may go on. Where `hand_over` is given, a form takes the person back.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmedPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: ChallengeBase,
    /// Posts the decision token to the platform.
    pub hand_over: Option<HandOver>,
}

/// The form that takes the decision token to the platform: never in an address, always in a body.
#[derive(Debug, Clone, Serialize)]
pub struct HandOver {
    /// The allow-listed address.
    pub return_url: String,
    /// The token.
    pub decision_token: Concealed,
}

/// Confirmed, but a person looks at it first.
#[derive(Debug, Clone, Serialize)]
pub struct HeldPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: ChallengeBase,
    /// Takes the person back, where the platform wants it.
    pub hand_over: Option<HandOver>,
}

/// The request was stopped.
#[derive(Debug, Clone, Serialize)]
pub struct BlockedPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: ChallengeBase,
    /// No attempts were left, rather than a decision of the platform.
    pub attempts_exhausted: bool,
}

/// The session ended before an answer.
#[derive(Debug, Clone, Serialize)]
pub struct ExpiredPage {
    /// What every page carries.
    #[serde(flatten)]
    pub base: ChallengeBase,
}

/// The link was opened first in another browser: nothing can be answered here.
#[derive(Debug, Clone, Serialize)]
pub struct OtherBrowserPage {
    /// The page's frame; the action is not shown to whoever holds the link.
    #[serde(flatten)]
    pub shell: Shell,
}

/// The same page for every unknown link.
#[derive(Debug, Clone, Serialize)]
pub struct NotFoundPage {
    #[serde(flatten)]
    pub(super) shell: Shell,
}

/// Nothing can be checked right now, or a form could not be read.
#[derive(Debug, Clone, Serialize)]
pub struct ProblemPage {
    /// The page's frame.
    #[serde(flatten)]
    pub shell: Shell,
    /// Which trouble.
    pub kind: ProblemKind,
    /// Where "Try again" leads, such as `/challenge/{id}`.
    pub retry_path: Option<String>,
}

/// Which trouble a [`ProblemPage`] tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// The store or another part is away.
    Unavailable,
    /// The form was stale, came from elsewhere, or was not readable.
    StaleForm,
    /// Too many requests.
    TooMany,
}

impl NotFoundPage {
    /// Takes nothing but the nonce and the language, so that it cannot tell one unknown link from another.
    #[must_use]
    pub fn new(nonce: impl Into<String>, voice: Voice) -> Self {
        Self { shell: Shell { voice, nonce: nonce.into(), org: None } }
    }
}
