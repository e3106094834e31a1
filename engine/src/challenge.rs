//! What a challenge asks and how often it may be tried.
//!
//! It owns the limits and the answers a person can give. It never counts: counters live in the store, where a
//! second process sees them too.

pub mod otp;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// How long a code may be used. NIST SP 800-63B and OWASP ASVS 5.0 (6.5.5) allow at most ten minutes.
pub const CODE_TTL: TimeDelta = TimeDelta::minutes(5);

/// Wrong codes against one code before the session ends blocked.
pub const WRONG_TRIES_PER_CODE: i32 = 5;

/// Wrong codes in one session, over all its codes, before it ends blocked: a new code is no new start.
pub const WRONG_TRIES_PER_SESSION: i32 = 10;

/// How long to wait between two codes of a session.
pub const RESEND_COOLDOWN: TimeDelta = TimeDelta::seconds(60);

/// Codes sent in one session, the first included.
pub const SENDS_PER_SESSION: i32 = 3;

/// How long nothing but a hold can come of any session of a subject that broke off contact.
pub const BREAK_CONTACT_FOR: TimeDelta = TimeDelta::hours(24);

/// How long whoever broke off contact is asked to do nothing but hang up.
pub const PAUSE: TimeDelta = TimeDelta::seconds(30);

/// How long the question must have been shown before a "no" is taken: a press that was meant for something else comes
/// sooner, and whoever reads needs longer, also with the keyboard.
pub const LOOK: TimeDelta = TimeDelta::milliseconds(800);

/// How long a session waits for its person.
pub const SESSION_TTL: TimeDelta = TimeDelta::minutes(15);

/// How long a decision token may be used: `exp - iat`.
pub const TOKEN_TTL: TimeDelta = TimeDelta::seconds(600);

/// How long a hold that was released may go ahead: nobody sits and waits for that at the platform, so that a token of
/// it is issued anew when the one before ended unused.
pub const RELEASED_FOR: TimeDelta = TimeDelta::hours(24);

/// What the person says of the action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// "I do this myself, nobody asked me to." Evidence, not clearance.
    Confirmed,
    /// "Somebody told or helped me to do this." Absorbing: the session ends blocked.
    Guided,
    /// "I am not sure." Absorbing like [`Intent::Guided`].
    Unsure,
}

impl Intent {
    /// Reads `confirmed`, `guided` or `unsure`; anything else is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "confirmed" => Some(Self::Confirmed),
            "guided" => Some(Self::Guided),
            "unsure" => Some(Self::Unsure),
            _ => None,
        }
    }

    /// The word used in the API, in the store and in audit entries.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Guided => "guided",
            Self::Unsure => "unsure",
        }
    }

    /// True when the answer ends the session blocked and no later answer may change it.
    #[must_use]
    pub fn is_absorbing(self) -> bool {
        matches!(self, Self::Guided | Self::Unsure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intents_have_one_spelling_everywhere() {
        for intent in [Intent::Confirmed, Intent::Guided, Intent::Unsure] {
            assert_eq!(Intent::parse(intent.as_str()), Some(intent));
            assert_eq!(serde_json::to_value(intent).unwrap(), intent.as_str());
        }
        for text in ["", "Confirmed", "confirmed ", "yes", "no"] {
            assert_eq!(Intent::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn only_a_confirmed_intent_leaves_the_session_open() {
        assert!(!Intent::Confirmed.is_absorbing());
        assert!(Intent::Guided.is_absorbing() && Intent::Unsure.is_absorbing());
    }
}
