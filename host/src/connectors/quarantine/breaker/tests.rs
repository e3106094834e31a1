//! The breaker: its table, and what holds whatever happens.

use proptest::prelude::*;

use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

/// A breaker that failed until it opened at `now`.
fn opened(breaker: &mut Breaker, now: DateTime<Utc>) {
    let mut turn = None;
    for _ in 0..FAULTS {
        let admitted = breaker.admit(Asking::Fresh, now);
        assert_eq!(admitted, Admission::Call(Asking::Fresh));
        turn = breaker.failed(admitted, now);
    }
    assert_eq!(turn, Some(Turn::Quarantined));
}

/// The pause until the next probe is admitted, in seconds, and the probe.
fn probed(breaker: &mut Breaker, from: i64) -> (i64, Admission) {
    (0..=LONGEST_PAUSE)
        .find_map(|pause| match breaker.admit(Asking::Fresh, at(from + pause)) {
            Admission::Probe => Some((pause, Admission::Probe)),
            _ => None,
        })
        .unwrap()
}

#[test]
fn numbers_stand_in_the_guide() {
    let guide = include_str!("../../../../../connectors/README.md");
    for said in [
        format!("After {FAULTS} faults in a row"),
        format!("{RATE} of its last {WINDOW}"),
        format!("{GOOD} good ones in a row"),
    ] {
        assert!(guide.contains(&said), "the guide does not say {said}");
    }
}

/// After how many calls of this pattern, repeated, a connector is quarantined: `x` is a fault, `.` an answer.
fn calls_until_quarantine(pattern: &str) -> Option<usize> {
    let mut breaker = Breaker::default();
    (1..=500).zip(pattern.chars().cycle()).find_map(|(number, sign)| {
        let now = at(i64::try_from(number).unwrap());
        let admitted = breaker.admit(Asking::Fresh, now);
        let turn = if sign == 'x' { breaker.failed(admitted, now) } else { breaker.well(admitted, now) };
        turn.map(|_| number)
    })
}

#[test]
fn faults_in_a_row_or_half_of_the_latest_quarantine() {
    for (pattern, calls) in [
        // in a row
        ("x", Some(5)),
        ("..xxxxx", Some(7)),
        // four of five, never five in a row: at the tenth fault
        (".xxxx", Some(13)),
        ("xxxx.", Some(12)),
        // half, however it is spread
        ("x.", Some(19)),
        ("xx..", Some(18)),
        ("xxxx....", Some(18)),
        // ten in twenty-one, and less
        ("xxxx......", None),
        ("x..", None),
        ("xx...", None),
        (".", None),
    ] {
        assert_eq!(calls_until_quarantine(pattern), calls, "{pattern}");
    }
}

#[test]
fn what_is_long_ago_counts_no_longer() {
    let mut breaker = Breaker::default();
    for round in 0..50 {
        let now = at(round);
        for bad in [true, true, true, true, false].into_iter().chain([false; 16]) {
            let admitted = breaker.admit(Asking::Fresh, now);
            let turn = if bad { breaker.failed(admitted, now) } else { breaker.well(admitted, now) };
            assert_eq!(turn, None, "round {round}");
        }
    }
    for _ in 0..WINDOW {
        let admitted = breaker.admit(Asking::Fresh, at(50));
        breaker.well(admitted, at(50));
    }
    assert!(breaker.is_blank(at(50)), "nothing of it has to be remembered");
}

#[test]
fn kept_deliveries_that_are_read_hide_no_faults() {
    let mut breaker = Breaker::default();
    let mut turn = None;
    for _ in 0..FAULTS {
        let fresh = breaker.admit(Asking::Fresh, at(0));
        turn = breaker.failed(fresh, at(0));
        let kept = breaker.admit(Asking::Kept, at(0));
        breaker.well(kept, at(0));
    }
    assert_eq!(turn, Some(Turn::Quarantined), "they are read by whoever asks, and so by whoever wants");
}

#[test]
fn kept_deliveries_that_fail_again_say_nothing_new() {
    let mut breaker = Breaker::default();
    for _ in 0..1000 {
        let admitted = breaker.admit(Asking::Kept, at(0));
        assert_eq!(breaker.failed(admitted, at(0)), None);
    }
    assert_eq!(breaker.held(), None);
}

#[test]
fn pauses_double_up_to_five_minutes() {
    let mut breaker = Breaker::default();
    opened(&mut breaker, at(0));
    let mut now = 0;
    for expected in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
        let (pause, probe) = probed(&mut breaker, now);
        assert_eq!(pause, expected);
        now += pause;
        assert_eq!(breaker.failed(probe, at(now)), Some(Turn::Prolonged));
    }
    assert_eq!(breaker.held().unwrap().since, at(0), "it is one quarantine all the time");
}

#[test]
fn good_probes_end_it_and_a_bad_one_starts_the_count_anew() {
    let mut breaker = Breaker::default();
    opened(&mut breaker, at(0));
    let mut now = 0;
    for (good, turn) in
        [(true, None), (true, None), (false, Some(Turn::Prolonged)), (true, None), (true, None)]
    {
        let (pause, probe) = probed(&mut breaker, now);
        now += pause;
        let found = if good { breaker.well(probe, at(now)) } else { breaker.failed(probe, at(now)) };
        assert_eq!(found, turn);
    }
    let (_, probe) = probed(&mut breaker, now);
    assert_eq!(breaker.well(probe, at(now)), Some(Turn::Recovered));
    assert_eq!(breaker.admit(Asking::Fresh, at(now)), Admission::Call(Asking::Fresh));
}

