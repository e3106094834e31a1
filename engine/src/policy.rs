//! `Policy`: the document that says what signals weigh and what follows from a score.
//!
//! A policy is read whole or refused, naming the field; it never changes afterwards and is known by its digest.
//! It judges nothing itself.

mod check;
mod codes;
mod complaint;
mod floor;
mod groups;
mod hold;
mod name;
mod observe;
mod otp;
mod parts;
mod presets;
mod read;
mod schema;
mod source;
mod status;
mod thresholds;
mod trial;

use std::sync::Arc;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::event::EventType;
use crate::problem::FieldError;
use crate::rule::{Rule, RuleSet};
use crate::signal::{Signal, Signals};
use crate::store::StoreError;
use crate::store::policies::PolicyRow;

pub use check::{Report, check};
pub use complaint::Complaint;
pub use floor::Floor;
pub use groups::Groups;
pub use hold::Hold;
pub use observe::Observe;
pub use otp::OtpPolicy;
pub use presets::{PRESETS, Preset, preset};
pub use schema::schema;
pub use source::{DOCUMENT_MAX, PolicyText};
pub use status::{Status, Step};
pub use thresholds::{Bands, Thresholds};
pub use trial::{Expectation, Trial};

/// The default policy as a document, to start one's own from.
pub const DEFAULT_DOCUMENT: &str = include_str!("policy/default.json");

/// What signals weigh and what follows from a score. What a document leaves out has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// 1 to 64 lower-case letters, digits, `-` and `_`.
    #[serde(deserialize_with = "read::name")]
    #[schemars(regex(pattern = "^[a-z0-9_-]{1,64}$"))]
    pub name: String,
    /// From which score what happens.
    #[serde(default)]
    pub thresholds: Thresholds,
    /// When a challenge needs a code.
    #[serde(default)]
    pub otp: OtpPolicy,
    /// How much the signals of one group may add together.
    #[serde(default)]
    pub groups: Groups,
    /// Scores that a reason demands at least.
    #[serde(default = "floor::defaults")]
    pub floors: Vec<Floor>,
    /// Reasons that hold even a passed challenge for an analyst.
    #[serde(default = "hold::defaults")]
    pub holds: Vec<Hold>,
    /// Minutes that a hold lasts at least before a person may release it.
    #[serde(
        default = "hold::cool_off",
        skip_serializing_if = "hold::is_usual",
        deserialize_with = "hold::read_cool_off"
    )]
    #[schemars(range(max = 10080))]
    pub cool_off_minutes: u32,
    /// What is scored and recorded, but neither delayed nor blocked.
    #[serde(default)]
    pub observe: Observe,
    /// The signals and their parameters.
    #[serde(default)]
    pub signals: Signals,
    /// Conditions of the organisation's own.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Events and what must come of them; they run whenever the document is checked.
    #[serde(default, deserialize_with = "trial::read_list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    pub tests: Vec<Trial>,
}

/// The published policy a decision was made under.
#[derive(Debug, Clone)]
pub struct PolicyVersion {
    /// The policy's name.
    pub name: String,
    /// Counts up from 1 per name.
    pub version: i32,
    /// [`Policy::digest`] of `policy`.
    pub digest: String,
    /// The document itself.
    pub policy: Policy,
    /// Its rules, compiled.
    pub rules: Arc<RuleSet>,
}

/// Why a document is no policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// The text cannot be read as JSON.
    #[error("policy is not JSON: {0}")]
    Syntax(String),
    /// A field is unknown, missing or out of its range.
    #[error("policy field {0}")]
    Field(FieldError),
}

impl PolicyVersion {
    /// Reads a stored version. A document is stored with every default written out, so a signal that it does not name
    /// did not exist when it was written, and stays silent: a new release changes no decision by itself.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it no longer reads back.
    pub fn read(mut row: PolicyRow) -> Result<Self, StoreError> {
        if let Some(named) = row.document.get_mut("signals").and_then(serde_json::Value::as_object_mut) {
            for code in Signals::default().all().map(Signal::code) {
                named.entry(code).or_insert_with(|| serde_json::json!({ "mode": "off" }));
            }
        }
        let policy = Policy::from_json(&row.document.to_string()).or(Err(StoreError::Corrupt("policy")))?;
        let rules = RuleSet::compile(&policy.rules).or(Err(StoreError::Corrupt("policy")))?;
        Ok(Self { name: row.name, version: row.version, digest: row.digest, policy, rules: Arc::new(rules) })
    }
}

impl Policy {
    /// The policy of an organisation that has published none.
    #[must_use]
    pub fn default_policy() -> Self {
        Self {
            name: "default".to_owned(),
            thresholds: Thresholds::default(),
            otp: OtpPolicy::default(),
            groups: Groups::default(),
            floors: floor::defaults(),
            holds: hold::defaults(),
            cool_off_minutes: hold::cool_off(),
            observe: Observe::default(),
            signals: Signals::default(),
            rules: Vec::new(),
            tests: Vec::new(),
        }
    }

    /// Reads and checks a JSON document.
    ///
    /// # Errors
    /// [`PolicyError`] naming the field; a value of the document is not repeated.
    pub fn from_json(text: &str) -> Result<Self, PolicyError> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let policy: Self = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let pointer = crate::problem::json_pointer(error.path());
            let cause = error.into_inner();
            if cause.is_data() {
                PolicyError::Field(FieldError::new(pointer, read::in_words(&cause.to_string())))
            } else {
                PolicyError::Syntax(cause.to_string())
            }
        })?;
        reader.end().map_err(|error| PolicyError::Syntax(error.to_string()))?;
        match policy.code_errors().into_iter().next() {
            Some(error) => Err(PolicyError::Field(error)),
            None => Ok(policy),
        }
    }

    /// Refuses a name under which no policy may be kept: another shape than that of names, or a word of an address.
    ///
    /// # Errors
    /// [`PolicyError`] naming `/name`.
    pub fn check_name(name: &str) -> Result<(), PolicyError> {
        Self::from_json(&serde_json::json!({ "name": name }).to_string())?;
        name::check(name).map_err(PolicyError::Field)
    }

    /// `sha256:` and the hex digest of the RFC 8785 canonical JSON of the policy, defaults written out, so that key
    /// order and spacing of the document do not matter. It tells what the policy does: its tests are left out, so that
    /// one more of them makes no other policy.
    #[must_use]
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "strings, whole numbers and lists of them can always be written"
    )]
    pub fn digest(&self) -> String {
        let untested = Self { tests: Vec::new(), ..self.clone() };
        digest_of(&serde_json::to_value(untested).expect("a policy can be written as JSON"))
    }

    /// The bands of `event_type`: its own, else those of its category, else the default.
    #[must_use]
    pub fn bands(&self, event_type: &EventType) -> Bands {
        self.thresholds.bands(event_type)
    }

    /// True when a challenge about `event_type` at `score` needs a code.
    #[must_use]
    pub fn needs_otp(&self, event_type: &EventType, score: i32) -> bool {
        self.otp.is_needed(event_type, score)
    }
}

/// `sha256:` and the hex digest of the RFC 8785 canonical form of a document.
#[must_use]
#[expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a JSON value can always be written as JSON"
)]
pub fn digest_of(document: &serde_json::Value) -> String {
    let canonical = serde_json_canonicalizer::to_vec(document).expect("a document can be written as JSON");
    format!("sha256:{}", HEXLOWER.encode(&Sha256::digest(canonical)))
}

#[cfg(test)]
mod tests;
