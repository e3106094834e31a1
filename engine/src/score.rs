//! `Score`: the points of an event and the reasons that add up to them.
//!
//! Caps, floors and the limit of 100 are reasons too, so that nothing moves a score without being seen.

use serde::{Deserialize, Serialize};

use crate::event::Category;
use crate::features::Features;
use crate::policy::Policy;
use crate::rule::{RuleSet, Verdict};
use crate::signal::{Finding, Group, Mode};

/// Takes back what the signals of one group have above their cap.
pub const GROUP_CAP: &str = "GROUP_CAP";
/// Lifts a score to what one of its reasons demands.
pub const SCORE_FLOOR: &str = "SCORE_FLOOR";
/// Gives back what trust took off below 0.
pub const SCORE_MINIMUM: &str = "SCORE_MINIMUM";
/// Takes back what lies above 100.
pub const SCORE_CAP: &str = "SCORE_CAP";

/// The highest score there is.
const HIGHEST: i32 = 100;

/// One line of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable name, such as `NEW_DEVICE`.
    pub code: String,
    /// What it adds; below zero for caps and trust.
    pub points: i32,
    /// What was found, in words for an analyst, without personal data.
    pub detail: String,
}

/// The points of an event, 0 to 100, and where they come from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Sum of the points of `reasons`.
    pub points: i32,
    /// Every line that moved the score, signals first.
    pub reasons: Vec<Reason>,
    /// Fields that a live signal needed and did not get, each once.
    pub missing: Vec<String>,
    /// What signals and rules on trial would have added; not part of `points`.
    pub shadow: Vec<Reason>,
    /// Rules that could not be judged; they add nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<FailedRule>,
}

/// A rule that could not be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedRule {
    /// The rule.
    pub code: String,
    /// What went wrong, without a value of the event.
    pub error: String,
}

/// What one live signal found.
#[derive(Debug, Clone)]
struct Hit {
    group: Group,
    reason: Reason,
}

/// Asks every signal and every rule of a policy and adds up what they found.
#[must_use]
pub fn score(features: &Features, policy: &Policy, rules: &RuleSet) -> Score {
    let mut score = Score::default();
    let mut hits = Vec::new();
    for signal in policy.signals.all() {
        let mode = signal.mode();
        if mode == Mode::Off {
            continue;
        }
        match signal.judge(features) {
            Finding::Hit { points, detail } => {
                let reason = Reason { code: signal.code().to_owned(), points, detail };
                note(&mut score, &mut hits, mode, signal.group(), reason);
            }
            Finding::Unknown { field } if mode == Mode::Live => note_missing(&mut score, field),
            Finding::Miss | Finding::Unknown { .. } => {}
        }
    }
    for (rule, verdict) in rules.judge(features) {
        match verdict {
            Verdict::Hit => note(&mut score, &mut hits, rule.mode, rule.group, rule.reason()),
            Verdict::Miss => {}
            Verdict::Failed(error) => score.failed.push(FailedRule { code: rule.code.clone(), error }),
        }
    }
    (score.points, score.reasons) = add_up(hits, policy, features.event.category());
    score
}

fn note(score: &mut Score, hits: &mut Vec<Hit>, mode: Mode, group: Group, reason: Reason) {
    match mode {
        Mode::Live => hits.push(Hit { group, reason }),
        Mode::Shadow => score.shadow.push(reason),
        Mode::Off => {}
    }
}

fn note_missing(score: &mut Score, field: &str) {
    if !score.missing.iter().any(|known| known == field) {
        score.missing.push(field.to_owned());
    }
}

/// Signals, then group caps, then what trust takes off, then the highest floor that one of them demands, then the
/// limits of 0 and 100.
fn add_up(mut hits: Vec<Hit>, policy: &Policy, category: Category) -> (i32, Vec<Reason>) {
    // trust is what a scammer borrows: it counts for nothing once somebody seems to guide the person, or once the
    // account was prepared just before
    if hits.iter().any(|hit| matches!(hit.group, Group::Coercion | Group::Sequence)) {
        hits.retain(|hit| hit.group != Group::Trust);
    }
    let mut lines = group_caps(&hits, policy);
    let sum = |lines: &[Reason]| -> i32 {
        hits.iter().map(|hit| hit.reason.points).chain(lines.iter().map(|line| line.points)).sum()
    };
    lines.extend(limit(SCORE_MINIMUM, sum(&lines).min(0), "a score is at least 0"));
    lines.extend(floor(&hits, policy, category, sum(&lines)));
    lines.extend(limit(SCORE_CAP, (sum(&lines) - HIGHEST).max(0), "a score is at most 100"));
    let points = sum(&lines);
    let mut reasons: Vec<Reason> = hits.into_iter().map(|hit| hit.reason).chain(lines).collect();
    reasons.retain(|reason| reason.points != 0);
    (points, reasons)
}

/// Takes `excess` back, where there is any.
fn limit(code: &str, excess: i32, detail: &str) -> Option<Reason> {
    (excess != 0).then(|| Reason { code: code.to_owned(), points: -excess, detail: detail.to_owned() })
}

fn group_caps(hits: &[Hit], policy: &Policy) -> Vec<Reason> {
    let over = |(group, cap): (Group, i32)| {
        let sum: i32 = hits.iter().filter(|hit| hit.group == group).map(|hit| hit.reason.points).sum();
        (sum.abs() > cap).then(|| Reason {
            code: GROUP_CAP.to_owned(),
            points: sum.signum() * cap - sum,
            detail: format!("{} signals count for at most {cap} together", group.as_str()),
        })
    };
    policy.groups.iter().filter_map(over).collect()
}

fn floor(hits: &[Hit], policy: &Policy, category: Category, points: i32) -> Option<Reason> {
    let demanded = |code: &str| hits.iter().any(|hit| hit.reason.code == code);
    let floors = policy.floors.iter().filter(|floor| floor.covers(category) && demanded(&floor.when_reason));
    let floor = floors.max_by_key(|floor| floor.score)?;
    (floor.score > points).then(|| Reason {
        code: SCORE_FLOOR.to_owned(),
        points: floor.score - points,
        detail: format!("{} demands a score of at least {}", floor.when_reason, floor.score),
    })
}

#[cfg(test)]
mod tests;
