//! What is queued to be sent, in neutral words; the host renders and sends it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::breaker::Tripped;

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A one-time code.
    Code,
    /// The link to the challenge page.
    Challenge,
    /// The breaker took a policy version back.
    Demotion,
    /// The person, or whoever sat at their screen, had something stopped.
    Stopped,
}

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// E-mail by SMTP.
    Email,
    /// Text message by a provider's HTTP API.
    Sms,
}

/// What a message says. It is sealed in the outbox and wiped once sent.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Payload {
    /// Address.
    pub to: String,
    /// Name of the subject, for the address line.
    pub name: Option<String>,
    /// Language of the subject, as the event named it.
    pub locale: Option<String>,
    /// What the subject's browser said of languages.
    #[serde(default)]
    pub reader: Reader,
    /// What is about to happen.
    pub action: ActionWords,
    /// The code, of a code mail.
    pub code: Option<String>,
    /// The link, of a challenge mail.
    pub challenge_url: Option<String>,
    /// Where the receiver can stop the action, in a mail.
    #[serde(default)]
    pub stop_url: Option<String>,
    /// What the breaker saw and did, of a mail about a demotion.
    #[serde(default)]
    pub demotion: Option<DemotionWords>,
    /// When code or link end, or the news are old.
    pub expires_at: DateTime<Utc>,
    /// When the message was made.
    pub created_at: DateTime<Utc>,
}

/// What somebody's browser says of the languages they read, as BCP 47 tags. For a mail it counts after the event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// Chosen with the switch of the page.
    pub chosen: Option<String>,
    /// Preferred by their browser.
    pub browser: Option<String>,
}

/// The action in words that a person reads.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ActionWords {
    /// One sentence.
    pub description: String,
    /// The type of the event, where the platform gave no sentence: `description` then stands in for one.
    #[serde(default)]
    pub kind: Option<String>,
    /// `900.00 EUR`.
    pub amount: Option<String>,
    /// What may be shown of the destination.
    pub destination: Option<String>,
}

/// What the breaker saw and did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DemotionWords {
    /// Name of the policy that was taken back.
    pub name: String,
    /// Its version.
    pub version: i32,
    /// Name of the policy that decides again.
    pub restored_name: String,
    /// Its version.
    pub restored_version: i32,
    /// What was seen.
    pub seen: Tripped,
}

impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Payload").finish_non_exhaustive()
    }
}

impl Kind {
    /// The name used in SQL and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Challenge => "challenge",
            Self::Demotion => "demotion",
            Self::Stopped => "stopped",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Code, Self::Challenge, Self::Demotion, Self::Stopped]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }
}

impl Channel {
    /// The name used in SQL, JSON and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Email, Self::Sms].into_iter().find(|channel| channel.as_str() == name)
    }
}
