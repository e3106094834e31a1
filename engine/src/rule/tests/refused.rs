//! What is refused, and in which words.

use super::*;

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
    for when in
        ["something_else_entirely > 1", "event.zzzzzzzzzzzzzzzz", "frobnicate(event.amount)", ".session.test"]
    {
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
    let many = format!("event.flags.all(f, {})", asked(30));
    assert!(refused(&many).contains("could cost"));
    let rules: Vec<_> =
        (0..RULES_MAX).map(|number| Rule { code: format!("X_{number}"), ..rule(&few) }).collect();
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
        let error =
            RuleSet::compile(&[good.clone(), Rule { code: code.to_owned(), ..good.clone() }]).unwrap_err();
        assert_eq!(error.pointer, "/rules/1/code", "{code}");
    }
    let twice = RuleSet::compile(&[good.clone(), good.clone()]).unwrap_err();
    assert_eq!((twice.pointer.as_str(), twice.detail.contains("another rule")), ("/rules/1/code", true));
    for detail in [String::new(), " ".to_owned(), "a\nb".to_owned(), "a".repeat(201)] {
        let error = RuleSet::compile(&[Rule { detail, ..good.clone() }]).unwrap_err();
        assert_eq!(error.pointer, "/rules/0/detail");
    }
    RuleSet::compile(&[Rule { detail: "ä".repeat(200), ..good.clone() }]).unwrap();
    let rules = |count: usize| {
        (0..count).map(|n| Rule { code: format!("X_{n}"), ..good.clone() }).collect::<Vec<_>>()
    };
    assert_eq!(RuleSet::compile(&rules(50)).unwrap().judge(&whole()).len(), 50);
    assert_eq!(RuleSet::compile(&rules(51)).unwrap_err().pointer, "/rules");
}
