//! Every preset is good as it is shipped, and says so itself.

use super::*;
use crate::policy::{Policy, check};

#[test]
fn every_preset_is_good_and_tests_itself() {
    for preset in PRESETS {
        let report = check(preset.text);
        let complaints: Vec<_> = report.complaints.iter().map(ToString::to_string).collect();
        assert_eq!(complaints, Vec::<String>::new(), "{}", preset.name);
        let policy = report.policy.unwrap();
        assert_eq!(policy.name, preset.name);
        assert!(policy.tests.len() >= 4, "{}", preset.name);
    }
}

#[test]
fn no_preset_is_another_or_the_default_under_a_new_name() {
    let mut digests: Vec<_> = PRESETS
        .iter()
        .map(|preset| Policy { name: "same".to_owned(), ..check(preset.text).policy.unwrap() }.digest())
        .collect();
    digests.push(Policy { name: "same".to_owned(), ..Policy::default_policy() }.digest());
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), PRESETS.len() + 1);
}

#[test]
fn presets_are_found_by_name_alone() {
    assert!(PRESETS.is_sorted_by_key(|preset| preset.name));
    assert_eq!(preset("payout").map(|preset| preset.name), Some("payout"));
    assert!(preset("pay").is_none());
}
