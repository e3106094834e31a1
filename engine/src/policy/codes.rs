//! Codes: whatever a policy says of a reason, some signal or rule of it must give that reason.
//!
//! A floor or a hold for a code that nothing has would never apply, and its author would not notice.

use std::collections::BTreeSet;

use super::Policy;
use crate::nearest::nearest;
use crate::problem::FieldError;
use crate::score::{GROUP_CAP, SCORE_CAP, SCORE_FLOOR, SCORE_MINIMUM};
use crate::signal::Signal;

impl Policy {
    /// Every code of this policy that names nothing, or two things.
    pub(super) fn code_errors(&self) -> Vec<FieldError> {
        let mut known: BTreeSet<&str> = self.signals.all().map(Signal::code).into_iter().collect();
        let mut errors = Vec::new();
        for (place, rule) in self.rules.iter().enumerate() {
            if !known.insert(&rule.code) {
                errors.push(FieldError::new(format!("/rules/{place}/code"), "is the code of another reason"));
            }
        }
        let floors = self.floors.iter().map(|floor| floor.when_reason.as_str());
        let holds = self.holds.iter().map(|hold| hold.when_reason.as_str());
        errors.extend(strangers(&known, floors, |place| format!("/floors/{place}/when_reason")));
        errors.extend(strangers(&known, holds, |place| format!("/holds/{place}/when_reason")));
        known.extend([GROUP_CAP, SCORE_CAP, SCORE_FLOOR, SCORE_MINIMUM]);
        for (trial, list, codes) in self.trials() {
            let codes = codes.iter().map(String::as_str);
            errors.extend(strangers(&known, codes, |place| format!("/tests/{trial}/expect/{list}/{place}")));
        }
        errors
    }

    /// The codes that tests speak of: the place of the test, the list, and its codes.
    fn trials(&self) -> impl Iterator<Item = (usize, &'static str, &Vec<String>)> {
        self.tests.iter().enumerate().flat_map(|(place, trial)| {
            let expect = &trial.expect;
            [(place, "reasons", &expect.reasons), (place, "not_reasons", &expect.not_reasons)]
        })
    }
}

/// Those of `codes` that are not `known`.
fn strangers<'a>(
    known: &BTreeSet<&str>,
    codes: impl Iterator<Item = &'a str>,
    pointer: impl Fn(usize) -> String,
) -> Vec<FieldError> {
    let strange = codes.enumerate().filter(|(_, code)| !known.contains(code));
    let error = |(place, code): (usize, &str)| {
        let meant = nearest(code, known.iter().copied());
        let hint = meant.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let detail = format!("must be the code of a signal or of a rule of this policy{hint}");
        FieldError::new(pointer(place), detail)
    };
    strange.map(error).collect()
}
