//! What a decision token says.

use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::challenge::TOKEN_TTL;
use crate::event::Money;

/// The claims of a decision token, all of them required and no others allowed. Times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Public URL of the deployment that decided.
    pub iss: String,
    /// Organisation the token is for.
    pub aud: String,
    /// The platform's id of the subject.
    pub sub: String,
    /// Id of the token, used once.
    pub jti: String,
    /// When it was made.
    pub iat: i64,
    /// From when it may be used.
    pub nbf: i64,
    /// From when it may no longer be used: `iat` + 600.
    pub exp: i64,
    /// The session that was decided.
    pub session_id: String,
    /// The same as `aud`.
    pub org_id: String,
    /// What was decided.
    pub outcome: TokenOutcome,
    /// The same as `exp`.
    pub expires_at: i64,
    /// The platform's id of the event.
    pub event_id: String,
    /// Type of the event.
    pub action: String,
    /// What exactly was decided on, see [`action_hash`].
    pub action_hash: String,
    /// How sure the decision is.
    pub assurance: Assurance,
    /// Live or test.
    pub env: Env,
}

/// What was decided. A session that has not ended has no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenOutcome {
    /// The action may proceed.
    Allow,
    /// It must not.
    Block,
}

/// How a decision was reached, from weakest to strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// From the score alone.
    ScoreOnly,
    /// The person answered.
    IntentOnly,
    /// And repeated a code sent by e-mail.
    EmailOtp,
    /// Or sent by text message.
    SmsOtp,
}

/// Whether the event was real.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Env {
    /// A real event.
    Live,
    /// A test or sandbox event.
    Test,
}

impl Claims {
    /// True when nothing is empty, the pairs agree and the times are ten minutes apart.
    pub(super) fn are_consistent(&self) -> bool {
        let texts =
            [&self.iss, &self.aud, &self.sub, &self.jti, &self.session_id, &self.event_id, &self.action];
        let is_digest = self.action_hash.len() == 64
            && self.action_hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        texts.iter().all(|text| !text.is_empty())
            && is_digest
            && self.aud == self.org_id
            && self.iat >= 0
            && (self.iat..self.exp).contains(&self.nbf)
            && self.exp.checked_sub(self.iat) == Some(TOKEN_TTL.num_seconds())
            && self.expires_at == self.exp
    }
}

impl TokenOutcome {
    /// The word used in the token, the API and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Block => "block",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Allow, Self::Block].into_iter().find(|outcome| outcome.as_str() == text)
    }
}

impl Assurance {
    /// The word used in the token, the API and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ScoreOnly => "score_only",
            Self::IntentOnly => "intent_only",
            Self::EmailOtp => "email_otp",
            Self::SmsOtp => "sms_otp",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let all = [Self::ScoreOnly, Self::IntentOnly, Self::EmailOtp, Self::SmsOtp];
        all.into_iter().find(|assurance| assurance.as_str() == text)
    }
}

impl Env {
    /// The word used in the token, the API and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Test => "test",
        }
    }
}

/// SHA-256, in hex, of the action that was decided on: the RFC 8785 canonical JSON of
/// `{action, amount, currency, destination, subject}`, where unknown is `null` and the amount is a decimal
/// string without trailing zeros, so that `100.0` and `100.00` are one amount. A token for one payment can so
/// never stand for a larger one or for another payee.
#[must_use]
#[expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a JSON value of strings always serialises"
)]
pub fn action_hash(
    event_type: &str,
    subject_id: &str,
    amount: Option<&Money>,
    destination_id: Option<&str>,
) -> String {
    let action = json!({
        "action": event_type,
        "amount": amount.map(|money| money.value.normalize().to_string()),
        "currency": amount.map(|money| &money.currency),
        "destination": destination_id,
        "subject": subject_id,
    });
    let canonical = serde_json_canonicalizer::to_vec(&action).expect("five members of text");
    data_encoding::HEXLOWER.encode(&Sha256::digest(canonical))
}
