//! The hash of what a decision was about.

use super::*;

/// Computed apart from this code: the canonical texts hashed with `hashlib` in Python.
#[test]
fn action_hash_keeps_its_golden_vectors() {
    let money = Money::parse("900.00", "EUR").unwrap();
    assert_eq!(
        action_hash("payout.destination_changed", "user_42", Some(&money), Some("iban:DE89")),
        WITH_MONEY
    );
    assert_eq!(action_hash("login", "Zoë \"x\"\n", None, None), WITHOUT_MONEY);
}

const WITH_MONEY: &str = "1104f61d52f2af2076310a0eea7e41f1be8b669a1037b01a05f5456cbf863a64";
const WITHOUT_MONEY: &str = "df46ba8732f0aec88afd82a4c055782c36b38c01a25fae8e09cb98e644f36928";

#[test]
fn equal_amounts_hash_alike_and_other_actions_do_not() {
    let hash = |value: &str, currency: &str, destination| {
        action_hash("a", "s", Some(&Money::parse(value, currency).unwrap()), destination)
    };
    assert_eq!(hash("100.0", "EUR", None), hash("100.00", "eur", None));
    assert_eq!(hash("0.00", "EUR", None), hash("-0", "EUR", None));
    let all = [
        hash("100", "EUR", None),
        hash("10", "EUR", None),
        hash("10000", "EUR", None),
        hash("100", "USD", None),
        hash("100", "EUR", Some("x")),
        hash("100", "EUR", Some("")),
        action_hash("a", "s", None, None),
        action_hash("b", "s", None, None),
        action_hash("a", "t", None, None),
    ];
    let distinct: std::collections::HashSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), all.len());
}
