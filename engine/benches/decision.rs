//! What a decision costs in the engine alone, without a store: all signals, the same with rules, and how both compare.
//! Medians of many batches; the ratios travel between machines.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints, and ends at the first surprise"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use ase_engine::decision::decide;
use ase_engine::features::Features;
use ase_engine::policy::Policy;
use ase_engine::rule::{Rule, RuleSet, Verdict};
use ase_engine::signal::{Group, Mode};

/// How many batches the median is taken of.
const BATCHES: usize = 201;
/// How many times a batch does the same.
const BATCH: u32 = 200;
/// How many rules a busy organisation has.
const RULES: usize = 25;

/// A payout of which nearly everything is known.
const FEATURES: &str = r#"{
    "event": {
        "type": "payout.created", "test": false, "occurred_at": "2026-11-22T09:30:00Z",
        "account_created_at": "2026-11-20T10:00:00Z",
        "amount": {"value": "900.50", "currency": "EUR"}, "balance": {"value": "1000", "currency": "EUR"},
        "destination": {"created_at": "2026-11-22T03:30:00Z", "name_match": "close"},
        "has_device": true, "has_ip": true, "has_card": true, "has_place": true, "country": "DE",
        "billing_country": "DE", "shipping_country": "FR", "session_started_at": "2026-11-22T09:25:00Z",
        "sun_offset": 1, "flags": ["vpn", "call_active"], "changes": ["email"],
        "signals": [{"name": "provider", "score": 64.5}],
        "attributes": {"risk_level": "elevated", "items": 3.0, "gift": true}
    },
    "history": {
        "now": "2026-11-22T10:00:00Z", "events": 12, "first_seen_at": "2026-10-22T10:00:00Z",
        "device_first_seen_at": "2026-11-22T07:00:00Z", "countries": 3, "country_seen": true, "sensitive_1h": 2,
        "contact_changed_at": "2026-11-22T08:00:00Z", "amounts": 9, "amount_p95": "250",
        "amounts_7d": ["20", "40"], "outflow_24h": "700", "destination_first_seen_at": "2026-11-22T09:00:00Z"
    }
}"#;

/// Conditions as people write them, over and over.
const CONDITIONS: [&str; 5] = [
    "event.amount > 500.0 && event.country != 'DE' && history.events < 5",
    "'vpn' in event.flags && history.contact_changed_hours < 24 && event.category == 'payout'",
    "history.amounts_7d.exists(a, a > event.amount) || event.attributes.items >= 10.0",
    "has(event.balance) && event.amount / event.balance > 0.95 && event.name_match in ['none', 'close']",
    "event.local_hour < 5 && event.account_age_hours < 72.0 && history.device_first_seen_hours < 24",
];

fn main() {
    let features = Features::from_json(FEATURES).expect("the features can be read");
    let policy = Policy::default_policy();
    let signals = policy.signals.all().len();
    let none = RuleSet::default();
    let rules: Vec<Rule> =
        CONDITIONS.iter().cycle().take(RULES).enumerate().map(|(n, when)| rule(n, when)).collect();
    let (compiled, took) = compile(&rules);
    let failed =
        compiled.judge(&features).into_iter().any(|(_, verdict)| matches!(verdict, Verdict::Failed(_)));
    assert!(!failed, "a rule could not be judged");

    let base = median(|| drop(black_box(decide(black_box(&features), &policy, &none))));
    let with_rules = median(|| drop(black_box(decide(black_box(&features), &policy, &compiled))));
    let (costliest, full) = (costliest(), full_lists(&features));
    let worst = median(|| drop(black_box(costliest.judge(black_box(&full)))));
    line(&format!("decision, {signals} signals"), base, base);
    line(&format!("decision, {signals} signals and {RULES} rules"), with_rules, base);
    line("one rule at the limit of its cost, full lists", worst, base);
    line(&format!("compiling {RULES} rules, once per policy"), took, base);
}

fn rule(number: usize, when: &str) -> Rule {
    Rule {
        code: format!("X_RULE_{number}"),
        when: when.to_owned(),
        points: 5,
        group: Group::Behaviour,
        mode: Mode::Live,
        detail: "found".to_owned(),
    }
}

fn compile(rules: &[Rule]) -> (RuleSet, Duration) {
    let start = Instant::now();
    let compiled = RuleSet::compile(rules).expect("the rules compile");
    (compiled, start.elapsed())
}

/// The longest question of its kind that is let through.
fn costliest() -> RuleSet {
    let asked =
        |count: usize| format!("event.flags.all(f, {})", vec!["f != 'some_flag'"; count].join(" && "));
    (1..50)
        .rev()
        .find_map(|count| RuleSet::compile(&[rule(0, &asked(count))]).ok())
        .expect("a question about one flag compiles")
}

/// The same features with as many flags as an event may have.
fn full_lists(features: &Features) -> Features {
    let mut full = features.clone();
    full.event.flags = (0..128).map(|number| format!("flag_{number}")).collect();
    full
}

/// How long `work` takes: the median of many batches.
fn median(mut work: impl FnMut()) -> Duration {
    let mut batches: Vec<Duration> = (0..BATCHES)
        .map(|_| {
            let start = Instant::now();
            (0..BATCH).for_each(|_| work());
            start.elapsed() / BATCH
        })
        .collect();
    batches.sort_unstable();
    batches.get(BATCHES / 2).copied().unwrap_or_default()
}

fn line(what: &str, took: Duration, base: Duration) {
    let ratio = took.as_secs_f64() / base.as_secs_f64().max(f64::MIN_POSITIVE);
    println!("{what}: {:.2} us ({ratio:.1} times the first line)", took.as_secs_f64() * 1e6);
}
