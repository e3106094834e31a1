//! `Policy`: the document that says what signals weigh and what follows from a score.
//!
//! A policy is read whole or refused, naming the field; it never changes afterwards and is known by its digest.
//! It judges nothing itself.

mod floor;
mod groups;
mod hold;
mod observe;
mod otp;
mod read;
mod status;
mod thresholds;

use std::collections::BTreeSet;
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

pub use floor::Floor;
pub use groups::Groups;
pub use hold::Hold;
pub use observe::Observe;
pub use otp::OtpPolicy;
pub use status::{Status, Step};
pub use thresholds::{Bands, Thresholds};

/// The default policy as a document, to start one's own from.
pub const DEFAULT_DOCUMENT: &str = include_str!("policy/default.json");

/// What signals weigh and what follows from a score. What a document leaves out has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// 1 to 64 lower-case letters, digits, `-` and `_`.
    #[serde(deserialize_with = "read::name")]
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
    /// What is scored and recorded, but neither delayed nor blocked.
    #[serde(default)]
    pub observe: Observe,
    /// The signals and their parameters.
    #[serde(default)]
    pub signals: Signals,
    /// Conditions of the organisation's own.
    #[serde(default)]
    pub rules: Vec<Rule>,
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
            observe: Observe::default(),
            signals: Signals::default(),
            rules: Vec::new(),
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
                PolicyError::Field(FieldError::new(pointer, read::without_value(&cause.to_string())))
            } else {
                PolicyError::Syntax(cause.to_string())
            }
        })?;
        reader.end().map_err(|error| PolicyError::Syntax(error.to_string()))?;
        policy.check_codes().map_err(PolicyError::Field)?;
        Ok(policy)
    }

    /// A floor or a hold for a code that neither a signal nor a rule has would never apply, and its author would not
    /// notice; two rules of one code could not be told apart.
    fn check_codes(&self) -> Result<(), FieldError> {
        let mut known: BTreeSet<&str> = self.signals.all().map(Signal::code).into_iter().collect();
        for (place, rule) in self.rules.iter().enumerate() {
            if !known.insert(&rule.code) {
                return Err(FieldError::new(format!("/rules/{place}/code"), "is the code of another reason"));
            }
        }
        let floors = self.floors.iter().map(|floor| floor.when_reason.as_str()).collect::<Vec<_>>();
        let holds = self.holds.iter().map(|hold| hold.when_reason.as_str()).collect::<Vec<_>>();
        for (list, codes) in [("floors", floors), ("holds", holds)] {
            if let Some(place) = codes.iter().position(|code| !known.contains(code)) {
                let pointer = format!("/{list}/{place}/when_reason");
                return Err(FieldError::new(
                    pointer,
                    "must be the code of a signal or of a rule of this policy",
                ));
            }
        }
        Ok(())
    }

    /// `sha256:` and the hex digest of the RFC 8785 canonical JSON of the whole policy, defaults written out,
    /// so that key order and spacing of the document do not matter.
    #[must_use]
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "strings, whole numbers and lists of them can always be written"
    )]
    pub fn digest(&self) -> String {
        digest_of(&serde_json::to_value(self).expect("a policy can be written as JSON"))
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
