//! Adding up, on trial or not, whatever was found.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::json;

use super::*;
use crate::event::Event;
use crate::history::History;
use crate::signal::{Signal, Signals, sample};

fn hit(code: &str, points: i32) -> Hit {
    let signals = Signals::default();
    let group = signals.all().iter().find(|signal| signal.code() == code).unwrap().group();
    Hit { group, reason: Reason { code: code.to_owned(), points, detail: "found".to_owned() } }
}

/// What `hits` add up to under the default policy, as (code, points) lines.
fn lines(hits: &[(&str, i32)]) -> (i32, Vec<(String, i32)>) {
    let hits = hits.iter().map(|(code, points)| hit(code, *points)).collect();
    let (points, reasons) = add_up(hits, &Policy::default_policy());
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
fn score_ends_at_a_hundred() {
    let hits = [("ACTION_SENSITIVE", 90), ("REMOTE_OR_CALL_ACTIVE", 40)];
    let (points, lines) = lines(&hits);
    assert_eq!((points, lines.last()), (100, Some(&line(SCORE_CAP, -30))));
}

#[test]
fn details_name_the_group_and_the_reason() {
    let hits = vec![hit("BALANCE_DRAIN", 40), hit("REMOTE_OR_CALL_ACTIVE", 0)];
    let mut policy = Policy::default_policy();
    policy.floors[0].score = 60;
    let (_, reasons) = add_up(hits, &policy);
    let detail = |code: &str| &reasons.iter().find(|reason| reason.code == code).unwrap().detail;
    assert!(detail(GROUP_CAP).contains("amount"));
    assert!(detail(SCORE_FLOOR).contains("REMOTE_OR_CALL_ACTIVE"));
}

#[test]
fn signal_on_trial_is_recorded_but_counts_nothing() {
    let event = sample::event("payout.created", json!({"device": {"flags": ["remote_control"]}}));
    let mut policy = Policy::default_policy();
    policy.signals.remote_or_call_active.mode = Mode::Shadow;
    policy.signals.new_device.mode = Mode::Shadow;
    let score = score(&Features::new(&event, sample::history()), &policy, &RuleSet::default());
    assert_eq!(score.points, 15);
    assert_eq!(score.shadow.iter().map(|reason| reason.points).collect::<Vec<_>>(), [30]);
    assert!(!score.missing.iter().any(|field| field == "device.id"));
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
    let expected =
        ["subject.created_at", "device.id", "device.country", "action.amount", "action.destination"];
    assert_eq!(score.missing, expected);
}

fn some_hit() -> impl Strategy<Value = Hit> {
    let codes = Signals::default().all().map(Signal::code);
    (prop::sample::select(codes.to_vec()), 0..=100).prop_map(|(code, points)| hit(code, points))
}

fn some_event() -> impl Strategy<Value = Event> {
    let types =
        ["payout.created", "transfer.created", "order.created", "password.reset", "login.failed", "x"];
    let flags = prop::sample::subsequence(vec!["call_active", "screen_share", "vpn"], 0..=3);
    let money = (0_u32..2000, any::<bool>());
    (prop::sample::select(types.to_vec()), flags, money, prop::option::of(0_u32..=100)).prop_map(
        |(event_type, flags, (amount, known), rating)| {
            let money = json!({"value": amount.to_string(), "currency": "EUR"});
            let balance = json!({"value": "1000", "currency": "EUR"});
            let device = if known { json!({"id": "d", "flags": flags}) } else { json!({"flags": flags}) };
            let ratings: Vec<_> = rating.iter().map(|score| json!({"name": "n", "score": score})).collect();
            let action = json!({"amount": money, "balance": balance, "destination": {"id": "iban"}});
            sample::event(event_type, json!({"action": action, "device": device, "signals": ratings}))
        },
    )
}

fn some_history() -> impl Strategy<Value = History> {
    let age = || prop::option::of((0_i64..2000).prop_map(sample::hours_ago));
    let ages = (age(), age(), age(), age(), age());
    (ages, 0_i64..10, 0_i64..10, 0_u32..2000).prop_map(|(ages, sensitive_1h, amounts, money)| History {
        first_seen_at: ages.0,
        device_first_seen_at: ages.1,
        contact_changed_at: ages.2,
        destination_first_seen_at: ages.3,
        challenge_guided_at: ages.4,
        sensitive_1h,
        amounts,
        amount_p95: Some(Decimal::from(money)),
        outflow_24h: Decimal::from(money),
        ..sample::history()
    })
}

proptest! {
    #[test]
    fn reasons_add_up_to_the_score(event in some_event(), history in some_history()) {
        let score = score(&Features::new(&event, history), &Policy::default_policy(), &RuleSet::default());
        prop_assert_eq!(score.reasons.iter().map(|reason| reason.points).sum::<i32>(), score.points);
        prop_assert!((0..=100).contains(&score.points));
        prop_assert!(score.reasons.iter().all(|reason| reason.points != 0 && !reason.detail.is_empty()));
        let missing: BTreeSet<_> = score.missing.iter().collect();
        prop_assert_eq!(missing.len(), score.missing.len());
    }

    #[test]
    fn another_hit_never_lowers_a_score(hits in prop::collection::vec(some_hit(), 0..20), more in some_hit()) {
        let policy = Policy::default_policy();
        let (before, reasons) = add_up(hits.clone(), &policy);
        prop_assert_eq!(reasons.iter().map(|reason| reason.points).sum::<i32>(), before);
        let (after, _) = add_up(hits.into_iter().chain([more]).collect(), &policy);
        prop_assert!((before..=100).contains(&after));
    }
}
