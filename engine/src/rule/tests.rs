//! What conditions find. What is refused and what nothing can break have rooms of their own.

mod hard;
mod refused;

use super::catalogue::tests::whole;
use super::*;
use crate::policy::Policy;
use crate::score::score;
use crate::signal::sample;

fn rule(when: &str) -> Rule {
    Rule {
        code: "X_TEST".to_owned(),
        when: when.to_owned(),
        points: 10,
        group: Group::Behaviour,
        mode: Mode::Live,
        detail: "found".to_owned(),
    }
}

fn judged(when: &str, features: &Features) -> Verdict {
    let rules = RuleSet::compile(&[rule(when)]).unwrap_or_else(|error| panic!("{when}: {error}"));
    rules.judge(features).pop().unwrap().1
}

fn refused(when: &str) -> String {
    let error = RuleSet::compile(&[rule(when)]).err().unwrap_or_else(|| panic!("{when} passes"));
    assert_eq!(error.pointer, "/rules/0/when", "{when}: {error}");
    assert!(error.detail.len() < 300 && !error.detail.contains('\n'), "{error}");
    error.detail
}

/// Of which nothing is known.
fn bare() -> Features {
    Features { history: sample::history(), ..Features::default() }
}

#[test]
fn a_rule_cannot_take_points_off() {
    let trusting = Rule { group: Group::Trust, ..rule("true") };
    assert_eq!(RuleSet::compile(&[trusting]).unwrap_err().pointer, "/rules/0/group");
}

#[test]
fn conditions_that_hold() {
    let features = whole();
    for when in [
        "event.type == 'payout.created' && event.category == 'payout'",
        "event.amount > 900 && event.amount < 900.75 && event.currency == \"EUR\"",
        "event.amount / event.balance > 0.9",
        "event.amount * 2.0 - 1.0 == 1800.0",
        "event.billing_country != event.shipping_country",
        "event.country in ['DE', 'AT']",
        "'vpn' in event.flags && !('emulator' in event.flags)",
        "event.flags.exists(f, f.startsWith('call'))",
        "event.flags.all(f, size(f) > 2)",
        "event.flags.exists_one(f, f == 'vpn')",
        "history.amounts_7d.all(a, a < event.amount)",
        "[20.0, 40.0].all(a, a in history.amounts_7d)",
        "size(event.flags) == 2 && event.changes.size() == 1",
        "event.provider_score == 64.5",
        "event.attributes.risk_level == 'elevated' && event.attributes.items >= 3 && event.attributes.gift",
        "event.attributes['order.total'] > 12 && 'gift' in event.attributes",
        "has(event.attributes.items) && !has(event.attributes.nothing)",
        "event.session_age_seconds == 300 && event.local_hour == 11",
        "event.account_age_hours > 47 && event.destination_age_hours == 6.0 && event.name_match == 'close'",
        "history.login_hours == 0.5 && history.contact_changed_hours < 3",
        "history.travel_km_per_hour == 900 && history.travel_proxied",
        "history.lists.exists(l, l.startsWith('deny:'))",
        "history.events % 5 == 2 && -history.events < 0",
        "double(history.events) / 5.0 > 2.3 && int(event.amount) == 900 && string(history.events) == '12'",
        "(history.events > 100 ? 1 : 2) == 2",
        "event.type.contains('out.') && event.type.endsWith('created')",
        "event.type + '!' == 'payout.created!'",
        "!(event.amount > 10000.0)",
    ] {
        assert_eq!(judged(when, &features), Verdict::Hit, "{when}");
    }
}

