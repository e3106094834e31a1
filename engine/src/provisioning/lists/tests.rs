use chrono::TimeDelta;
use serde_json::json;

use super::*;
use crate::signal::sample::{event, now};
use crate::trace::Keymaker;
use crate::vault::{MasterKey, OrgVault};

fn vault() -> OrgVault {
    MasterKey::parse(&MasterKey::generate(&mut rand::rng())).unwrap().org("org_a")
}

fn listings(values: &[(&str, &str)]) -> Vec<Listing> {
    let entry = |(kind, value): &(&str, &str)| NewEntry {
        list: Some("deny".to_owned()),
        kind: Some((*kind).to_owned()),
        value: Some((*value).to_owned()),
        reason: Some("a scam".to_owned()),
        expires_at: None,
    };
    read_all(values.iter().map(entry).collect(), now()).unwrap()
}

fn stored(listing: &Listing, entry_id: &str) -> Entry {
    Entry {
        entry_id: entry_id.to_owned(),
        list: listing.list.as_str().to_owned(),
        kind: listing.kind.as_str().to_owned(),
        value: listing.value.clone(),
        reason: listing.reason.clone(),
        author: "key_1".to_owned(),
        created_at: now() - TimeDelta::hours(1),
        expires_at: None,
        ended_at: None,
        ended_by: None,
        active: true,
    }
}

#[test]
fn an_entry_has_the_key_that_a_decision_looks_for() {
    let vault = vault();
    let event = event(
        "payout.created",
        json!({
            "subject": { "email": "ana@Mail.Example" },
            "device": { "id": "dev_7" },
            "action": { "destination": { "id": "iban:DE89370400440532013000" } },
        }),
    );
    let keys = Keymaker::new(&vault, false).keys(&event);
    let looked_for: Vec<Vec<u8>> = keys.listed.iter().map(|key| key.to_vec()).collect();
    let given = listings(&[
        ("subject", "user_42"),
        ("device", "dev_7"),
        ("destination", "iban:DE89370400440532013000"),
        ("email_domain", "mAIL.example"),
    ]);
    let columns = columns(&vault, &given);
    let made: Vec<Vec<u8>> = columns.keys.into_iter().flatten().collect();
    assert_eq!(made, looked_for);
    assert_eq!(columns.networks, [const { None }; 4]);
}

#[test]
fn an_address_is_found_by_its_range_alone() {
    let columns = columns(&vault(), &listings(&[("ip", "203.0.113.9"), ("ip", "::ffff:198.51.100.0/120")]));
    assert_eq!(columns.keys, [None, None]);
    assert_eq!(columns.networks, [Some("203.0.113.9/32".to_owned()), Some("198.51.100.0/24".to_owned())]);
    assert_eq!(columns.values, ["203.0.113.9", "198.51.100.0/24"]);
}

#[test]
fn what_became_of_each_is_told_in_the_order_given() {
    let given = listings(&[("subject", "a"), ("subject", "b"), ("device", "a")]);
    let ids = ["lst_1", "lst_2", "lst_3"].map(str::to_owned);
    let put = vec![stored(&given[2], "lst_3"), stored(&given[1], "lst_0"), stored(&given[0], "lst_1")];
    let listed = in_order(&given, &ids, put.clone()).unwrap();
    let told: Vec<_> = listed.iter().map(|listed| (listed.entry.entry_id.as_str(), listed.added)).collect();
    assert_eq!(told, [("lst_1", true), ("lst_0", false), ("lst_3", true)]);
    assert!(in_order(&given, &ids, put[..2].to_vec()).is_err(), "what is not there was not put");
}

#[test]
fn the_log_does_not_hear_whom_an_entry_names() {
    let entry = stored(&listings(&[("email_domain", "mail.example")])[0], "lst_1");
    assert_eq!(outline(&entry), json!({ "list": "deny", "kind": "email_domain", "entry_id": "lst_1" }));
}
