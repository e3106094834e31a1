//! `Rule`: a condition of the organisation's own, written in CEL over the features.
//!
//! A condition is checked when its policy is compiled: what passes names only features and functions that exist,
//! compares only what is comparable, and has a known bound on its cost. What is left to go wrong while judging is a
//! [`Verdict::Failed`], never an error of the decision.

pub mod catalogue;
mod lint;
mod program;
mod record;
mod scan;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use self::program::{Program, Sight};
use crate::features::Features;
use crate::problem::FieldError;
use crate::score::Reason;
use crate::signal::{Group, Mode, read_points};

/// A condition and what it adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable name of the reason it gives: upper-case letters, digits and `_`, starting with `X_`, up to 63.
    pub code: String,
    /// The condition, up to 2048 bytes.
    pub when: String,
    /// What it adds.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
    /// What it tells of.
    pub group: Group,
    /// Whether it counts.
    #[serde(default)]
    pub mode: Mode,
    /// What was found, in words for an analyst; 1 to 200 characters.
    pub detail: String,
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The condition holds.
    Hit,
    /// It does not, or it cannot be decided without something that is unknown.
    Miss,
    /// It could not be judged; why, without a value of the event.
    Failed(String),
}

/// How many rules a policy may have.
pub const RULES_MAX: usize = 50;
/// How much all rules of a policy may cost together; one may cost up to a fifth of it.
pub const COST_MAX: u32 = 10_000;

const CODE_MAX: usize = 63;
const DETAIL_MAX: usize = 200;

/// The compiled rules of a policy.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<(Rule, Program)>,
}

impl RuleSet {
    /// Compiles the rules of a policy, also those that are turned off.
    ///
    /// # Errors
    /// A [`FieldError`] that names the rule, and what is wrong with it.
    pub fn compile(rules: &[Rule]) -> Result<Self, FieldError> {
        if rules.len() > RULES_MAX {
            return Err(FieldError::new("/rules", format!("must be at most {RULES_MAX} rules")));
        }
        let mut codes = BTreeSet::new();
        let mut compiled = Vec::with_capacity(rules.len());
        let mut cost = 0_u32;
        for (place, rule) in rules.iter().enumerate() {
            let wrong =
                |field: &str, detail: String| FieldError::new(format!("/rules/{place}/{field}"), detail);
            check_code(&rule.code).map_err(|detail| wrong("code", detail))?;
            if !codes.insert(&rule.code) {
                return Err(wrong("code", "is the code of another rule; choose one of its own".to_owned()));
            }
            check_detail(&rule.detail).map_err(|detail| wrong("detail", detail))?;
            if rule.group == Group::Trust {
                let detail = "must not be trust: a rule adds points, and trust takes them off";
                return Err(wrong("group", detail.to_owned()));
            }
            let program = Program::compile(&rule.when).map_err(|detail| wrong("when", detail))?;
            cost = cost.saturating_add(program.cost());
            compiled.push((rule.clone(), program));
        }
        if cost > COST_MAX {
            let advice = "drop rules, or ask fewer questions of the items of lists";
            return Err(FieldError::new(
                "/rules",
                format!("could cost {cost} of at most {COST_MAX} together; {advice}"),
            ));
        }
        Ok(Self { rules: compiled })
    }

    /// Judges every rule that is not turned off, in the order of the policy. Nothing is read of `features` that no
    /// rule asks for.
    #[must_use]
    pub fn judge(&self, features: &Features) -> Vec<(&Rule, Verdict)> {
        let asked = || self.rules.iter().filter(|(rule, _)| rule.mode != Mode::Off);
        if asked().next().is_none() {
            return Vec::new();
        }
        let sight = Sight::of(features);
        asked().map(|(rule, program)| (rule, program.judge(&sight))).collect()
    }
}

fn check_code(code: &str) -> Result<(), String> {
    let known = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    let name = code.strip_prefix("X_").unwrap_or_default();
    if !name.is_empty() && code.len() <= CODE_MAX && name.bytes().all(known) {
        Ok(())
    } else {
        Err("must be `X_` and 1 to 61 upper-case letters, digits and `_`, such as `X_LARGE_NIGHT_ORDER`"
            .to_owned())
    }
}

fn check_detail(detail: &str) -> Result<(), String> {
    let length = detail.chars().count();
    if detail.trim().is_empty() || length > DETAIL_MAX || detail.contains(char::is_control) {
        Err(format!("must be 1 to {DETAIL_MAX} characters on one line, in words for an analyst"))
    } else {
        Ok(())
    }
}

impl Rule {
    /// The reason a hit gives.
    #[must_use]
    pub fn reason(&self) -> Reason {
        Reason { code: self.code.clone(), points: self.points, detail: self.detail.clone() }
    }
}

#[cfg(test)]
mod tests;
