//! Bodies of our own making, written from Stripe's documented shapes.

use ase_connector_kit::testing::{amount, assert_sound, attribute, changes, description, links, signals};

use super::event;

/// Every own sample with its name.
pub(super) const BODIES: [(&str, &str); 8] = [
    ("charge", CHARGE),
    ("intent", INTENT),
    ("customer", CUSTOMER),
    ("destination", DESTINATION),
    ("payout", PAYOUT),
    ("review", REVIEW),
    ("dispute", DISPUTE),
    ("thin", THIN),
];
const CHARGE: &str = include_str!("../../samples/charge.succeeded.json");
const INTENT: &str = include_str!("../../samples/payment_intent.succeeded.json");
const CUSTOMER: &str = include_str!("../../samples/customer.updated.json");
const DESTINATION: &str = include_str!("../../samples/account.external_account.created.json");
const PAYOUT: &str = include_str!("../../samples/payout.paid.json");
const REVIEW: &str = include_str!("../../samples/review.opened.json");
const DISPUTE: &str = include_str!("../../samples/charge.dispute.created.json");
const THIN: &str = include_str!("../../samples/v1.customer.updated.json");

#[test]
fn every_sample_becomes_a_sound_event() {
    for (_, body) in BODIES {
        assert_sound(&event(body.as_bytes()));
    }
}

#[test]
fn a_charge_tells_who_pays_what_to_whom_and_what_radar_thinks() {
    let event = event(CHARGE.as_bytes());
    assert_eq!((event.type_.as_str(), event.test), ("payment.succeeded", false));
    assert_eq!(event.occurred_at.as_deref(), Some("2026-08-20T12:00:00Z"));
    assert_eq!(event.subject.id, "cus_ase_1");
    assert_eq!(event.subject.email.as_deref(), Some("ana@example.org"), "the customer's own address first");
    assert_eq!(event.subject.phone.as_deref(), Some("+4930123456"));
    assert_eq!(event.subject.name.as_deref(), Some("Ana Muster"));
    assert_eq!(event.subject.created_at.as_deref(), Some("2025-06-15T15:06:40Z"));
    assert_eq!(event.subject.locale.as_deref(), Some("de-DE"));
    assert_eq!(amount(&event).as_deref(), Some("199.00 EUR"));
    assert_eq!(description(&event), Some("Pay 199.00 EUR to BLUE LAMP SHOP"));
    assert_eq!(event.billing.as_ref().unwrap().country.as_deref(), Some("DE"));
    assert_eq!(event.shipping.as_ref().unwrap().country.as_deref(), Some("NG"));
    assert_eq!(signals(&event), [("stripe.radar.risk_score", 71.0), ("stripe.radar.outcome", 70.0)]);
    let expected = [
        "charge ch_ase_1",
        "payment pi_ase_1",
        "customer cus_ase_1",
        "payment_method pm_ase_1",
        "card FpAse0000001",
        "review prv_ase_1",
        "order 8209829119461545080000",
    ];
    assert_eq!(links(&event), expected);
    let facts = [
        ("connected_account", "acct_ase_shop"),
        ("captured", "false"),
        ("card_country", "US"),
        ("card_funding", "prepaid"),
        ("card_wallet", "apple_pay"),
        ("three_d_secure", "authenticated"),
        ("cvc_check", "fail"),
        ("address_line1_check", "fail"),
        ("address_postal_code_check", "pass"),
        ("outcome_type", "manual_review"),
    ];
    for (name, value) in facts {
        assert_eq!(attribute(&event, name), Some(value), "{name}");
    }
    assert!(event.attributes.iter().all(|fact| !fact.value.contains("4242")), "no digits of the card");
    assert!(event.device.is_none());
}

#[test]
fn an_intent_of_a_guest_names_its_latest_charge() {
    let event = event(INTENT.as_bytes());
    assert_eq!((event.type_.as_str(), event.test), ("payment.succeeded", true));
    assert_eq!(event.subject.id, "payment_intent:pi_ase_2");
    assert_eq!(event.subject.email.as_deref(), Some("ken@example.com"));
    assert_eq!(amount(&event).as_deref(), Some("5000 JPY"));
    let expected = ["payment pi_ase_2", "charge ch_ase_2", "payment_method pm_ase_2", "order A-1001"];
    assert_eq!(links(&event), expected);
    assert!(event.signals.is_empty());
}

