//! Adding up, on trial or not, whatever was found.

mod properties;

use serde_json::json;

use super::*;
use crate::signal::{Signals, sample};

fn hit(code: &str, points: i32) -> Hit {
    let signals = Signals::default();
    let group = signals.all().iter().find(|signal| signal.code() == code).unwrap().group();
    Hit { group, reason: Reason { code: code.to_owned(), points, detail: "found".to_owned() } }
}

/// What `hits` add up to under the default policy, as (code, points) lines.
fn lines(hits: &[(&str, i32)]) -> (i32, Vec<(String, i32)>) {
    let hits = hits.iter().map(|(code, points)| hit(code, *points)).collect();
    let (points, reasons) = add_up(hits, &Policy::default_policy(), Category::Payout);
    (points, reasons.into_iter().map(|reason| (reason.code, reason.points)).collect())
}

fn line(code: &str, points: i32) -> (String, i32) {
    (code.to_owned(), points)
}

#[test]
fn group_above_its_cap_gives_the_rest_back() {
    let (points, lines) = lines(&[("AMOUNT_UNUSUAL", 25), ("BALANCE_DRAIN", 35)]);
    assert_eq!(points, 35);
    assert_eq!(lines.last(), Some(&line(GROUP_CAP, -25)));
}

#[test]
fn floor_lifts_only_what_lies_below_it() {
    assert_eq!(lines(&[("REMOTE_OR_CALL_ACTIVE", 15)]).1.last(), Some(&line(SCORE_FLOOR, 20)));
    assert_eq!(lines(&[("REMOTE_OR_CALL_ACTIVE", 35)]).1.len(), 1);
    assert_eq!(lines(&[("NEW_DEVICE", 15)]).0, 15);
}

#[test]
fn signal_without_points_still_demands_its_floor() {
    assert_eq!(lines(&[("REMOTE_OR_CALL_ACTIVE", 0)]), (35, vec![line(SCORE_FLOOR, 35)]));
}

#[test]
fn floor_is_demanded_of_its_categories_alone() {
    let asked = |code: &str, points: i32, category: Category| {
        add_up(vec![hit(code, points)], &Policy::default_policy(), category).0
    };
    let table = [
        (Category::Payout, 35),
        (Category::Withdrawal, 35),
        (Category::Contact, 35),
        (Category::Credential, 35),
        (Category::Order, 35),
        (Category::Payment, 35),
        (Category::Login, 15),
        (Category::Account, 15),
        (Category::Other, 15),
    ];
    for (category, points) in table {
        assert_eq!(asked("REMOTE_OR_CALL_ACTIVE", 15, category), points, "{category:?}");
        assert_eq!(asked("DENY_LISTED", 1, category), 100, "{category:?}: without categories it is for all");
    }
}

#[test]
fn score_ends_at_a_hundred() {
    let hits = [("ACTION_SENSITIVE", 90), ("REMOTE_OR_CALL_ACTIVE", 40)];
    let (points, lines) = lines(&hits);
    assert_eq!((points, lines.last()), (100, Some(&line(SCORE_CAP, -30))));
}

#[test]
fn trust_lowers_a_score_by_no_more_than_its_cap() {
    let few = lines(&[("ACTION_SENSITIVE", 15), ("TRUSTED_DEVICE", -8)]);
    assert_eq!(few, (7, vec![line("ACTION_SENSITIVE", 15), line("TRUSTED_DEVICE", -8)]));
    let (points, lines) =
        lines(&[("PROVIDER_RISK", 35), ("STRONG_AUTH", -10), ("ALLOW_LISTED", -15), ("TRUSTED_DEVICE", -8)]);
    assert_eq!((points, lines.last()), (15, Some(&line(GROUP_CAP, 13))));
}

#[test]
fn trust_never_leads_below_zero() {
    assert_eq!(lines(&[("NEW_NETWORK", 5), ("ALLOW_LISTED", -15)]).1.last(), Some(&line(SCORE_MINIMUM, 10)));
    assert_eq!(lines(&[("ALLOW_LISTED", -15)]).0, 0);
}

#[test]
fn trust_counts_nothing_beside_guidance_or_a_prepared_account() {
    for (code, points) in [("REMOTE_OR_CALL_ACTIVE", 40), ("CONTACT_CHANGED_RECENTLY", 12)] {
        let found = lines(&[(code, points), ("STRONG_AUTH", -10), ("ALLOW_LISTED", -15)]);
        assert_eq!(found, (points, vec![line(code, points)]));
    }
}

#[test]
fn what_is_denied_scores_a_hundred_whatever_speaks_for_it() {
    let (points, lines) = lines(&[("DENY_LISTED", 100), ("STRONG_AUTH", -10), ("ALLOW_LISTED", -15)]);
    assert_eq!((points, lines.last()), (100, Some(&line(SCORE_FLOOR, 20))));
    assert_eq!(self::lines(&[("DENY_LISTED", 1)]).0, 100);
}

#[test]
fn details_name_the_group_and_the_reason() {
    let hits = vec![hit("BALANCE_DRAIN", 40), hit("REMOTE_OR_CALL_ACTIVE", 0)];
    let mut policy = Policy::default_policy();
    policy.floors[0].score = 60;
    let (_, reasons) = add_up(hits, &policy, Category::Payout);
    let detail = |code: &str| &reasons.iter().find(|reason| reason.code == code).unwrap().detail;
    assert!(detail(GROUP_CAP).contains("amount"));
    assert!(detail(SCORE_FLOOR).contains("REMOTE_OR_CALL_ACTIVE"));
}

#[test]
fn signal_on_trial_is_recorded_but_counts_nothing() {
    let event = sample::event("payout.created", json!({"device": {"flags": ["remote_control"]}}));
    let mut policy = Policy::default_policy();
    policy.signals.remote_or_call_active.mode = Mode::Shadow;
    policy.signals.new_country.mode = Mode::Shadow;
    let score = score(&Features::new(&event, sample::history()), &policy, &RuleSet::default());
    assert_eq!(score.points, 15);
    assert_eq!(score.shadow.iter().map(|reason| reason.points).collect::<Vec<_>>(), [30]);
    assert!(!score.missing.iter().any(|field| field == "device.country"));
}

#[test]
fn signal_turned_off_is_not_asked() {
    let mut policy = Policy::default_policy();
    policy.signals.action_sensitive.mode = Mode::Off;
    let score = score(
        &sample::features("payout.created", json!({}), sample::history()),
        &policy,
        &RuleSet::default(),
    );
    assert_eq!((score.points, score.shadow.len()), (0, 0));
}

#[test]
fn missing_field_is_named_once() {
    let event = sample::event("payout.created", json!({}));
    let score =
        score(&Features::new(&event, sample::history()), &Policy::default_policy(), &RuleSet::default());
    let expected = [
        "subject.created_at",
        "device.id",
        "device.country",
        "device.ip",
        "device.latitude",
        "action.amount",
        "action.destination",
        "device.longitude",
        "device.session_started_at",
    ];
    assert_eq!(score.missing, expected);
}
