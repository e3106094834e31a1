//! What was published of `wit/` stays as it is: components that were built against it are called by it for years.
//!
//! `frozen/` holds each version as it was published, without comments and blank lines. A published version may gain
//! functions, since a guest that lacks them is called as before; everything else would change the layout of what is
//! handed over (component model, canonical ABI) and break every component that there is.

use std::path::Path;

/// A published version, where it is written, and what was published.
const PUBLISHED: [(&str, &str, &str); 2] = [
    ("0.1", "wit/connector.wit", include_str!("frozen/0.1.txt")),
    ("0.2", "wit/0.2/connector.wit", include_str!("frozen/0.2.txt")),
];

/// The lines that mean something, without what may be written differently.
fn meaning(text: &str) -> Vec<String> {
    let bare = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    let words = bare.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    words.filter(|line| !line.is_empty()).collect()
}

/// What is in the way of `now` being `before` with further functions, line by line.
fn changes(before: &[String], now: &[String]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut expected = before.iter().peekable();
    for line in now {
        if expected.peek() == Some(&line) {
            expected.next();
        } else if !line.contains(": func(") || !line.ends_with(';') {
            wrong.push(format!("+ {line}"));
        }
    }
    wrong.extend(expected.map(|line| format!("- {line}")));
    wrong
}

#[test]
fn published_versions_only_gain_functions() {
    for (version, path, published) in PUBLISHED {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
        let now = meaning(&std::fs::read_to_string(file).unwrap());
        let wrong = changes(&meaning(published), &now);
        assert!(
            wrong.is_empty(),
            "{path} is published as ase:connector@{version} and differs from that:\n{}\nOnly functions may be added, \
             each on a line of its own. Undo the change, or make it in a new version beside this one: copy the newest \
             directory of wit/, and follow \"A new version of the interface\" in connectors/README.md.",
            wrong.join("\n")
        );
    }
}

#[test]
fn a_further_function_is_allowed_and_everything_else_is_found() {
    let before = meaning(PUBLISHED[0].2);
    let now = |from: &str, to: &str| {
        let changed = PUBLISHED[0].2.replacen(from, to, 1);
        assert_ne!(changed, PUBLISHED[0].2, "there is no {from}");
        changes(&before, &meaning(&changed))
    };
    let more = "describe: func() -> string;\nnormalize:";
    assert_eq!(now("normalize:", more), Vec::<String>::new());
    assert_eq!(now("record header {", "/// as received\nrecord   header {"), Vec::<String>::new());
    for (from, to) in [
        ("value: list<u8>,", ""),
        ("value: list<u8>,", "value: string,"),
        ("record header {", "record header { more: string,"),
        ("hmac-sha256,\nhmac-sha512,", "hmac-sha512,\nhmac-sha256,"),
        ("shared-token,", "shared-token,\nrsa,"),
        ("result<outcome, refusal>", "result<list<outcome>, refusal>"),
        ("ase:connector@0.1.0", "ase:connector@0.1.1"),
        ("export normalizer;", "export normalizer;\nimport clock: interface {}"),
    ] {
        assert!(!now(from, to).is_empty(), "{from} to {to}");
    }
}
