//! Broken documents, and what their authors are told.

use super::*;

fn told(text: &str) -> Vec<String> {
    check(text).complaints.iter().map(ToString::to_string).collect()
}

/// Documents with one mistake each, and the complaint.
const BROKEN: &[(&str, &str)] = &[
    ("", "line 1, column 1: the document is empty"),
    ("# nothing but words\n", "line 1, column 1: the document is empty"),
    ("- name: a\n", "line 1, column 1: a policy is an object with at least a `name`"),
    ("otp: {}\n", "line 1, column 1: `name` is missing"),
    ("name: Not so\n", "line 1, column 1 (/name): must be 1 to 64 lower-case letters, digits, `-` and `_`"),
    ("name: 7\n", "line 1, column 1 (/name): must be text"),
    ("name: a\nname: b\n", "line 2, column 1 (/name): is written twice, in line 1 and in line 2"),
    ("name: a\nfloor: []\n", "line 2, column 1 (/floor): unknown field `floor`; did you mean `floors`?"),
    ("name: a\nsignals:\n", "line 2, column 1 (/signals): must be an object"),
    ("name: a\nfloors: 7\n", "line 2, column 1 (/floors): must be a list"),
    (
        "name: a\n\nsignals:\n  NEW_DEVICE:\n    unseen: 101\n",
        "line 5, column 5 (/signals/NEW_DEVICE/unseen): must be 0 to 100",
    ),
    (
        "name: a\nsignals:\n  NEW_DEVICE:\n    unseen: no\n",
        "line 4, column 5 (/signals/NEW_DEVICE/unseen): must be a whole number",
    ),
    (
        "name: a\nsignals:\n  NEW_DEVICE:\n    unsee: 1\n",
        "line 4, column 5 (/signals/NEW_DEVICE/unsee): unknown field `unsee`; did you mean `unseen`?",
    ),
    (
        "name: a\nsignals:\n  new_device: {}\n",
        "line 3, column 3 (/signals/new_device): unknown field `new_device`; did you mean `NEW_DEVICE`?",
    ),
    (
        "name: a\nsignals:\n  NEW_DEVICE: {mode: liv}\n",
        "line 3, column 16 (/signals/NEW_DEVICE/mode): unknown variant `liv`; did you mean `live`?",
    ),
    (
        "name: a\nsignals:\n  ACCOUNT_NEW:\n    below_hours:\n      - {limit: 1, points: 1}\n      - {limit: 2, points: 200}\n",
        "line 6, column 20 (/signals/ACCOUNT_NEW/below_hours/1/points): must be 0 to 100",
    ),
    (
        "name: a\ngroups:\n  devices: 3\n",
        "line 3, column 3 (/groups/devices): unknown variant `devices`; did you mean `device`?",
    ),
    (
        "name: a\nthresholds:\n  default:\n    delay_from: 1\n    hold_from: 2\n",
        "line 3, column 3 (/thresholds/default): `block_from` is missing",
    ),
    (
        "name: a\nthresholds:\n  categories:\n    payout: {delay_from: 50, hold_from: 40, block_from: 90}\n",
        "line 4, column 5 (/thresholds/categories/payout): `delay_from`, `hold_from` and `block_from` must not fall",
    ),
    (
        "name: a\nfloors:\n- {when_reason: NEW_DEVICE, score: 1}\n- {when_reason: NEW_DEVIZE, score: 1}\n",
        "line 4, column 4 (/floors/1/when_reason): must be the code of a signal or of a rule of this policy; \
         did you mean `NEW_DEVICE`?",
    ),
    (
        "name: a\nholds:\n- {when_reason: NEW_DEVICE, hours: 0}\n",
        "line 3, column 29 (/holds/0/hours): must be 1 to 720",
    ),
    (
        "name: a\nholds:\n  - &h {when_reason: NEW_DEVICE, hours: 1}\n  - *h\n",
        "line 3, column 5 (/holds/0): anchors are not read: write the value out where it is needed",
    ),
    ("name: !!str a\n", "line 1, column 7 (/name): tags are not read: quote what is meant as text"),
    ("name: a\n---\nname: b\n", "line 2, column 1: a second document begins here, and a policy is one"),
    ("name: a\notp: {from_score: .inf}\n", "line 2, column 19 (/otp/from_score): must be a finite number"),
    ("name: a\n? [b]\n: c\n", "line 2, column 3: a name must be text"),
    (
        "name: a\notp:\n\tfrom_score: 1\n",
        "line 3, column 2: lines must be indented with spaces, not with tabs",
    ),
    (
        "{\"name\": \"a\", \"otp\": {\"from_score\": 102}}",
        "line 1, column 23 (/otp/from_score): must be 0 to 101",
    ),
    (
        "name: a\nrules:\n  - {code: X_A, points: 1, group: device, detail: d}\n",
        "line 3, column 5 (/rules/0): `when` is missing",
    ),
    (
        "name: a\nrules:\n  - {code: X_A, when: 'false', points: 1, group: device, detail: d}\n  - {code: X_A, when: 'true', points: 1, group: device, detail: d}\n",
        "line 4, column 6 (/rules/1/code): is the code of another reason",
    ),
];

