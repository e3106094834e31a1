//! `Expectation`: what must come of a test.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::decision::{Decision, Outcome};
use crate::score::{Reason, Score};

/// What must come of a test. What is left out may be anything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub struct Expectation {
    /// What happens to the action.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// What would have happened to an event that the policy only watches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<Outcome>,
    /// The exact score.
    #[serde(default, deserialize_with = "read_score", skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100))]
    pub score: Option<i32>,
    /// The lowest score.
    #[serde(default, deserialize_with = "read_score", skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100))]
    pub score_from: Option<i32>,
    /// The highest score.
    #[serde(default, deserialize_with = "read_score", skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100))]
    pub score_to: Option<i32>,
    /// Codes of reasons that must be there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// Codes of reasons that must not be there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_reasons: Vec<String>,
    /// Whether the challenge needs a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otp_required: Option<bool>,
    /// Whether even a passed challenge is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<bool>,
}

impl Expectation {
    /// What was expected and what came instead, with the lines of the score; `None` when it is met.
    pub(super) fn disappointment(&self, decision: &Decision) -> Option<String> {
        let wanted = self.unmet(decision);
        (!wanted.is_empty()).then(|| format!("expected {}, but came {}", wanted.join(", "), told(decision)))
    }

    fn unmet(&self, decision: &Decision) -> Vec<String> {
        let points = decision.score.points;
        let has = |code: &String| decision.score.reasons.iter().any(|reason| reason.code == *code);
        let outcome = self.outcome.filter(|outcome| *outcome != decision.outcome);
        let observed = self.observed.filter(|outcome| Some(*outcome) != decision.observed);
        let score = self.score.filter(|score| *score != points);
        let lowest = self.score_from.filter(|score| *score > points);
        let highest = self.score_to.filter(|score| *score < points);
        let otp = self.otp_required.filter(|wanted| *wanted != decision.otp_required);
        let hold = self.hold.filter(|wanted| *wanted != decision.hold);
        let mut wanted = Vec::new();
        wanted.extend(outcome.map(|outcome| format!("outcome {}", outcome.as_str())));
        wanted.extend(observed.map(|outcome| format!("observed {}", outcome.as_str())));
        wanted.extend(score.map(|score| format!("score {score}")));
        wanted.extend(lowest.map(|score| format!("a score of {score} or more")));
        wanted.extend(highest.map(|score| format!("a score of {score} or less")));
        wanted.extend(self.reasons.iter().filter(|code| !has(code)).map(|code| format!("reason {code}")));
        wanted.extend(self.not_reasons.iter().filter(|code| has(code)).map(|code| format!("no {code}")));
        wanted.extend(otp.map(|wanted| format!("otp_required {wanted}")));
        wanted.extend(hold.map(|wanted| format!("hold {wanted}")));
        wanted
    }
}

/// A decision in one line: `allow with score 25 = 15 ACTION_SENSITIVE + 10 NEW_COUNTRY; not known: device.id`.
fn told(decision: &Decision) -> String {
    let mut told = format!("{} with {}", decision.outcome.as_str(), waterfall(&decision.score));
    let mut add = |more: String| told.push_str(&more);
    if let Some(observed) = decision.observed {
        add(format!("; observed {}", observed.as_str()));
    }
    if decision.otp_required {
        add("; with a code".to_owned());
    }
    if decision.hold {
        add("; held".to_owned());
    }
    if !decision.score.missing.is_empty() {
        add(format!("; not known: {}", decision.score.missing.join(", ")));
    }
    for failed in &decision.score.failed {
        add(format!("; rule {} failed: {}", failed.code, failed.error));
    }
    told
}

fn waterfall(score: &Score) -> String {
    let line = |(place, reason): (usize, &Reason)| {
        let sign = match (place, reason.points < 0) {
            (0, false) => " = ",
            (0, true) => " = -",
            (_, false) => " + ",
            (_, true) => " - ",
        };
        format!("{sign}{} {}", reason.points.abs(), reason.code)
    };
    let lines: Vec<String> = score.reasons.iter().enumerate().map(line).collect();
    format!("score {}{}", score.points, lines.concat())
}

/// What expects nothing is met by anything, and tests nothing.
pub(super) fn read<'de, D: Deserializer<'de>>(reader: D) -> Result<Expectation, D::Error> {
    let expectation = Expectation::deserialize(reader)?;
    if expectation == Expectation::default() {
        return Err(serde::de::Error::custom("must expect something, such as `outcome: allow`"));
    }
    Ok(expectation)
}

fn read_score<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<i32>, D::Error> {
    let score = Option::<i32>::deserialize(reader)?;
    match score {
        Some(score) if !(0..=100).contains(&score) => Err(serde::de::Error::custom("must be 0 to 100")),
        score => Ok(score),
    }
}
