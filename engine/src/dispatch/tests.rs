use super::*;

/// Milliseconds until a message is given up, where each try takes `each` and the worker looks as late as it may.
fn given_up_after(hurried: bool, each: i64) -> i64 {
    const LOOK: i64 = 2000;
    let mut waited = each;
    for tries in 1.. {
        let Some(pause) = next_try(hurried, tries, TimeDelta::milliseconds(waited)) else { break };
        let pause = Duration::from_secs_f64(pause).as_millis();
        waited += i64::try_from(pause).unwrap() + LOOK + each;
    }
    waited
}

#[test]
fn a_text_that_does_not_leave_goes_another_way_within_a_quarter_of_a_minute() {
    let longest = i64::try_from(TEXT_TRY.as_millis()).unwrap();
    for each in (0..=longest).step_by(100) {
        let waited = given_up_after(true, each);
        assert!(waited <= 15_000, "{each} ms for each try: {waited}");
    }
    assert!(given_up_after(true, 0) > 3_000, "a hiccup is waited for");
    // one that nobody came to is over with the first try that it does not get
    assert!(TEXT_OVERTAKEN > TEXT_PATIENCE && TEXT_OVERTAKEN < TimeDelta::seconds(15));
    assert_eq!(next_try(true, 1, TEXT_OVERTAKEN), None);
}

#[test]
fn what_has_no_other_way_is_tried_for_minutes() {
    assert!(given_up_after(false, 0) > 120_000);
}

#[test]
fn pauses_double_up_to_an_hour() {
    for (tries, seconds) in [(1, 2.0), (2, 4.0), (3, 8.0), (11, 2048.0), (12, 3600.0), (99, 3600.0)] {
        assert!((retry_pause(tries) - seconds).abs() < f64::EPSILON, "{tries}");
    }
}
