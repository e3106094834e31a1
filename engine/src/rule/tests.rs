//! What conditions find, what is refused, and what nothing can break.

use proptest::prelude::*;

use super::catalogue::tests::whole;
use super::*;
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
        "event.flags.exists(f, f.startsWith('call')) && event.flags.all(f, size(f) > 2)",
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
    ] {
        assert_eq!(judged(when, &features), Verdict::Miss, "{when}");
    }
    for when in [
        "!has(event.amount)",
        "!has(event.amount) || event.amount > 10.0",
        "event.amount > 10.0 || !event.has_device",
        "!('gift' in event.attributes)",
        "history.events == 0 && size(event.flags) == 0",
        "event.flags.all(f, f == 'x') && !event.flags.exists(f, f == 'x')",
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
fn unknown_names_come_with_the_nearest_known_one() {
    for (when, name, meant) in [
        ("event.amont > 1", "event.amont", "event.amount"),
        ("history.event > 1", "history.event", "history.events"),
        ("amount > 1", "amount", "event.amount"),
        ("has(event.cuntry)", "event.cuntry", "event.country"),
        ("event.type.startWith('a')", "startWith", "startsWith"),
        ("siez(event.flags) > 1", "siez", "size"),
        ("event.flags.exist(f, f == 'a')", "exist", "exists"),
    ] {
        let detail = refused(when);
        assert_eq!(detail, format!("`{name}` is not known; did you mean `{meant}`?"), "{when}");
    }
    for when in ["something_else_entirely > 1", "event.zzzzzzzzzzzzzzzz", "frobnicate(event.amount)", ".event.test"] {
        assert!(refused(when).contains("is not known; see the catalogue"), "{when}: {}", refused(when));
    }
}

#[test]
fn what_makes_no_sense_is_refused_with_a_reason() {
    for (when, word) in [
        ("event.country == 5", "`event.country` (string) with an int"),
        ("event.amount == '5'", "`event.amount` (double) with a string"),
        ("event.test > true", "more or less"),
        ("event.amount", "must be true or false"),
        ("'text'", "must be true or false"),
        ("event.amount * 2 > 1", "`2.0`"),
        ("event.attributes.items * 2 > 1", "`2.0`"),
        ("event.amount % 2.0 == 0.0", "ints"),
        ("event.type - 'a' == 'b'", "no number"),
        ("event.type + 1 == 'b'", "between"),
        ("event.amount && event.test", "beside `&&`"),
        ("!event.amount", "beside `!`"),
        ("-event.type == 'a'", "no number"),
        ("event.flags == ['a']", "as a whole"),
        ("event.flags.contains('vpn')", "use `in`"),
        ("event.flags[0] == 'vpn'", "by index"),
        ("event.attributes[event.type] == 'a'", "in quotes"),
        ("event.attributes.a.b == 'a'", "with a dot"),
        ("'a' in event.type", "no list"),
        ("5 in event.flags", "cannot be there"),
        ("event.amount in ['a']", "cannot be there"),
        ("event.country in []", "empty list"),
        ("event.country in ['a', 1]", "unlike"),
        ("event.test ? 1 : 'a'", "both sides"),
        ("event.amount ? true : false", "before `?`"),
        ("event.amount == null", "has(event.amount)"),
        ("history.events == 1u", "leave the `u` out"),
        ("event.type == b'a'", "leave the `b` out"),
        ("{'a': 1} == {'a': 1}", "braces"),
        ("event.type.matches('a+')", "use `startsWith`"),
        ("event.flags.map(f, size(f)).exists(n, n > 3)", "`map` or `filter`"),
        ("size(event.flags.filter(f, f == 'a')) > 0", "`map` or `filter`"),
        ("event.flags.map(f) == 1", "`all`"),
        ("event.flags.exists(f, event.changes.exists(c, c == f))", "within another"),
        ("event.flags.exists(event, event == 'a')", "another name"),
        ("event.flags.exists(f, f.size > 3)", "has none"),
        ("event.flags.exists(f, size(f))", "of every item"),
        ("event.flags.all(f, g == 'a')", "`g` is not known"),
        ("event.type.all(f, f == 'a')", "no list"),
        ("event.attributes.all(f, f == 'a')", "no list"),
        ("event == history", "names `event` alone"),
        ("size(event) > 1", "names `event` alone"),
        ("type(event.type) == string", "`type` is not known"),
        ("has(event.amount, 1)", "as it is meant"),
        ("has(event)", "has() macro"),
        ("duration('1h') > duration('2h')", "is not known"),
        ("event.amount >", "line 1"),
        ("event.amount > 1 2", "line 1"),
        ("event.?amount > 1", "line 1"),
        ("@result", "character"),
        ("", "must be a condition"),
    ] {
        let detail = refused(when);
        assert!(detail.contains(word), "{when}: {detail}");
    }
}

#[test]
fn what_could_cost_too_much_is_refused() {
    let asked = |count: usize| vec!["f != 'some_flag'"; count].join(" && ");
    let few = format!("event.flags.all(f, {})", asked(1));
    assert_eq!(judged(&few, &whole()), Verdict::Hit);
    let many = format!("event.flags.all(f, {})", asked(20));
    assert!(refused(&many).contains("could cost"));
    let rules: Vec<_> = (0..RULES_MAX)
        .map(|number| Rule { code: format!("X_{number}"), ..rule(&few) })
        .collect();
    let error = RuleSet::compile(&rules).unwrap_err();
    assert_eq!(error.pointer, "/rules");
    assert!(error.detail.contains("together"), "{error}");
}

#[test]
fn codes_details_and_the_number_of_rules_are_checked() {
    let good = rule("event.test");
    let long = format!("X_{}", "A".repeat(61));
    for code in ["X_A", "X_9_LIVES", long.as_str()] {
        RuleSet::compile(&[Rule { code: code.to_owned(), ..good.clone() }]).unwrap();
    }
    let too_long = format!("{long}A");
    for code in ["", "X_", "NEW_DEVICE", "x_a", "X_a", "X_A B", "X_Ä", too_long.as_str()] {
        let error = RuleSet::compile(&[good.clone(), Rule { code: code.to_owned(), ..good.clone() }]).unwrap_err();
        assert_eq!(error.pointer, "/rules/1/code", "{code}");
    }
    let twice = RuleSet::compile(&[good.clone(), good.clone()]).unwrap_err();
    assert_eq!((twice.pointer.as_str(), twice.detail.contains("another rule")), ("/rules/1/code", true));
    for detail in [String::new(), " ".to_owned(), "a\nb".to_owned(), "a".repeat(201)] {
        let error = RuleSet::compile(&[Rule { detail, ..good.clone() }]).unwrap_err();
        assert_eq!(error.pointer, "/rules/0/detail");
    }
    RuleSet::compile(&[Rule { detail: "ä".repeat(200), ..good.clone() }]).unwrap();
    let rules = |count: usize| (0..count).map(|n| Rule { code: format!("X_{n}"), ..good.clone() }).collect::<Vec<_>>();
    assert_eq!(RuleSet::compile(&rules(50)).unwrap().judge(&whole()).len(), 50);
    assert_eq!(RuleSet::compile(&rules(51)).unwrap_err().pointer, "/rules");
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
fn garbage_is_refused_and_never_a_panic() {
    let table = [
        "(".repeat(2000),
        format!("{}event.test{}", "(".repeat(1000), ")".repeat(1000)),
        "[".repeat(60),
        "!".repeat(2000),
        "-".repeat(63),
        "event.test ? ".repeat(60),
        "event.test ? event.test : ".repeat(60),
        vec!["1"; 1000].join("+"),
        format!("event.test{}", ".a".repeat(60)),
        "\u{0}\u{fffd}\u{202e}".to_owned(),
        "\u{fffd}".repeat(300),
        "'\u{fffd}' == ".to_owned(),
        "9999999999999999999999 > 1".to_owned(),
        "1e999 > 1.0 &&".to_owned(),
        "0x > 1".to_owned(),
        "''".to_owned(),
        "has()".to_owned(),
        "event.flags.exists()".to_owned(),
        "event.flags.exists(1, true)".to_owned(),
        "event.flags.exists(f.g, true)".to_owned(),
    ];
    for when in table {
        RuleSet::compile(&[rule(&when)]).unwrap_err();
    }
}

#[test]
fn deepest_condition_that_passes_is_judged_on_a_small_stack() {
    let deep = format!("{}event.test{}", "!(".repeat(20), ")".repeat(20));
    let choices = format!("{}false", "event.test ? event.has_ip : ".repeat(20));
    let small = std::thread::Builder::new().stack_size(512 * 1024);
    let judged = small.spawn(move || [judged(&deep, &whole()), judged(&choices, &whole())]);
    assert_eq!(judged.unwrap().join().unwrap(), [Verdict::Hit, Verdict::Hit]);
}

#[test]
fn rule_sets_may_be_shared_between_threads() {
    fn shared<T: Send + Sync + std::fmt::Debug>() {}
    shared::<RuleSet>();
}

fn piece() -> impl Strategy<Value = String> {
    let known = [
        "event.amount", "event.flags", "history.events", "event.attributes.x", "event", "(", ")", "[", "]", "&&", "||",
        "!", "-", "+", "*", "/", "%", "==", "!=", "<", ">=", "?", ":", ",", ".", "in", "has(", "size(", "f", "'a'", "1",
        "2.5", "true", "null", ".exists(f,", ".all(f,", "{", "}", "\"", "'", "event.test", "int(", "0", " ",
    ];
    prop::sample::select(known.to_vec()).prop_map(str::to_owned)
}

proptest! {
    #[test]
    fn any_text_compiles_or_is_refused(text in any::<String>()) {
        let _ = RuleSet::compile(&[rule(&text)]);
    }

    #[test]
    fn any_pieces_compile_or_are_refused_and_are_judged(pieces in prop::collection::vec(piece(), 1..24)) {
        if let Ok(rules) = RuleSet::compile(&[rule(&pieces.join(" "))]) {
            for features in [whole(), bare()] {
                prop_assert_eq!(rules.judge(&features).len(), 1);
            }
        }
    }
}
