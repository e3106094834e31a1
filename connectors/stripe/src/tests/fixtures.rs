//! Recorded bodies of public origin: each becomes the event it is.

use ase_connector_kit::testing::{
    amount, assert_sound, attribute, changes, description, fixtures_dir, links, signals,
};

use super::{event, fixtures};
use crate::bindings::exports::ase::connector::normalizer::Event;

/// File, neutral type, subject and amount of every recorded body.
const EXPECTED: [(&str, &str, &str, Option<&str>); 30] = [
    ("account.external_account.created.djs-ba", "payout.destination_changed", "acct_1IuHosQveW0ONQsd", None),
    ("account.updated.djs", "merchant.updated", "acct_1IuHosQveW0ONQsd", None),
    ("charge.captured.srm", "payment.captured", "card:ZoVSX2dK5igWt2SB", Some("1.00 USD")),
    (
        "charge.dispute.created.srm",
        "dispute.created",
        "dispute:dp_1ASE8f4b4b69482cec0a72b9",
        Some("1.00 USD"),
    ),
    (
        "charge.dispute.funds_withdrawn.sse",
        "dispute.updated",
        "dispute:dp_1MLuxQJDPojXS6LNrukJCBBG",
        Some("10.00 USD"),
    ),
    (
        "charge.dispute.updated.sse",
        "dispute.updated",
        "dispute:dp_1MLuxQJDPojXS6LNrukJCBBG",
        Some("10.00 USD"),
    ),
    ("charge.expired.sse", "payment.expired", "cus_J7Mkgr8mvbl1eK", Some("25.00 USD")),
    ("charge.failed.srm", "payment.failed", "card:kMzSwhaalD1uR96R", Some("20.00 USD")),
    ("charge.refunded.srm", "refund.created", "card:ZoVSX2dK5igWt2SB", Some("1.00 USD")),
    ("charge.succeeded.openapi", "payment.succeeded", "cus_QXg1o8vcGmoR32", Some("1.00 USD")),
    ("charge.succeeded.sse", "payment.succeeded", "cus_J7Mkgr8mvbl1eK", Some("30.00 USD")),
    ("checkout.session.completed.hkd", "checkout.completed", "cus_NSPHp4fOlXGw8P", Some("0.00 USD")),
    ("customer.created.hkd", "account.created", "cus_NSPHp4fOlXGw8P", None),
    ("customer.source.updated.srm", "payment_method.updated", "cus_1ASE80c633d794ffb34aa807", None),
    ("mandate.updated.srm", "payment_method.updated", "mandate:mandate_000000000000000000000000", None),
    (
        "payment_intent.canceled.sse",
        "payment.cancelled",
        "payment_intent:pi_1IqxJOJDPojXS6LN9uOebAea",
        Some("10.00 USD"),
    ),
    (
        "payment_intent.created.srm",
        "payment.created",
        "payment_intent:pi_1ASEda75941a67fa6cb4449e",
        Some("20.00 USD"),
    ),
    ("payment_intent.payment_failed.srm", "payment.failed", "card:kMzSwhaalD1uR96R", Some("20.00 USD")),
    ("payment_intent.succeeded.srm", "payment.succeeded", "card:ZoVSX2dK5igWt2SB", Some("20.00 USD")),
    ("payment_method.attached.sse", "payment_method.added", "cus_N4vaPItLFHBqRE", None),
    ("payout.created.srm", "payout.created", "self", Some("11.00 USD")),
    ("payout.failed.openapi", "payout.failed", "acct_1PgafTB7WZ01zgkW", Some("11.00 USD")),
    (
        "radar.early_fraud_warning.created.sse",
        "fraud_warning.created",
        "radar.early_fraud_warning:issfr_1NnrwHBw2dPENLoi9lnhV3RQ",
        None,
    ),
    ("refund.created.sse", "refund.created", "refund:re_1Nispe2eZvKYlo2Cd31jOCgZ", Some("10.00 USD")),
    ("review.opened.sse", "review.opened", "review:prv_1NVyFt2eZvKYlo2CjubqF1xm", None),
    (
        "setup_intent.created.hkd",
        "payment_method.updated",
        "setup_intent:seti_1MhUZpE0b6fckueSO1ROP6RG",
        None,
    ),
    ("setup_intent.setup_failed.srm", "payment_method.failed", "card:kMzSwhaalD1uR96R", None),
    ("transfer.created.srm", "transfer.created", "transfer:tr_1ASE915656b3ca01b9b41653", Some("0.67 USD")),
    ("transfer.updated.srm", "transfer.updated", "transfer:tr_1ASE41baae53c1c0714e9621", Some("0.67 USD")),
    ("v1.charge.dispute.created.thin", "dispute.created", "dispute:dp_1Pgc71B7WZ01zgkWMevJiAUx", None),
];

/// One recorded body as an event; none where the folder is missing.
fn fixture(name: &str) -> Option<Event> {
    let path = fixtures_dir()?.join("stripe").join(format!("{name}.json"));
    Some(event(&std::fs::read(path).unwrap()))
}

#[test]
fn every_recorded_body_becomes_a_sound_test_event() {
    for (name, body) in fixtures() {
        let event = event(&body);
        assert_sound(&event);
        assert!(event.test && event.occurred_at.is_some(), "{name}");
    }
}

#[test]
fn recorded_bodies_have_the_expected_type_subject_and_amount() {
    for (name, kind, subject, money) in EXPECTED {
        let Some(event) = fixture(name) else { return };
        assert_eq!((event.type_.as_str(), event.subject.id.as_str()), (kind, subject), "{name}");
        assert_eq!(amount(&event).as_deref(), money, "{name}");
    }
}