#[test]
fn a_changed_address_is_asked_about_at_the_former_one() {
    let event = event(CUSTOMER.as_bytes());
    assert_eq!(event.type_, "account.email_changed");
    assert_eq!(event.subject.id, "cus_ase_1");
    assert_eq!(event.subject.email.as_deref(), Some("ana@example.org"));
    assert_eq!(event.subject.phone.as_deref(), Some("+4930123456"));
    assert_eq!(changes(&event), ["email", "default_payment_method", "invoice_settings", "phone"]);
    assert_eq!(description(&event), Some("Change the e-mail address of the account"));
    assert_eq!(event.billing.as_ref().unwrap().country.as_deref(), Some("DE"));
}

#[test]
fn a_customer_changes_by_the_most_sensitive_field() {
    let cases = [
        (r#"{"email":null,"phone":"+4930123456"}"#, "account.email_changed"),
        (r#"{"phone":"+4930999999","address":{"city":"Bonn"}}"#, "account.phone_changed"),
        (r#"{"address":null}"#, "account.address_changed"),
        (r#"{"shipping":{"name":"Ana"}}"#, "account.address_changed"),
        (r#"{"default_source":"card_1"}"#, "account.updated"),
        ("{}", "account.updated"),
        ("null", "account.updated"),
    ];
    for (previous, kind) in cases {
        let body = format!(
            r#"{{"id":"evt_1","type":"customer.updated","data":{{"object":{{"id":"cus_1","object":"customer",
            "email":"new@example.com"}},"previous_attributes":{previous}}}}}"#
        );
        let event = event(body.as_bytes());
        assert_eq!(event.type_, kind, "{previous}");
        assert_eq!(event.subject.email.as_deref(), Some("new@example.com"), "no former address is known");
    }
}