#[test]
fn one_probe_at_a_time_and_one_that_was_not_made_is_free_for_another() {
    let mut breaker = Breaker::default();
    opened(&mut breaker, at(0));
    let (_, probe) = probed(&mut breaker, 0);
    assert!(matches!(breaker.admit(Asking::Fresh, at(9)), Admission::Held(_)));
    breaker.forgone(probe);
    assert_eq!(breaker.admit(Asking::Kept, at(9)), Admission::Probe);
}

#[test]
fn who_fails_again_at_once_waits_for_longer() {
    let mut breaker = Breaker::default();
    for (began, expected) in [(0, 1), (10, 2), (20, 4), (10_000, 1)] {
        opened(&mut breaker, at(began));
        let (pause, mut probe) = probed(&mut breaker, began);
        assert_eq!(pause, expected, "began at {began}");
        for good in 1..=GOOD {
            let turn = breaker.well(probe, at(began + pause));
            assert_eq!(turn.is_some(), good == GOOD);
            if good < GOOD {
                probe = breaker.admit(Asking::Fresh, at(began + pause));
            }
        }
    }
}

#[test]
fn clock_that_was_set_back_does_not_prolong() {
    let mut breaker = Breaker::default();
    opened(&mut breaker, at(0));
    assert_eq!(breaker.admit(Asking::Fresh, at(-100_000)), Admission::Probe);
}

#[test]
fn what_was_called_before_changes_nothing_in_a_quarantine() {
    let mut breaker = Breaker::default();
    let before = breaker.admit(Asking::Fresh, at(0));
    opened(&mut breaker, at(0));
    let held = breaker;
    assert_eq!(breaker.well(before, at(1)), None);
    assert_eq!(breaker.failed(before, at(1)), None);
    breaker.forgone(before);
    assert_eq!(breaker, held);
}

/// One thing that happens: a call is asked for, or the oldest that is out ends.
#[derive(Debug, Clone, Copy)]
enum Step {
    Ask(Asking),
    Well,
    Failed,
    Forgone,
    Wait(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => prop_oneof![Just(Asking::Fresh), Just(Asking::Kept)].prop_map(Step::Ask),
        1 => Just(Step::Well),
        3 => Just(Step::Failed),
        1 => Just(Step::Forgone),
        2 => (-20..400_i64).prop_map(Step::Wait),
    ];
    proptest::collection::vec(step, 0..400)
}

proptest! {
    /// As a list of the latest calls would have it, which is slower and plain to see.
    #[test]
    fn it_opens_when_the_latest_calls_say_so_and_not_before(calls in proptest::collection::vec(any::<bool>(), 0..200)) {
        let mut breaker = Breaker::default();
        for (number, bad) in calls.iter().enumerate() {
            let admitted = breaker.admit(Asking::Fresh, at(0));
            let turn = if *bad { breaker.failed(admitted, at(0)) } else { breaker.well(admitted, at(0)) };
            let so_far = &calls[..=number];
            let latest = so_far.iter().rev().take(WINDOW as usize).filter(|bad| **bad).count();
            let in_a_row = so_far.iter().rev().take_while(|bad| **bad).count();
            let open = *bad && (in_a_row >= FAULTS as usize || latest * 2 >= WINDOW as usize);
            prop_assert_eq!(turn, open.then_some(Turn::Quarantined), "after {} calls", number + 1);
            if open {
                break;
            }
        }
    }

    #[test]
    fn at_most_one_probe_is_out_and_there_is_always_a_way_back(steps in steps()) {
        let (mut breaker, mut now, mut out) = (Breaker::default(), 0, Vec::new());
        for step in steps {
            match step {
                Step::Ask(asking) => match breaker.admit(asking, at(now)) {
                    Admission::Held(_) => prop_assert!(breaker.held().is_some()),
                    admitted => out.push(admitted),
                },
                Step::Wait(seconds) => now += seconds,
                _ if out.is_empty() => {}
                Step::Well => drop(breaker.well(out.remove(0), at(now))),
                Step::Failed => drop(breaker.failed(out.remove(0), at(now))),
                Step::Forgone => breaker.forgone(out.remove(0)),
            }
            let probes = out.iter().filter(|admitted| **admitted == Admission::Probe).count();
            prop_assert!(probes <= 1);
            prop_assert!(probes == 0 || breaker.held().is_some(), "a probe outlives its quarantine");
        }
        // whatever happened: once everything has ended, some minutes and three good answers mend it
        for admitted in out {
            breaker.forgone(admitted);
        }
        for _ in 0..GOOD {
            let mut ask = || {
                now += LONGEST_PAUSE;
                Some(breaker.admit(Asking::Kept, at(now))).filter(|it| !matches!(it, Admission::Held(_)))
            };
            // a clock that was set back may cost one pause more
            let admitted = ask().or_else(ask);
            prop_assert!(admitted.is_some());
            let admitted = admitted.unwrap();
            breaker.well(admitted, at(now));
        }
        prop_assert_eq!(breaker.held(), None);
    }
}
