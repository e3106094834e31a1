//! `Score`: the points of an event and the reasons that add up to them.
//!
//! Caps, floors and the limit of 100 are reasons too, so that nothing moves a score without being seen.

use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::history::History;
use crate::policy::Policy;
use crate::signal::{Finding, Group, Mode};

/// Takes back what the signals of one group have above their cap.
pub const GROUP_CAP: &str = "GROUP_CAP";
/// Lifts a score to what one of its reasons demands.
pub const SCORE_FLOOR: &str = "SCORE_FLOOR";
/// Takes back what lies above 100.
pub const SCORE_CAP: &str = "SCORE_CAP";

/// The highest score there is.
const HIGHEST: i32 = 100;

/// One line of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable name, such as `NEW_DEVICE`.
    pub code: String,
    /// What it adds; below zero for caps.
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
    /// What signals on trial would have added; not part of `points`.
    pub shadow: Vec<Reason>,
}

/// What one live signal found.
#[derive(Debug, Clone)]
struct Hit {
    group: Group,
    reason: Reason,
}

/// Asks every signal of `policy` and adds up what they found.
#[must_use]
pub fn score(event: &Event, history: &History, policy: &Policy) -> Score {
    let mut hits = Vec::new();
    let mut missing: Vec<String> = Vec::new();
    let mut shadow = Vec::new();
    for signal in policy.signals.all() {
        let mode = signal.mode();
        if mode == Mode::Off {
            continue;
        }
        match (signal.judge(event, history), mode) {
            (Finding::Hit { points, detail }, Mode::Live) => {
                let reason = Reason { code: signal.code().to_owned(), points, detail };
                hits.push(Hit { group: signal.group(), reason });
            }
            (Finding::Hit { points, detail }, _) => {
                shadow.push(Reason { code: signal.code().to_owned(), points, detail });
            }
            (Finding::Unknown { field }, Mode::Live) if !missing.iter().any(|known| known == field) => {
                missing.push(field.to_owned());
            }
            _ => {}
        }
    }
    let (points, reasons) = add_up(hits, policy);
    Score { points, reasons, missing, shadow }
}

/// Signals, then group caps, then the highest floor that one of them demands, then the limit of 100.
fn add_up(hits: Vec<Hit>, policy: &Policy) -> (i32, Vec<Reason>) {
    let caps = group_caps(&hits, policy);
    let mut points: i32 =
        hits.iter().map(|hit| hit.reason.points).chain(caps.iter().map(|cap| cap.points)).sum();
    let floor = floor(&hits, policy, points);
    let mut reasons: Vec<Reason> = hits.into_iter().map(|hit| hit.reason).chain(caps).chain(floor).collect();
    points = reasons.iter().map(|reason| reason.points).sum();
    if points > HIGHEST {
        reasons.push(Reason {
            code: SCORE_CAP.to_owned(),
            points: HIGHEST - points,
            detail: format!("a score is at most {HIGHEST}"),
        });
        points = HIGHEST;
    }
    reasons.retain(|reason| reason.points != 0);
    (points, reasons)
}

fn group_caps(hits: &[Hit], policy: &Policy) -> Vec<Reason> {
    let over = |(group, cap): (Group, i32)| {
        let sum: i32 = hits.iter().filter(|hit| hit.group == group).map(|hit| hit.reason.points).sum();
        (sum > cap).then(|| Reason {
            code: GROUP_CAP.to_owned(),
            points: cap - sum,
            detail: format!("{} signals count for at most {cap} together", group.as_str()),
        })
    };
    policy.groups.iter().filter_map(over).collect()
}

fn floor(hits: &[Hit], policy: &Policy, points: i32) -> Option<Reason> {
    let demanded = |code: &str| hits.iter().any(|hit| hit.reason.code == code);
    let floor =
        policy.floors.iter().filter(|floor| demanded(&floor.when_reason)).max_by_key(|floor| floor.score)?;
    (floor.score > points).then(|| Reason {
        code: SCORE_FLOOR.to_owned(),
        points: floor.score - points,
        detail: format!("{} demands a score of at least {}", floor.when_reason, floor.score),
    })
}

#[cfg(test)]
mod tests;