#[test]
fn a_mistake_is_told_with_its_line() {
    for (text, complaint) in BROKEN {
        assert_eq!(told(text), [*complaint], "{text}");
    }
}

#[test]
fn what_cannot_be_read_at_all_is_told_with_its_line() {
    for (text, place) in [
        ("name: a\notp: {from_score: 1\n", "line 3, "),
        ("{\"name\": \"a\"", "line 2, "),
        ("a: b: c\n", "line 1, "),
    ] {
        let told = told(text);
        assert!(told.len() == 1 && told[0].starts_with(place), "{text}: {told:?}");
        assert!(told[0].contains("is neither YAML nor JSON"), "{told:?}");
    }
}

#[test]
fn one_mistake_does_not_hide_the_next() {
    let text = "\
name: Not so
thresholds:
  default: {delay_from: 200, hold_from: 200, block_from: 200}
otp:
  from: 1
groups:
  device: 101
floors:
  - {when_reason: NOTHING_AT_ALL, score: 1}
  - {when_reason: NEW_DEVIZE, score: 1}
signals:
  NEW_DEVICE: {unseen: -1, mode: on}
  NEW_DEVIL: {}
rules: {}
";
    let lines: Vec<usize> = check(text).complaints.iter().map(|complaint| complaint.line).collect();
    assert_eq!(lines, [1, 3, 5, 7, 12, 12, 13, 14], "{:?}", told(text));
    // with the rules read, codes are looked at too
    let lines: Vec<usize> = check(&text.replace("rules: {}", "rules: []"))
        .complaints
        .iter()
        .map(|complaint| complaint.line)
        .collect();
    assert_eq!(lines, [1, 3, 5, 7, 9, 10, 12, 12, 13]);
}

#[test]
fn what_would_exhaust_the_reader_is_refused() {
    let deep = format!("name: {}{}", "[".repeat(65), "]".repeat(65));
    assert!(told(&deep)[0].ends_with("is nested more than 64 levels deep"), "{:?}", told(&deep)[0].len());
    assert!(told(&"[".repeat(200_000))[0].ends_with("recursion limit exceeded"));
    assert!(told(&"- ".repeat(100_000))[0].ends_with("is nested more than 64 levels deep"));
    let long = format!("name: a\n# {}\n", "x".repeat(256 * 1024));
    assert_eq!(told(&long), ["line 1, column 1: a policy has at most 256 KiB"]);
    let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n";
    assert!(told(bomb)[0].contains("anchors are not read"));
    let strangers: Vec<String> = (0..20_000).map(|place| format!("  S{place}: 1\n")).collect();
    let many = format!("name: a\nsignals:\n{}", strangers.concat());
    assert_eq!(told(&many).len(), 100);
}

#[test]
fn a_good_document_is_a_policy() {
    let report = check("name: own\nsignals:\n  NEW_DEVICE: {unseen: 20}\n");
    assert!(report.is_good());
    assert_eq!((report.tests(), report.policy.unwrap().signals.new_device.unseen), (0, 20));
}

#[test]
fn failing_tests_are_told_where_they_stand() {
    let text = "\
name: own
tests:
  - name: fails
    event: {type: payout.created, device: {id: d}}
    expect: {outcome: block_escalate, score_from: 90, not_reasons: [NEW_DEVICE]}
  - name: passes
    event: {type: payout.created, device: {id: d}}
    expect: {score: 30, reasons: [NEW_DEVICE]}
  - name: misspelt
    event: {type: payout.created, devise: {id: d}}
    expect: {outcome: allow}
";
    let expected = [
        "line 3, column 5 (/tests/0): test `fails` fails: expected outcome block_escalate, a score of 90 or more, \
         no NEW_DEVICE, but came delay_verify with score 30 = 15 ACTION_SENSITIVE + 15 NEW_DEVICE; with a code; \
         not known: ",
        "line 10, column 35 (/tests/2/event/devise): unknown field `devise`; did you mean `device`?",
    ];
    let told = told(text);
    assert_eq!(told.len(), 2, "{told:?}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.starts_with(expected), "{told}");
    }
}

#[test]
fn a_word_of_an_address_is_no_name() {
    for word in ["backtest", "presets", "rollback", "schema", "shadow-report", "versions"] {
        let report = check(&format!("name: {word}\n"));
        let told: Vec<String> = report.complaints.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("(/name)") && told[0].contains(word), "{told:?}");
        assert!(Policy::check_name(word).is_err());
        assert!(check(&format!("name: {word}-2\n")).is_good());
    }
    for name in ["", "Own", "own policy"] {
        assert!(Policy::check_name(name).is_err(), "{name}");
    }
}
