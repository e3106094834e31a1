//! `check`: all that can be said of a document before it is published.

use serde_json::{Map, Value};

use super::{Complaint, Policy, PolicyText, name, parts, read};
use crate::problem::FieldError;
use crate::rule::RuleSet;

/// More complaints than this help nobody.
const COMPLAINTS_MAX: usize = 100;

/// What a check of a document found.
#[derive(Debug, Clone)]
pub struct Report {
    /// The policy, where nothing is wrong with the document.
    pub policy: Option<Policy>,
    /// What is wrong, by line; at most 100.
    pub complaints: Vec<Complaint>,
}

impl Report {
    /// True when the document can be published.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.complaints.is_empty()
    }

    /// How many tests of the document were passed.
    #[must_use]
    pub fn tests(&self) -> usize {
        self.policy.as_ref().map_or(0, |policy| policy.tests.len())
    }
}

/// Reads a document, and checks its fields, its codes, its rules and, once all that is well, its tests.
#[must_use]
pub fn check(text: &str) -> Report {
    let text = match PolicyText::read(text) {
        Ok(text) => text,
        Err(complaint) => return Report { policy: None, complaints: vec![complaint] },
    };
    match check_value(text.value()) {
        Ok(policy) => Report { policy: Some(policy), complaints: Vec::new() },
        Err(errors) => {
            let mut complaints: Vec<_> = errors.into_iter().map(|error| text.complaint(error)).collect();
            complaints.sort_by_key(|complaint| (complaint.line, complaint.column));
            // one place, one complaint: the first says enough
            complaints.dedup_by(|later, first| later.pointer == first.pointer);
            complaints.truncate(COMPLAINTS_MAX);
            Report { policy: None, complaints }
        }
    }
}

fn check_value(document: &Value) -> Result<Policy, Vec<FieldError>> {
    let Value::Object(members) = document else {
        return Err(vec![FieldError::new("", "a policy is an object with at least a `name`")]);
    };
    let mut errors = parts::mistakes(members, COMPLAINTS_MAX);
    if let Some(policy) = sound_part(members, &errors) {
        errors.extend(name::check(&policy.name).err());
        errors.extend(policy.code_errors());
        errors.extend(rule_errors(&policy));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    // what is wrong only with the whole, such as the length of a list
    let policy: Policy = read::value(document).map_err(|error| vec![error])?;
    let errors = failed_tests(&policy)?;
    if errors.is_empty() { Ok(policy) } else { Err(errors) }
}

/// The policy without the sections that have a mistake; none when the codes of that would be judged wrongly.
fn sound_part(members: &Map<String, Value>, errors: &[FieldError]) -> Option<Policy> {
    let section = |error: &FieldError| error.pointer.split('/').nth(1).unwrap_or_default().to_owned();
    let broken: Vec<String> = errors.iter().map(section).collect();
    if broken.iter().any(|section| section == "rules") {
        return None;
    }
    let mut sound = members.clone();
    sound.retain(|name, _| !broken.contains(name));
    // without floors of its own a policy has the default ones, which speak of no rule
    sound.entry("name").or_insert_with(|| "part".into());
    read::value(&Value::Object(sound)).ok()
}

/// Each rule is compiled for itself, as a set of rules stops at its first bad one; then all of them together.
fn rule_errors(policy: &Policy) -> Vec<FieldError> {
    let alone = policy.rules.iter().enumerate().filter_map(|(place, rule)| {
        let error = RuleSet::compile(std::slice::from_ref(rule)).err()?;
        let below = error.pointer.strip_prefix("/rules/0").or_else(|| error.pointer.strip_prefix("/0"));
        let pointer = format!("/rules/{place}{}", below.unwrap_or_default());
        Some(FieldError::new(pointer, error.detail))
    });
    let errors: Vec<_> = alone.collect();
    if errors.is_empty() { RuleSet::compile(&policy.rules).err().into_iter().collect() } else { errors }
}

fn failed_tests(policy: &Policy) -> Result<Vec<FieldError>, Vec<FieldError>> {
    let rules = RuleSet::compile(&policy.rules).map_err(|error| vec![error])?;
    let failed = policy.tests.iter().enumerate().filter_map(|(place, trial)| {
        let error = trial.run(policy, &rules).err()?;
        Some(FieldError::new(format!("/tests/{place}{}", error.pointer), error.detail))
    });
    Ok(failed.collect())
}

#[cfg(test)]
mod tests;
