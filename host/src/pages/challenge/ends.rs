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
    /// How long there is no use in trying again, where that is known.
    pub wait: Option<Wait>,
}

/// How long to wait, as people count it. Rounded up: nobody comes back for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "unit", rename_all = "snake_case")]
pub enum Wait {
    /// Up to an hour.
    Minutes {
        /// How many.
        n: u64,
        /// The same to the second, for the countdown.
        seconds: u64,
    },
    /// Up to most of a day.
    Hours {
        /// How many.
        n: u64,
    },
    /// About a day.
    Tomorrow,
}

impl Wait {
    /// So many seconds.
    #[must_use]
    pub fn of(seconds: u64) -> Self {
        match seconds {
            ..=3600 => Self::Minutes { n: seconds.div_ceil(60).max(1), seconds },
            3601..=82_800 => Self::Hours { n: seconds.div_ceil(3600) },
            _ => Self::Tomorrow,
        }
    }
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
    /// More was sent than any page of ours sends.
    TooLong,
    /// What was sent is nothing that a page of ours sends.
    Unread,
}

impl NotFoundPage {
    /// Takes nothing but the nonce and the language, so that it cannot tell one unknown link from another.
    #[must_use]
    pub fn new(nonce: impl Into<String>, voice: Voice) -> Self {
        Self { shell: Shell { voice, nonce: nonce.into(), org: None } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_never_said_to_be_shorter_than_it_is() {
        let minutes = |n, seconds| Wait::Minutes { n, seconds };
        let table = [
            (0, minutes(1, 0)),
            (1, minutes(1, 1)),
            (60, minutes(1, 60)),
            (61, minutes(2, 61)),
            (3600, minutes(60, 3600)),
            (3601, Wait::Hours { n: 2 }),
            (82_800, Wait::Hours { n: 23 }),
            (82_801, Wait::Tomorrow),
            (86_400, Wait::Tomorrow),
        ];
        for (seconds, expected) in table {
            assert_eq!(Wait::of(seconds), expected, "{seconds}");
        }
    }
}
