//! The catalogue holds what there is to see, and each entry gives what it says.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::*;
use crate::features::Features;
use crate::history::{History, ListMatch, Travel};
use crate::signal::sample;

/// An event and a past of which everything is known.
pub(in crate::rule) fn whole() -> Features {
    let ago = |hours| Some(sample::hours_ago(hours));
    let history = History {
        events: 12,
        first_seen_at: ago(900),
        previous_at: ago(5),
        events_near_hour: 1,
        account_restricted: true,
        device_first_seen_at: ago(3),
        device_subjects_30d: 2,
        countries: 3,
        country_seen: true,
        networks: 4,
        network_seen: true,
        ip_subjects_1h: 5,
        travel: Some(Travel { km: 900, minutes: 60, proxied: true }),
        sensitive_1h: 1,
        login_failures_1h: 2,
        login_failures_24h: 6,
        otp_failures_24h: 1,
        login_at: Some(sample::now() - TimeDelta::minutes(30)),
        contact_changed_at: ago(2),
        credential_changed_at: ago(4),
        amounts: 9,
        amount_p95: Some(Decimal::from(250)),
        org_amount_p95: Some(Decimal::from(800)),
        amounts_7d: vec![Decimal::from(20), Decimal::from(40)],
        outflow_24h: Decimal::from(700),
        destination_first_seen_at: ago(1),
        destination_uses: 1,
        destination_subjects_7d: 3,
        device_payment_failures_1h: 1,
        ip_payment_failures_1h: 2,
        card_payment_failures_1h: 3,
        disputes_180d: 1,
        fraud_warning_at: ago(100),
        challenge_failed_at: ago(20),
        challenge_guided_at: ago(21),
        lists: ["watch", "deny", "deny"].map(listed).to_vec(),
        inherited: vec!["device.id".to_owned()],
        ..sample::history()
    };
    let mut features = sample::features("payout.created", event(), history);
    (features.event.account_created_at, features.event.has_card) = (ago(48), true);
    features
}

fn listed(list: &str) -> ListMatch {
    ListMatch { list: list.to_owned(), kind: "device".to_owned(), entry_id: "entry".to_owned() }
}

fn event() -> Value {
    json!({
        "test": true,
        "occurred_at": "2026-11-22T09:30:00Z",
        "action": {
            "amount": {"value": "900.50", "currency": "EUR"},
            "balance": {"value": "1000", "currency": "EUR"},
            "destination": {"id": "iban", "created_at": "2026-11-22T03:30:00Z", "name_match": "close"},
        },
        "device": {
            "id": "d", "ip": "203.0.113.9", "country": "DE", "latitude": 52.5, "longitude": 30.1,
            "flags": ["vpn", "call_active"], "session_started_at": "2026-11-22T09:25:00Z",
        },
        "billing": {"country": "DE"},
        "shipping": {"country": "FR"},
        "changes": [{"field": "email"}],
        "signals": [{"name": "a", "score": 20}, {"name": "b", "score": 64.5}],
        "attributes": {"risk_level": "elevated", "items": 3, "gift": true, "order.total": 12.5},
    })
}

/// Fields that have no feature of their own name, and what says the same instead.
const ELSEWHERE: [(&str, &[&str]); 10] = [
    ("event.occurred_at", &["event.local_hour", "event.session_age_seconds"]),
    ("event.account_created_at", &["event.account_age_hours"]),
    ("event.destination", &["event.has_destination", "event.destination_age_hours", "event.name_match"]),
    ("event.session_started_at", &["event.session_age_seconds"]),
    ("event.sun_offset", &["event.local_hour"]),
    ("event.signals", &["event.provider_score"]),
    // a time by itself says nothing: every other one is an age
    ("history.now", &[]),
    ("history.travel", &["history.travel_km", "history.travel_km_per_hour", "history.travel_proxied"]),
    ("event.amount", &["event.amount", "event.currency"]),
    ("event.type", &["event.type", "event.category"]),
];

