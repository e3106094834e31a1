//! `Report`: the two numbers that decide, and what is behind them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::decision::{Decision, Outcome};
use crate::features::Features;
use crate::label::Label;
use crate::store::decisions::Past;

/// How many changed decisions are named.
const CHANGED_MAX: usize = 50;

/// What a candidate would have done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Decisions that were judged again, unreadable ones included.
    pub decisions: u64,
    /// Decisions whose snapshot no longer reads back.
    pub unreadable: u64,
    /// Decisions about test events, which are not judged again.
    pub tests: u64,
    /// From what was decided to what would have been, most frequent first when shown.
    pub transitions: Vec<Transition>,
    /// Decisions that would have been others.
    pub changed: u64,
    /// Confirmed scams that were let through and would have been stopped.
    pub scams_stopped: u64,
    /// Confirmed scams that were stopped and would have been let through.
    pub scams_missed: u64,
    /// Good actions that were let through at once and would have been stopped.
    pub good_hit: u64,
    /// Good actions that were stopped and would have been let through at once.
    pub good_spared: u64,
    /// Confirmed scams among the decisions.
    pub scams: u64,
    /// Good actions among them.
    pub good: u64,
    /// Delayed or blocked by event type: as decided, and as it would have been.
    pub stopped_by_type: BTreeMap<String, Stopped>,
    /// The decisions that would have changed most, by points.
    pub largest: Vec<Changed>,
}

/// How often one outcome became another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Transition {
    /// What was decided.
    pub from: Outcome,
    /// What would have been.
    pub to: Outcome,
    /// How often.
    pub decisions: u64,
}

/// How many of one type were delayed or blocked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Stopped {
    /// All of the type.
    pub decisions: u64,
    /// As decided.
    pub before: u64,
    /// As it would have been.
    pub after: u64,
}

/// A decision that would have been another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Its session.
    pub session_id: String,
    /// What was decided.
    pub from: Outcome,
    /// What would have been.
    pub to: Outcome,
    /// Its points then.
    pub score_before: i32,
    /// Its points under the candidate.
    pub score_after: i32,
    /// What became of it.
    pub label: Option<Label>,
}

impl Report {
    pub(super) fn add(&mut self, past: &Past, features: &Features, decision: &Decision) {
        let Some(from) = Outcome::parse(&past.outcome) else { return self.add_unreadable() };
        let to = decision.observed.unwrap_or(decision.outcome);
        let label = past.label.as_deref().and_then(Label::parse);
        self.decisions += 1;
        self.count(from, to);
        self.count_label(label, from != Outcome::Allow, to != Outcome::Allow);
        let name = features.event.event_type.as_str();
        if !self.stopped_by_type.contains_key(name) {
            self.stopped_by_type.insert(name.to_owned(), Stopped::default());
        }
        if let Some(stopped) = self.stopped_by_type.get_mut(name) {
            stopped.decisions += 1;
            stopped.before += u64::from(from != Outcome::Allow);
            stopped.after += u64::from(to != Outcome::Allow);
        }
        if from != to {
            self.changed += 1;
            self.keep(past, from, to, decision.score.points, label);
        }
    }

    pub(super) fn add_test(&mut self) {
        self.decisions += 1;
        self.tests += 1;
    }

    pub(super) fn add_unreadable(&mut self) {
        self.decisions += 1;
        self.unreadable += 1;
    }

    fn count(&mut self, from: Outcome, to: Outcome) {
        match self.transitions.iter_mut().find(|known| known.from == from && known.to == to) {
            Some(known) => known.decisions += 1,
            None => self.transitions.push(Transition { from, to, decisions: 1 }),
        }
    }

    fn count_label(&mut self, label: Option<Label>, stopped: bool, would_stop: bool) {
        match label {
            Some(Label::Scam) => {
                self.scams += 1;
                self.scams_stopped += u64::from(!stopped && would_stop);
                self.scams_missed += u64::from(stopped && !would_stop);
            }
            Some(Label::Good) => {
                self.good += 1;
                self.good_hit += u64::from(!stopped && would_stop);
                self.good_spared += u64::from(stopped && !would_stop);
            }
            None => {}
        }
    }

    /// Keeps a changed decision while it is among the largest.
    fn keep(&mut self, past: &Past, from: Outcome, to: Outcome, score_after: i32, label: Option<Label>) {
        let distance = |before: i32, after: i32| before.abs_diff(after);
        let this = distance(past.score, score_after);
        let full = self.largest.len() >= CHANGED_MAX;
        if full
            && self.largest.last().is_some_and(|last| distance(last.score_before, last.score_after) >= this)
        {
            return;
        }
        let session_id = past.session_id.clone();
        let changed = Changed { session_id, from, to, score_before: past.score, score_after, label };
        let place =
            self.largest.partition_point(|kept| distance(kept.score_before, kept.score_after) >= this);
        self.largest.insert(place, changed);
        self.largest.truncate(CHANGED_MAX);
    }
}
