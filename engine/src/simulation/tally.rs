//! `Tally`: counts what was decided of labelled events.

use std::collections::{BTreeMap, BTreeSet};

use super::report::{Friction, Report, ScamRow, total};
use super::weights::Weights;
use super::{Label, MEASURED_DAYS, Plan, Script, Step, measured_from};
use crate::decision::Outcome;
use crate::event::{Category, EventType};
use crate::policy::PolicyVersion;
use crate::score::Reason;

/// What became of an event.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) outcome: Outcome,
    pub(super) reasons: Vec<Reason>,
    /// It was let through, at once or after the challenge.
    pub(super) through: bool,
}

/// The counts so far.
#[derive(Debug)]
pub(super) struct Tally {
    /// The first so many people are honest.
    people: u32,
    events: u64,
    scams: BTreeMap<u32, Scam>,
    friction: BTreeMap<Category, Friction>,
    /// Honest people who did anything in the measured days, and those of them who were asked or blocked.
    seen: BTreeSet<u32>,
    asked: BTreeSet<u32>,
    caught: Weights,
    missed: Weights,
    disturbed: Weights,
}

/// One victim's script.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is counted on its own")]
struct Scam {
    script: Script,
    harmful: u32,
    stopped: u32,
    blocked: u32,
    /// Something was stopped at the first harmful event or before it.
    at_first: bool,
    /// Something was stopped before money first left, or as it was about to.
    in_time: bool,
    money_seen: bool,
    /// Money went through in the end.
    lost: bool,
    flagged: bool,
}

impl Tally {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            people: plan.people,
            events: 0,
            scams: BTreeMap::new(),
            friction: BTreeMap::new(),
            seen: BTreeSet::new(),
            asked: BTreeSet::new(),
            caught: Weights::default(),
            missed: Weights::default(),
            disturbed: Weights::default(),
        }
    }

    pub(super) fn add(&mut self, step: &Step, verdict: &Verdict) {
        self.events += 1;
        match step.label {
            Label::Harmful(script) => self.add_harmful(script, step, verdict),
            Label::Prelude(script) => self.scam(script, step).prepare(step, verdict),
            Label::Honest if step.person < self.people && step.at >= measured_from() => {
                self.add_honest(step, verdict);
            }
            // a victim's own life, and what comes before what is measured
            Label::Honest => {}
        }
    }

    fn scam(&mut self, script: Script, step: &Step) -> &mut Scam {
        self.scams.entry(step.person).or_insert_with(|| Scam::new(script))
    }

    fn add_harmful(&mut self, script: Script, step: &Step, verdict: &Verdict) {
        self.scam(script, step).harm(step, verdict);
        let stopped = verdict.outcome != Outcome::Allow;
        let weights = if stopped { &mut self.caught } else { &mut self.missed };
        weights.add(&verdict.reasons);
    }

    fn add_honest(&mut self, step: &Step, verdict: &Verdict) {
        let event_type = EventType::new(step.draft.event_type.as_deref().unwrap_or_default());
        let row = self.friction.entry(event_type.category()).or_default();
        row.actions += 1;
        row.delayed += u32::from(verdict.outcome == Outcome::DelayVerify);
        row.blocked += u32::from(verdict.outcome == Outcome::BlockEscalate);
        self.seen.insert(step.person);
        if verdict.outcome != Outcome::Allow {
            self.asked.insert(step.person);
            self.disturbed.add(&verdict.reasons);
        }
    }

    /// What came out.
    pub(super) fn report(&self, plan: &Plan, policy: &PolicyVersion) -> Report {
        let scams: Vec<ScamRow> = Script::ALL.into_iter().map(|script| self.row(script)).collect();
        let all = total(&scams);
        let friction: Vec<Friction> = self
            .friction
            .iter()
            .map(|(category, row)| Friction { kind: category.as_str().to_owned(), ..row.clone() })
            .collect();
        let actions = actions(&friction);
        Report {
            plan: *plan,
            policy: policy.name.clone(),
            policy_digest: policy.digest.clone(),
            events: self.events,
            measured_days: MEASURED_DAYS,
            scams: scams.into_iter().chain([all]).collect(),
            honest: friction.into_iter().chain([actions]).collect(),
            honest_people: count_of(&self.seen),
            honest_people_asked: count_of(&self.asked),
            caught_by: self.caught.heaviest(),
            missed_with: self.missed.heaviest(),
            disturbed_by: self.disturbed.heaviest(),
        }
    }

    fn row(&self, script: Script) -> ScamRow {
        let mut row = ScamRow { script: script.as_str().to_owned(), ..ScamRow::default() };
        for scam in self.scams.values().filter(|scam| scam.script == script) {
            row.scams += 1;
            row.stopped_at_first += u32::from(scam.at_first);
            row.stopped_in_time += u32::from(scam.in_time);
            row.stopped_always += u32::from(scam.stopped == scam.harmful);
            row.nothing_lost += u32::from(!scam.lost);
            row.harmful += scam.harmful;
            row.harmful_stopped += scam.stopped;
            row.harmful_blocked += scam.blocked;
            row.flagged += u32::from(scam.flagged);
            row.unflagged_in_time += u32::from(!scam.flagged && scam.in_time);
        }
        row
    }
}

impl Scam {
    fn new(script: Script) -> Self {
        Self {
            script,
            harmful: 0,
            stopped: 0,
            blocked: 0,
            at_first: false,
            in_time: false,
            money_seen: false,
            lost: false,
            flagged: false,
        }
    }

    /// A stop of what prepares the script stops its first harmful event too.
    fn prepare(&mut self, step: &Step, verdict: &Verdict) {
        let stopped = verdict.outcome != Outcome::Allow;
        self.flagged |= step.flagged;
        self.at_first |= stopped && self.harmful == 0;
        self.in_time |= stopped && !self.money_seen;
    }

    fn harm(&mut self, step: &Step, verdict: &Verdict) {
        self.prepare(step, verdict);
        self.harmful += 1;
        self.stopped += u32::from(verdict.outcome != Outcome::Allow);
        self.blocked += u32::from(verdict.outcome == Outcome::BlockEscalate);
        if carries_money(step) {
            self.money_seen = true;
            self.lost |= verdict.through;
        }
    }
}

/// All that people do but signing in and opening an account.
fn actions(friction: &[Friction]) -> Friction {
    let quiet = [Category::Login, Category::Account].map(Category::as_str);
    let counted = || friction.iter().filter(|row| !quiet.contains(&row.kind.as_str()));
    Friction {
        kind: "all but signing in".to_owned(),
        actions: counted().map(|row| row.actions).sum(),
        delayed: counted().map(|row| row.delayed).sum(),
        blocked: counted().map(|row| row.blocked).sum(),
    }
}

fn carries_money(step: &Step) -> bool {
    step.draft.action.as_ref().is_some_and(|action| action.amount.is_some())
}

fn count_of(people: &BTreeSet<u32>) -> u32 {
    u32::try_from(people.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
