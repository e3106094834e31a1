//! `Report`: what a policy stopped, and whom it asked in vain.

use serde::Serialize;

use super::Plan;

/// The figures of one simulation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// What was simulated.
    pub plan: Plan,
    /// Name of the policy.
    pub policy: String,
    /// Digest of the policy.
    pub policy_digest: String,
    /// Events that were screened, the history included.
    pub events: u64,
    /// Days that the figures are of.
    pub measured_days: i64,
    /// One row per script, and one of all together.
    pub scams: Vec<ScamRow>,
    /// One row per category of honest events, and one of all actions together.
    pub honest: Vec<Friction>,
    /// Honest people who did anything in the measured days.
    pub honest_people: u32,
    /// Those of them who were asked or blocked at least once.
    pub honest_people_asked: u32,
    /// What the scores of harmful events that were stopped were made of.
    pub caught_by: Vec<Weight>,
    /// What the scores of harmful events that were let through were made of.
    pub missed_with: Vec<Weight>,
    /// What the scores of honest events that were stopped were made of.
    pub disturbed_by: Vec<Weight>,
}

/// What became of the scams of one script. To stop is to delay or to block.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ScamRow {
    /// The script.
    pub script: String,
    /// How many.
    pub scams: u32,
    /// Those in which the first harmful event, or what prepared it, was stopped.
    pub stopped_at_first: u32,
    /// Those in which something was stopped before any money left.
    pub stopped_in_time: u32,
    /// Those in which every harmful event that was tried was stopped.
    pub stopped_always: u32,
    /// Those in which no money went through in the end, with the given share of victims who lie when asked.
    pub nothing_lost: u32,
    /// Harmful events.
    pub harmful: u32,
    /// Those that were stopped.
    pub harmful_stopped: u32,
    /// Those of the stopped that were blocked at once.
    pub harmful_blocked: u32,
    /// Scams in which the device told of a call, a shared screen or a remote hand.
    pub flagged: u32,
    /// Scams without it in which something was stopped before any money left.
    pub unflagged_in_time: u32,
}

/// What honest people met.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Friction {
    /// The category.
    pub kind: String,
    /// Honest events.
    pub actions: u32,
    /// Those that were delayed by a question.
    pub delayed: u32,
    /// Those that were blocked.
    pub blocked: u32,
}

/// What one reason adds to scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Weight {
    /// Its code.
    pub reason: String,
    /// Points per event of the kind, to one digit.
    pub points_per_event: String,
}

/// All scripts together.
pub(super) fn total(rows: &[ScamRow]) -> ScamRow {
    let sum = |of: fn(&ScamRow) -> u32| rows.iter().map(of).sum();
    ScamRow {
        script: "all".to_owned(),
        scams: sum(|row| row.scams),
        stopped_at_first: sum(|row| row.stopped_at_first),
        stopped_in_time: sum(|row| row.stopped_in_time),
        stopped_always: sum(|row| row.stopped_always),
        nothing_lost: sum(|row| row.nothing_lost),
        harmful: sum(|row| row.harmful),
        harmful_stopped: sum(|row| row.harmful_stopped),
        harmful_blocked: sum(|row| row.harmful_blocked),
        flagged: sum(|row| row.flagged),
        unflagged_in_time: sum(|row| row.unflagged_in_time),
    }
}
