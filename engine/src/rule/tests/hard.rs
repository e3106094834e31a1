//! What must never break anything.

use proptest::prelude::*;

use super::*;

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

/// 2 MiB is what a thread that answers requests has; half of it is left to what stands above.
#[test]
fn deepest_conditions_are_judged_on_half_a_stack() {
    let conditions = [
        format!("{}event.test{}", "!(".repeat(10), ")".repeat(10)),
        format!("{}event.test", "!".repeat(22)),
        format!("{}false", "event.test ? event.has_ip : ".repeat(20)),
        format!("{} > 1", vec!["1"; 22].join("+")),
        format!("['a'].exists(f, {} > 1)", vec!["size(f)"; 15].join("+")),
    ];
    for when in conditions {
        let rules = RuleSet::compile(&[rule(&when)]).unwrap_or_else(|error| panic!("{when}: {error}"));
        let small = std::thread::Builder::new().stack_size(1024 * 1024);
        let found = small.spawn(move || rules.judge(&whole()).pop().unwrap().1).unwrap().join().unwrap();
        assert_eq!(found, Verdict::Hit, "{when}");
    }
}

#[test]
fn rule_sets_may_be_shared_between_threads() {
    fn shared<T: Send + Sync + std::fmt::Debug>() {}
    shared::<RuleSet>();
}

fn piece() -> impl Strategy<Value = String> {
    let known = [
        "event.amount",
        "event.flags",
        "history.events",
        "event.attributes.x",
        "event",
        "(",
        ")",
        "[",
        "]",
        "&&",
        "||",
        "!",
        "-",
        "+",
        "*",
        "/",
        "%",
        "==",
        "!=",
        "<",
        ">=",
        "?",
        ":",
        ",",
        ".",
        "in",
        "has(",
        "size(",
        "f",
        "'a'",
        "1",
        "2.5",
        "true",
        "null",
        ".exists(f,",
        ".all(f,",
        "{",
        "}",
        "\"",
        "'",
        "event.test",
        "int(",
        "0",
        " ",
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