#[test]
fn what_is_unknown_is_never_hit_by_accident_and_can_be_asked_for() {
    let features = bare();
    for when in [
        "event.amount > 10.0",
        "event.amount < 10.0",
        "!(event.amount > 10.0)",
        "event.amount != 10.0",
        "event.country != 'DE'",
        "!(event.country in ['DE'])",
        "history.contact_changed_hours < 24",
        "!(history.travel_km > 10)",
        "event.attributes.items != 3",
        "!event.attributes.gift",
        "['a'].all(x, event.country != x)",
        "(event.amount > 1.0 ? true : true)",
        "has(event.amount) && event.amount > 10.0",
        "!history.country_seen",
        "history.destination_uses == 0",
        "history.outflow_24h < 10.0",
    ] {
        assert_eq!(judged(when, &features), Verdict::Miss, "{when}");
    }
    for when in [
        "!has(event.amount)",
        "!has(event.amount) || event.amount > 10.0",
        "event.amount > 10.0 || !event.has_device",
        "!('gift' in event.attributes)",
        "history.events == 0 && size(event.flags) == 0",
        "event.flags.all(f, f == 'x') && !history.lists.exists(l, l == 'x')",
    ] {
        assert_eq!(judged(when, &features), Verdict::Hit, "{when}");
    }
}

#[test]
fn what_goes_wrong_while_judging_is_told_without_a_value() {
    let features = whole();
    for (when, word) in [
        ("10 / (history.events - 12) > 1", "zero"),
        ("10 % (history.events - 12) > 1", "zero"),
        ("history.events * 9223372036854775807 > 1", "large"),
        ("-(-9223372036854775807 - history.events) > 0", "large"),
        ("int(event.type) == 1", "converted"),
        ("int(event.amount * 1e300) == 1", "converted"),
        ("event.attributes.risk_level > 3", "kind"),
        ("event.attributes.items && event.test", "kind"),
    ] {
        let Verdict::Failed(error) = judged(when, &features) else { panic!("{when}") };
        assert!(error.contains(word), "{when}: {error}");
        assert!(!error.contains("elevated") && !error.contains("payout"), "{error}");
    }
    assert_eq!(judged("event.amount / 0.0 > 1.0", &features), Verdict::Hit, "as IEEE 754 has it");
}

#[test]
fn rule_that_is_off_is_checked_but_not_asked() {
    let off = Rule { mode: Mode::Off, code: "X_OFF".to_owned(), ..rule("event.test") };
    let shadow = Rule { mode: Mode::Shadow, ..rule("event.test") };
    let rules = RuleSet::compile(&[off.clone(), shadow.clone()]).unwrap();
    assert_eq!(rules.judge(&whole()), [(&shadow, Verdict::Hit)]);
    assert!(RuleSet::compile(std::slice::from_ref(&off)).unwrap().judge(&whole()).is_empty());
    RuleSet::compile(&[Rule { when: "event.tset".to_owned(), ..off }]).unwrap_err();
}

#[test]
fn what_rules_find_is_part_of_the_score_or_beside_it() {
    let make = |code: &str, when: &str, mode| Rule { code: code.to_owned(), mode, ..rule(when) };
    let rules = [
        make("X_HIT", "event.test", Mode::Live),
        make("X_MISS", "!event.test", Mode::Live),
        make("X_TRIAL", "event.test", Mode::Shadow),
        make("X_BROKEN", "1 / (history.events - 12) > 0", Mode::Live),
        make("X_UNKNOWN", "event.attributes.nothing == 1.0", Mode::Live),
    ];
    let rules = RuleSet::compile(&rules).unwrap();
    let policy = Policy::default_policy();
    let (with, without) = (score(&whole(), &policy, &rules), score(&whole(), &policy, &RuleSet::default()));
    let codes = |reasons: &[Reason]| reasons.iter().map(|reason| reason.code.clone()).collect::<Vec<_>>();
    assert!(
        codes(&with.reasons).contains(&"X_HIT".to_owned())
            && !codes(&with.reasons).contains(&"X_MISS".to_owned())
    );
    assert_eq!(codes(&with.shadow), ["X_TRIAL"]);
    assert_eq!(with.failed.iter().map(|failed| failed.code.as_str()).collect::<Vec<_>>(), ["X_BROKEN"]);
    assert!(without.failed.is_empty() && with.points >= without.points);
}