#[test]
fn a_new_payout_account_is_known_by_its_fingerprint() {
    let created = event(DESTINATION.as_bytes());
    assert_eq!(created.type_, "payout.destination_changed");
    assert_eq!(created.subject.id, "acct_ase_seller");
    let destination = created.action.as_ref().unwrap().destination.as_ref().unwrap();
    assert_eq!(destination.id, "bank:FpAseBank001");
    assert_eq!(destination.label.as_deref(), Some("BERLINER BANK •••• 3000"));
    assert_eq!(description(&created), Some("Send payouts to BERLINER BANK •••• 3000"));
    assert_eq!(links(&created), ["external_account ba_ase_1"]);
    assert_eq!(changes(&created), ["payout_destination"]);
    assert_eq!(attribute(&created, "destination_change"), Some("created"));

    let removed = event(DESTINATION.replace("account.created", "account.deleted").as_bytes());
    assert_eq!(description(&removed), Some("Stop sending payouts to BERLINER BANK •••• 3000"));
    let card = DESTINATION.replace(r#""bank_account""#, r#""card""#).replace("bank_name", "brand");
    assert_eq!(event(card.as_bytes()).action.unwrap().destination.unwrap().id, "card:FpAseBank001");
    let masked = DESTINATION.replace(r#""FpAseBank001""#, "null").replace(r#""3000""#, r#""****""#);
    let destination = event(masked.as_bytes()).action.unwrap().destination.unwrap();
    assert_eq!((destination.id.as_str(), destination.label.as_deref()), ("ba_ase_1", Some("BERLINER BANK")));
}

#[test]
fn a_payout_goes_from_an_account_to_the_same_destination() {
    let event = event(PAYOUT.as_bytes());
    assert_eq!((event.type_.as_str(), event.subject.id.as_str()), ("payout.paid", "acct_ase_seller"));
    assert_eq!(amount(&event).as_deref(), Some("900.00 EUR"));
    assert_eq!(event.action.as_ref().unwrap().destination.as_ref().unwrap().id, "bank:FpAseBank001");
    assert_eq!(description(&event), Some("Pay out 900.00 EUR to BERLINER BANK •••• 3000"));
    assert_eq!(links(&event), ["payout po_ase_1", "external_account ba_ase_1"]);
    assert_eq!(attribute(&event, "payout_method"), Some("instant"));
}

#[test]
fn a_review_tells_of_the_device() {
    let event = event(REVIEW.as_bytes());
    let device = event.device.as_ref().unwrap();
    assert_eq!(device.ip.as_deref(), Some("203.0.113.9"));
    assert_eq!(device.country.as_deref(), Some("NG"));
    assert_eq!((device.latitude, device.longitude), (Some(6.45), Some(3.0)));
    assert_eq!(signals(&event), [("stripe.review", 70.0)]);
    assert_eq!(links(&event), ["review prv_ase_1", "payment pi_ase_1", "charge ch_ase_1"]);
}

#[test]
fn a_closed_review_counts_only_as_what_it_found() {
    let closed = |reason: &str| {
        let closed = REVIEW.replace("review.opened", "review.closed");
        event(closed.replace(r#""open": true"#, &format!(r#""closed_reason":"{reason}""#)).as_bytes())
    };
    assert!(closed("approved").signals.is_empty());
    assert_eq!(signals(&closed("refunded_as_fraud")), [("stripe.review", 90.0)]);
}

#[test]
fn a_dispute_weighs_by_its_reason_until_it_is_won() {
    let dispute = event(DISPUTE.as_bytes());
    assert_eq!(
        (dispute.type_.as_str(), dispute.subject.id.as_str()),
        ("dispute.created", "dispute:dp_ase_1")
    );
    assert_eq!(amount(&dispute).as_deref(), Some("5.124 KWD"));
    assert_eq!(signals(&dispute), [("stripe.dispute", 90.0)]);
    assert_eq!(dispute.device.as_ref().unwrap().ip.as_deref(), Some("2001:db8::7"));
    assert_eq!(attribute(&dispute, "case_type"), Some("chargeback"));
    assert_eq!(attribute(&dispute, "evidence_due_by"), Some("2026-09-01T23:59:59Z"));
    assert_eq!(links(&dispute), ["dispute dp_ase_1", "payment pi_ase_3", "charge ch_ase_3"]);
    let product = event(DISPUTE.replace("fraudulent", "product_not_received").as_bytes());
    assert_eq!(signals(&product), [("stripe.dispute", 60.0)]);
    let won = event(DISPUTE.replace("needs_response", "won").replace("e.created", "e.closed").as_bytes());
    assert_eq!((won.type_.as_str(), won.signals.len()), ("dispute.closed", 0));
}

#[test]
fn radar_levels_stand_in_for_a_missing_score() {
    let with = |outcome: &str| {
        let body = format!(
            r#"{{"id":"evt_1","type":"charge.failed","data":{{"object":{{"id":"ch_1","outcome":{outcome}}}}}}}"#
        );
        let event = event(body.as_bytes());
        signals(&event).iter().map(|(name, score)| format!("{name} {score}")).collect::<Vec<_>>()
    };
    assert_eq!(with(r#"{"risk_level":"normal"}"#), ["stripe.radar.risk_level 20"]);
    assert_eq!(with(r#"{"risk_level":"elevated"}"#), ["stripe.radar.risk_level 70"]);
    assert_eq!(with(r#"{"risk_level":"highest","risk_score":101}"#), ["stripe.radar.risk_level 90"]);
    assert_eq!(with(r#"{"risk_level":"highest","risk_score":0}"#), ["stripe.radar.risk_score 0"]);
    assert_eq!(with(r#"{"risk_level":"not_assessed","type":"blocked"}"#), ["stripe.radar.outcome 90"]);
    assert!(with("null").is_empty());
}

#[test]
fn a_detached_payment_method_belongs_to_its_former_customer() {
    let body = r#"{"id":"evt_1","type":"payment_method.detached","data":{"object":{"id":"pm_1",
        "object":"payment_method","customer":null,"card":{"brand":"visa","last4":"4242","fingerprint":"Fp1"}},
        "previous_attributes":{"customer":"cus_1"}}}"#;
    let event = event(body.as_bytes());
    assert_eq!((event.type_.as_str(), event.subject.id.as_str()), ("payment_method.removed", "cus_1"));
    assert_eq!(links(&event), ["payment_method pm_1", "customer cus_1", "card Fp1"]);
    assert_eq!(description(&event), Some("Remove visa •••• 4242 from the account"));
}

#[test]
fn odd_amounts_are_unknown() {
    for amount in ["-5", "1.5", "100.0", "1e3", "\"100\"", "null", "18446744073709551616"] {
        let object = format!(r#"{{"id":"ch_1","amount":{amount},"currency":"usd"}}"#);
        let body = format!(r#"{{"id":"evt_1","type":"charge.failed","data":{{"object":{object}}}}}"#);
        let event = event(body.as_bytes());
        assert!(event.action.unwrap().amount.is_none(), "{amount}");
    }
}

#[test]
fn a_thin_event_is_flagged_and_says_nothing_it_does_not_know() {
    let event = event(THIN.as_bytes());
    assert_eq!((event.type_.as_str(), event.subject.id.as_str()), ("account.updated", "cus_ase_1"));
    assert_eq!(event.occurred_at.as_deref(), Some("2026-08-20T12:00:00.051Z"));
    assert_eq!(attribute(&event, "hydration"), Some("required"));
    assert_eq!(links(&event), ["customer cus_ase_1"]);
    assert!(event.action.is_none() && event.signals.is_empty() && event.changes.is_empty() && event.test);
}
