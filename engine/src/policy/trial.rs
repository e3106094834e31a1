//! `Trial`: a test that a policy carries with it: an event, a past, and what must come of them.
//!
//! A trial is run without a store and without a clock, so whoever reads the document can tell its end.

mod expectation;
mod moment;
mod sample;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::Policy;
use crate::decision::{Decision, decide};
use crate::event::Draft;
use crate::features::Features;
use crate::history::History;
use crate::problem::FieldError;
use crate::rule::RuleSet;

pub use expectation::Expectation;

/// Most tests of one policy: they run whenever it is checked.
const TRIALS_MAX: usize = 100;

/// A test that a policy carries with it. It belongs to the document, and not to what the policy does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// What is tested, in words.
    pub name: String,
    /// An event as in `POST /events/ingest`, of which `type` alone is required. A field whose name ends in `_at` may
    /// be an age such as `3 days ago`.
    #[schemars(with = "Draft")]
    pub event: Map<String, Value>,
    /// What was known of the subject before the event; what is left out did not happen. Times may be ages such as
    /// `90 minutes ago`. `now` is noon of a Monday (2026-01-05T12:00:00Z) unless it is given.
    #[serde(default)]
    #[schemars(with = "History")]
    pub history: Map<String, Value>,
    /// What must come of it: at least one thing.
    #[serde(deserialize_with = "expectation::read")]
    pub expect: Expectation,
}

impl Trial {
    /// What is judged in this test.
    ///
    /// # Errors
    /// A [`FieldError`] whose pointer begins at the test.
    pub fn features(&self) -> Result<Features, FieldError> {
        sample::features(&self.event, &self.history)
    }

    /// Judges the event under `policy`.
    ///
    /// # Errors
    /// As [`Trial::features`]; and what came where something else was expected.
    pub fn run(&self, policy: &Policy, rules: &RuleSet) -> Result<Decision, FieldError> {
        let decision = decide(&self.features()?, policy, rules);
        match self.expect.disappointment(&decision) {
            None => Ok(decision),
            Some(detail) => Err(FieldError::new("", format!("test `{}` fails: {detail}", self.name))),
        }
    }
}

/// The tests of a policy.
pub(super) fn read_list<'de, D: Deserializer<'de>>(reader: D) -> Result<Vec<Trial>, D::Error> {
    let trials = Vec::deserialize(reader)?;
    if trials.len() <= TRIALS_MAX {
        Ok(trials)
    } else {
        Err(serde::de::Error::custom(format!("must be at most {TRIALS_MAX} tests")))
    }
}

#[cfg(test)]
mod tests;