#[test]
fn an_old_intent_is_read_through_its_list_of_charges() {
    let Some(event) = fixture("payment_intent.succeeded.srm") else { return };
    let expected = [
        "payment pi_1ASE34eecf1ac3dd57626be8",
        "charge ch_1ASE14def81e7af361b41f89",
        "payment_method pm_1ASE0ff849b25a38f4f39266",
        "card ZoVSX2dK5igWt2SB",
    ];
    assert_eq!(links(&event), expected);
    assert_eq!(signals(&event), [("stripe.radar.risk_score", 2.0)]);
    assert_eq!(event.shipping.as_ref().unwrap().country.as_deref(), Some("US"));
    assert!(event.billing.is_none(), "all null is unknown");
    assert_eq!(description(&event), Some("Pay 20.00 USD to EXAMPLECOMPANY"));
}

#[test]
fn a_failed_attempt_says_why() {
    let Some(event) = fixture("payment_intent.payment_failed.srm") else { return };
    assert_eq!(attribute(&event, "failure_code"), Some("card_declined"));
    assert_eq!(attribute(&event, "decline_code"), Some("generic_decline"));
    assert!(links(&event).contains(&"charge ch_1ASE029c2ed019ec27ec6b5b".to_owned()));
}

#[test]
fn a_recorded_charge_under_review_carries_radars_opinion_and_failed_checks() {
    let Some(event) = fixture("charge.succeeded.openapi") else { return };
    assert_eq!(event.id, "evt_1ASEa0a9c672a3ebc876ac4d");
    assert_eq!(event.occurred_at.as_deref(), Some("2026-08-20T12:00:00Z"));
    assert_eq!(event.subject.email.as_deref(), Some("jenny.rosen@example.com"));
    assert!(event.subject.created_at.is_none(), "the charge's age is not the customer's");
    assert_eq!(event.billing.as_ref().unwrap().country.as_deref(), Some("US"));
    assert_eq!(event.shipping.as_ref().unwrap().country.as_deref(), Some("NG"));
    assert_eq!(signals(&event), [("stripe.radar.risk_score", 71.0), ("stripe.radar.outcome", 70.0)]);
    for (name, value) in
        [("address_line1_check", "fail"), ("address_postal_code_check", "fail"), ("cvc_check", "pass")]
    {
        assert_eq!(attribute(&event, name), Some(value), "{name}");
    }
}

#[test]
fn a_level_counts_where_radar_gave_no_score() {
    let Some(event) = fixture("charge.expired.sse") else { return };
    assert_eq!(signals(&event), [("stripe.radar.risk_level", 20.0)]);
}

#[test]
fn a_refund_of_a_charge_is_linked_and_counts_what_was_refunded_now() {
    let Some(event) = fixture("charge.refunded.srm") else { return };
    assert!(links(&event).contains(&"refund re_1ASE48f7d2837739b50e548a".to_owned()));
    assert_eq!(changes(&event), ["amount_refunded", "refunded", "refunds"]);
    assert_eq!(description(&event), Some("Refund 1.00 USD"));
}

#[test]
fn warnings_and_disputes_carry_their_weight() {
    let Some(warning) = fixture("radar.early_fraud_warning.created.sse") else { return };
    assert_eq!(signals(&warning), [("stripe.early_fraud_warning", 100.0)]);
    assert_eq!(attribute(&warning, "actionable"), Some("true"));
    assert_eq!(attribute(&warning, "fraud_type"), Some("misc"));
    let fraudulent = fixture("charge.dispute.created.srm").unwrap();
    assert_eq!(signals(&fraudulent), [("stripe.dispute", 90.0)]);
    let general = fixture("charge.dispute.funds_withdrawn.sse").unwrap();
    assert_eq!(signals(&general), [("stripe.dispute", 60.0)]);
    assert_eq!(attribute(&general, "provider_event"), Some("charge.dispute.funds_withdrawn"));
}

#[test]
fn recorded_destinations_have_an_id_and_a_label() {
    let Some(event) = fixture("account.external_account.created.djs-ba") else { return };
    let destination = event.action.as_ref().unwrap().destination.as_ref().unwrap();
    assert_eq!(destination.id, "bank:OAI2ZEI2iIJVbF1o");
    assert_eq!(destination.label.as_deref(), Some("STRIPE TEST BANK •••• 1116"));
    let payout = fixture("payout.created.srm").unwrap();
    let destination = payout.action.as_ref().unwrap().destination.as_ref().unwrap();
    assert_eq!(
        (destination.id.as_str(), destination.label.as_deref()),
        ("ba_1ASE4b7967889f53fd2b2685", None)
    );
}

#[test]
fn a_masked_ip_is_unknown() {
    let Some(event) = fixture("mandate.updated.srm") else { return };
    let device = event.device.as_ref().unwrap();
    assert_eq!((device.ip.as_deref(), device.user_agent.as_deref()), (None, Some("UserAgent")));
}

#[test]
fn a_recorded_customer_tells_who_it_is() {
    let Some(event) = fixture("customer.created.hkd") else { return };
    assert_eq!(event.subject.email.as_deref(), Some("user-2e3a95@example.com"));
    assert_eq!(event.subject.created_at.as_deref(), Some("2023-03-03T08:59:58Z"));
    assert_eq!(event.subject.locale.as_deref(), Some("en-US"));
    assert_eq!(event.billing.as_ref().unwrap().country.as_deref(), Some("CM"));
}

#[test]
fn a_thin_event_is_flagged_and_not_scored_on_what_it_lacks() {
    let Some(event) = fixture("v1.charge.dispute.created.thin") else { return };
    assert_eq!(attribute(&event, "hydration"), Some("required"));
    assert_eq!(links(&event), ["dispute dp_1Pgc71B7WZ01zgkWMevJiAUx"]);
    assert!(event.action.is_none() && event.signals.is_empty());
}
