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
    let measured =
        stream(&PLAN).iter().filter(|step| step.person < PLAN.people && step.at >= measured_from()).count();
    let report = report(|_| verdict(Outcome::BlockEscalate, false));
    let (each, all) = report.honest.split_at(report.honest.len() - 1);
    assert_eq!(each.iter().map(|row| row.actions as usize).sum::<usize>(), measured);
    assert!(all[0].actions < u32::try_from(measured).unwrap());
    assert_eq!(report.scams.last().unwrap().nothing_lost, 10);
}
