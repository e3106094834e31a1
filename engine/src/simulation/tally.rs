//! `Tally`: counts what was decided of labelled events.

use std::collections::{BTreeMap, BTreeSet};

use super::report::{Friction, Report, ScamRow, Weight, total};
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

/// Points by reason, over a number of events.
#[derive(Debug, Default)]
struct Weights {
    events: u32,
    points: BTreeMap<String, i64>,
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
        let quiet = [Category::Login, Category::Account].map(Category::as_str);
        let count = |of: fn(&Friction) -> u32| {
            friction.iter().filter(|row| !quiet.contains(&row.kind.as_str())).map(of).sum()
        };
        let actions = Friction {
            kind: "all but signing in".to_owned(),
            actions: count(|row| row.actions),
            delayed: count(|row| row.delayed),
            blocked: count(|row| row.blocked),
        };
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

impl Weights {
    fn add(&mut self, reasons: &[Reason]) {
        self.events += 1;
        for reason in reasons {
            *self.points.entry(reason.code.clone()).or_default() += i64::from(reason.points);
        }
    }

    /// The reasons that moved the scores most, with their points per event.
    fn heaviest(&self) -> Vec<Weight> {
        let mut weights: Vec<_> = self.points.iter().collect();
        weights.sort_by_key(|(code, points)| (std::cmp::Reverse(points.abs()), *code));
        let weight = |(code, points): (&String, &i64)| Weight {
            reason: code.clone(),
            points_per_event: tenths(*points, self.events),
        };
        weights.into_iter().take(12).map(weight).collect()
    }
}

/// A share of `points` to one digit, without the rest.
fn tenths(points: i64, events: u32) -> String {
    let tenths = points.abs() * 10 / i64::from(events.max(1));
    let sign = if points < 0 && tenths > 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}

fn carries_money(step: &Step) -> bool {
    step.draft.action.as_ref().is_some_and(|action| action.amount.is_some())
}

fn count_of(people: &BTreeSet<u32>) -> u32 {
    u32::try_from(people.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Policy, PolicyVersion};
    use crate::simulation::stream;

    const PLAN: Plan = Plan { seed: 3, people: 6, victims: 2, coached_lie: 1.0 };

    fn verdict(outcome: Outcome, through: bool) -> Verdict {
        let reason = Reason { code: "NEW_DEVICE".to_owned(), points: 15, detail: "new".to_owned() };
        Verdict { outcome, reasons: vec![reason], through }
    }

    /// The figures when each event of the stream is judged by `judge`.
    fn report(judge: impl Fn(&Step) -> Verdict) -> Report {
        let mut tally = Tally::new(&PLAN);
        for step in stream(&PLAN) {
            tally.add(&step, &judge(&step));
        }
        let policy = Policy::default_policy();
        let digest = policy.digest();
        let rules = std::sync::Arc::default();
        tally.report(&PLAN, &PolicyVersion { name: policy.name.clone(), version: 1, digest, policy, rules })
    }

    #[test]
    fn what_is_let_through_is_lost_and_disturbs_nobody() {
        let report = report(|_| verdict(Outcome::Allow, true));
        let all = report.scams.last().unwrap();
        assert_eq!((all.scams, all.stopped_in_time, all.nothing_lost, all.harmful_stopped), (10, 0, 0, 0));
        assert_eq!(report.honest_people_asked, 0);
        assert!(report.honest.iter().all(|row| row.delayed == 0 && row.blocked == 0));
        assert!(report.caught_by.is_empty() && !report.missed_with.is_empty());
    }

    #[test]
    fn a_delay_that_is_lied_through_stops_and_still_loses() {
        let report = report(|_| verdict(Outcome::DelayVerify, true));
        let all = report.scams.last().unwrap();
        assert_eq!((all.scams, all.stopped_in_time, all.stopped_always, all.nothing_lost), (10, 10, 10, 0));
        assert_eq!(report.honest_people_asked, report.honest_people);
        assert_eq!(report.caught_by[0].points_per_event, "15.0");
    }

    #[test]
    fn only_honest_people_in_the_measured_days_are_friction() {
        let measured = stream(&PLAN)
            .iter()
            .filter(|step| step.person < PLAN.people && step.at >= measured_from())
            .count();
        let report = report(|_| verdict(Outcome::BlockEscalate, false));
        let (each, all) = report.honest.split_at(report.honest.len() - 1);
        assert_eq!(each.iter().map(|row| row.actions as usize).sum::<usize>(), measured);
        assert!(all[0].actions < u32::try_from(measured).unwrap());
        assert_eq!(report.scams.last().unwrap().nothing_lost, 10);
    }

    #[test]
    fn tenths_keep_their_sign() {
        for (points, events, text) in [(15, 10, "1.5"), (-5, 10, "-0.5"), (-105, 10, "-10.5"), (0, 0, "0.0")]
        {
            assert_eq!(tenths(points, events), text);
        }
    }
}
