use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::event::Category;

fn small() -> Plan {
    Plan { seed: 7, people: 40, victims: 8, coached_lie: 0.5 }
}

/// The script of a victim, by the order in which they are drawn.
fn script_of(plan: &Plan, person: u32) -> Option<Script> {
    let place = person.checked_sub(plan.people)? / plan.victims;
    Script::ALL.get(usize::try_from(place).unwrap()).copied()
}

#[test]
fn the_same_seed_gives_the_same_stream_and_another_one_another() {
    let plan = small();
    assert_eq!(stream(&plan), stream(&plan));
    assert_ne!(stream(&plan), stream(&Plan { seed: 8, ..plan }));
}

#[test]
fn more_people_change_nothing_for_those_who_were_there() {
    let (few, many) = (small(), Plan { people: 45, ..small() });
    let of = |plan: &Plan| -> Vec<_> {
        stream(plan)
            .into_iter()
            .filter(|step| step.person < 40)
            .map(|step| (step.at, step.draft.subject))
            .collect()
    };
    assert_eq!(of(&few), of(&many));
}

#[test]
fn time_never_runs_back_and_every_event_is_one() {
    let steps = stream(&small());
    assert!(steps.is_sorted_by_key(|step| step.at));
    let mut ids = BTreeSet::new();
    for step in steps {
        let event = step.draft.strict().unwrap();
        assert_eq!(event.occurred_at, Some(step.at));
        assert!(step.at >= start() - TimeDelta::days(1));
        assert_ne!(event.event_type.category(), Category::Other, "{}", event.event_type);
        if let (Some(amount), Some(balance)) = (&event.action.amount, &event.action.balance) {
            assert!(amount.value <= balance.value, "{amount:?} of {balance:?}");
        }
        assert!(ids.insert(event.id));
    }
}

#[test]
fn honest_people_do_no_harm_and_every_victim_meets_the_own_script() {
    let plan = small();
    let mut harmed: BTreeMap<u32, Script> = BTreeMap::new();
    for step in stream(&plan) {
        match step.label {
            Label::Honest => assert_eq!(step.answer, Answer::Denies),
            Label::Prelude(script) | Label::Harmful(script) => {
                assert_eq!(Some(script), script_of(&plan, step.person));
                assert!(step.at >= measured_from(), "{} {}", step.at, step.person);
                if matches!(step.label, Label::Harmful(_)) {
                    harmed.insert(step.person, script);
                }
            }
        }
    }
    let victims = usize::try_from(plan.victims).unwrap();
    for script in Script::ALL {
        assert_eq!(harmed.values().filter(|harm| **harm == script).count(), victims, "{script}");
    }
}

#[test]
fn scripts_vary() {
    let plan = Plan { people: 0, victims: 60, ..small() };
    for script in Script::ALL {
        let steps: Vec<Step> =
            stream(&plan).into_iter().filter(|step| step.label == Label::Harmful(script)).collect();
        let devices = steps.iter().filter(|step| step.flagged).count();
        assert!(devices < steps.len(), "{script}: some devices tell nothing");
        let at_own = |step: &&Step| {
            let id = step.draft.device.as_ref().and_then(|device| device.id.clone()).unwrap_or_default();
            id.starts_with(&format!("device-{}-", step.person))
        };
        assert!(steps.iter().any(|step| at_own(&step)), "{script}: some act from their own device");
        let lengths: BTreeSet<usize> = steps
            .iter()
            .map(|step| steps.iter().filter(|other| other.person == step.person).count())
            .collect();
        assert!(lengths.len() > 1, "{script}: not all have the same number of steps");
        assert!(steps.iter().any(|step| step.answer == Answer::Denies), "{script}: some lie");
        assert!(steps.iter().any(|step| step.answer != Answer::Denies), "{script}: some do not");
    }
}

#[test]
fn enough_ordinary_life_comes_before_what_is_measured() {
    let plan = small();
    let steps = stream(&plan);
    let before = steps.iter().filter(|step| step.at < measured_from()).count();
    let after = steps.iter().filter(|step| step.person < plan.people && step.at >= measured_from()).count();
    assert!(before > 20 * 40 && after > 10 * 40, "{before} {after}");
}