#[test]
fn every_fact_and_every_part_of_the_past_is_in_the_catalogue() {
    let whole = serde_json::to_value(whole()).unwrap();
    for part in ["event", "history"] {
        for (field, value) in whole[part].as_object().unwrap() {
            let name = format!("{part}.{field}");
            let instead = ELSEWHERE.iter().find(|(known, _)| *known == name).map(|(_, instead)| *instead);
            let age = name.strip_suffix("_at").map(|stem| format!("{stem}_hours"));
            let own = age.as_deref().unwrap_or(&name);
            for known in instead.unwrap_or(&[own]) {
                assert!(feature(known).is_some(), "{known} is missing for {name} = {value}");
            }
        }
    }
}

/// A field left out of the JSON because it is empty would slip through the test above.
#[test]
fn everything_is_known_in_the_sample() {
    let text = format!("{:?}", whole());
    assert!(!text.contains("None") && !text.contains("[]") && !text.contains("{}"), "{text}");
    assert!(!text.contains(": 0,"), "{text}");
}

#[test]
fn each_entry_reads_what_it_says() {
    let (whole, bare) = (whole(), Features { history: sample::history(), ..Features::default() });
    let mut names = BTreeSet::new();
    for feature in features() {
        assert!(names.insert(feature.name), "{} stands there twice", feature.name);
        assert!(feature.doc.len() > 8 && feature.doc.ends_with('.'), "{}", feature.name);
        assert!(super::feature(feature.name).is_some_and(|found| found.name == feature.name));
        assert_eq!(feature.items_max > 0, feature.kind.item().is_some(), "{}", feature.name);
        let seen = feature.read(&whole).unwrap_or_else(|| panic!("{} is absent", feature.name));
        assert_eq!(kind(&seen), feature.kind, "{}", feature.name);
        let absent = feature.read(&bare).is_none();
        assert_eq!(absent, feature.doc.contains("Absent"), "{}", feature.name);
    }
    for strange in ["event", "history", "event.", "event.event.type", "session.type", "", "history.now"] {
        assert!(feature(strange).is_none(), "{strange}");
    }
}

fn kind(seen: &Seen<'_>) -> Kind {
    match seen {
        Seen::Bool(_) => Kind::Bool,
        Seen::Int(_) => Kind::Int,
        Seen::Double(_) => Kind::Double,
        Seen::Text(_) => Kind::Text,
        Seen::Texts(_) => Kind::Texts,
        Seen::Doubles(_) => Kind::Doubles,
        Seen::Attributes(_) => Kind::Attributes,
    }
}

#[test]
fn balance_of_another_currency_is_absent() {
    let mut features = whole();
    let balance = |features: &Features| feature("event.balance").unwrap().read(features).is_some();
    assert!(balance(&features));
    features.event.balance.as_mut().unwrap().currency = "USD".to_owned();
    assert!(!balance(&features));
    features.event.amount = None;
    assert!(balance(&features));
}

#[test]
fn lists_are_bounded_and_many_entries_hide_none() {
    let mut features = whole();
    features.event.flags = (0..500).map(|number| format!("flag_{number}")).collect();
    features.history.amounts_7d = vec![Decimal::ONE; 500];
    features.history.inherited = vec!["device.id".to_owned(); 500];
    features.history.lists = vec![listed("watch"); 500];
    features.history.lists.push(listed("deny"));
    for feature in features_of_lists() {
        let length = match feature.read(&features).unwrap() {
            Seen::Texts(texts) => texts.len(),
            Seen::Doubles(numbers) => numbers.len(),
            other => panic!("{other:?}"),
        };
        assert!(length <= feature.items_max as usize, "{}: {length}", feature.name);
    }
    let lists = feature("history.lists").unwrap().read(&features).unwrap();
    assert_eq!(lists, Seen::Texts(vec!["watch:device".into(), "deny:device".into()]));
}

fn features_of_lists() -> impl Iterator<Item = &'static Feature> {
    features().filter(|feature| feature.kind.item().is_some())
}
