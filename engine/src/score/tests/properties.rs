//! What holds of every score.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::json;

use super::*;
use crate::event::Event;
use crate::history::{History, ListMatch, Travel};

/// A hit of one of the signals whose group `fits`, below zero where it is one of trust.
fn some_hit(fits: fn(Group) -> bool) -> impl Strategy<Value = Hit> {
    let signals = Signals::default();
    let known = signals.all().into_iter().filter(|signal| fits(signal.group()));
    let codes: Vec<_> = known.map(|signal| (signal.code(), signal.group())).collect();
    (prop::sample::select(codes), 0_i32..=100)
        .prop_map(|((code, group), points)| hit(code, if group == Group::Trust { -points } else { points }))
}

fn some_trust() -> impl Strategy<Value = Hit> {
    some_hit(|group| group == Group::Trust)
}

fn some_risk() -> impl Strategy<Value = Hit> {
    some_hit(|group| group != Group::Trust)
}

fn some_hits() -> impl Strategy<Value = Vec<Hit>> {
    prop::collection::vec(some_hit(|_| true), 0..20)
}

fn some_event() -> impl Strategy<Value = Event> {
    let types =
        ["payout.created", "transfer.created", "order.created", "password.reset", "payment.failed", "x"];
    let flags = vec!["call_active", "screen_share", "vpn", "emulator", "passkey"];
    let flags = prop::sample::subsequence(flags, 0..=5);
    let money = (0_u32..2000, any::<bool>());
    (prop::sample::select(types.to_vec()), flags, money, prop::option::of(0_u32..=100)).prop_map(
        |(event_type, flags, (amount, known), rating)| {
            let money = json!({"value": amount.to_string(), "currency": "EUR"});
            let balance = json!({"value": "1000", "currency": "EUR"});
            let place =
                json!({"id": "d", "ip": "192.0.2.7", "country": "DE", "latitude": 52, "longitude": 13});
            let mut device = if known { place } else { json!({}) };
            device["flags"] = json!(flags);
            let ratings: Vec<_> = rating.iter().map(|score| json!({"name": "n", "score": score})).collect();
            let action = json!({"amount": money, "balance": balance, "destination": {"id": "iban"}});
            sample::event(event_type, json!({"action": action, "device": device, "signals": ratings}))
        },
    )
}

fn some_lists() -> impl Strategy<Value = Vec<ListMatch>> {
    let lists = vec!["deny", "watch", "allow", "tor", "hosting", "relay"];
    prop::sample::subsequence(lists, 0..=2).prop_map(|lists| {
        let found = |list: &str| ListMatch {
            list: list.to_owned(),
            kind: "ip".to_owned(),
            entry_id: "lst_7".to_owned(),
        };
        lists.into_iter().map(found).collect()
    })
}

fn some_history() -> impl Strategy<Value = History> {
    let age = || prop::option::of((0_i64..4000).prop_map(sample::hours_ago));
    let ages = (age(), age(), age(), age(), age(), age(), age(), age());
    let counts = prop::collection::vec(0_i64..20, 8);
    (ages, counts, 0_u32..2000, some_lists(), any::<bool>()).prop_map(|(ages, counts, money, lists, flag)| {
        History {
            first_seen_at: ages.0,
            previous_at: ages.1,
            device_first_seen_at: ages.2,
            contact_changed_at: ages.3,
            credential_changed_at: ages.4,
            destination_first_seen_at: ages.5,
            challenge_guided_at: ages.6,
            fraud_warning_at: ages.7,
            sensitive_1h: counts[0],
            amounts: counts[1],
            device_subjects_30d: counts[2],
            ip_subjects_1h: counts[3],
            login_failures_24h: counts[4],
            destination_uses: counts[5],
            disputes_180d: counts[6],
            card_payment_failures_1h: counts[7],
            travel: flag.then_some(Travel { km: i64::from(money), minutes: 30, proxied: false }),
            account_restricted: flag,
            amount_p95: Some(Decimal::from(money)),
            outflow_24h: Decimal::from(money),
            lists,
            ..sample::history()
        }
    })
}

fn sorted(reasons: Vec<Reason>) -> Vec<(String, i32, String)> {
    let mut lines: Vec<_> =
        reasons.into_iter().map(|reason| (reason.code, reason.points, reason.detail)).collect();
    lines.sort();
    lines
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
    fn points_are_below_zero_only_for_trust(event in some_event(), history in some_history()) {
        let features = Features::new(&event, history);
        for signal in Signals::default().all() {
            if let Finding::Hit { points, .. } = signal.judge(&features) {
                let range = if signal.group() == Group::Trust { -100..=0 } else { 0..=100 };
                prop_assert!(range.contains(&points), "{}: {points}", signal.code());
            }
        }
    }

    #[test]
    fn another_hit_never_lowers_a_score(hits in some_hits(), more in some_risk()) {
        let policy = Policy::default_policy();
        let (before, reasons) = add_up(hits.clone(), &policy, Category::Payout);
        prop_assert_eq!(reasons.iter().map(|reason| reason.points).sum::<i32>(), before);
        let (after, _) = add_up(hits.into_iter().chain([more]).collect(), &policy, Category::Payout);
        prop_assert!((before..=100).contains(&after));
    }

    #[test]
    fn trust_takes_off_at_most_its_cap(
        hits in prop::collection::vec(some_risk(), 0..6),
        trust in prop::collection::vec(some_trust(), 1..6),
    ) {
        let policy = Policy::default_policy();
        let (_, cap) = policy.groups.iter().find(|(group, _)| *group == Group::Trust).unwrap();
        let ignored = hits.iter().any(|hit| matches!(hit.group, Group::Coercion | Group::Sequence));
        let (before, reasons) = add_up(hits.clone(), &policy, Category::Payout);
        let (after, with_trust) = add_up(hits.into_iter().chain(trust).collect(), &policy, Category::Payout);
        prop_assert!((0.max(before - cap)..=before).contains(&after));
        if ignored {
            prop_assert_eq!(with_trust, reasons);
        }
    }

    #[test]
    fn order_of_hits_does_not_matter(
        (hits, others) in some_hits().prop_flat_map(|hits| (Just(hits.clone()), Just(hits).prop_shuffle())),
    ) {
        let policy = Policy::default_policy();
        let (points, reasons) = add_up(hits, &policy, Category::Payout);
        let (same_points, same_reasons) = add_up(others, &policy, Category::Payout);
        prop_assert_eq!(points, same_points);
        prop_assert_eq!(sorted(reasons), sorted(same_reasons));
    }
}
