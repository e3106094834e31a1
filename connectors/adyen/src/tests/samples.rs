//! Payloads of the project's own making, written from Adyen's documented shapes, and the recorded one.

use ase_connector_kit::testing::{
    amount, assert_sound, attribute, description, destination, event, events, fixture, links, signals,
};

use super::outcome;

/// Every own sample with its name.
pub(super) const BODIES: [(&str, &str); 5] = [
    ("authorisation", AUTHORISATION),
    ("refused", REFUSED),
    ("batch", BATCH),
    ("sweep", SWEEP),
    ("transfer", TRANSFER),
];
const AUTHORISATION: &str = include_str!("../../samples/authorisation.json");
const REFUSED: &str = include_str!("../../samples/refused.json");
pub(super) const BATCH: &str = include_str!("../../samples/batch.json");
pub(super) const SWEEP: &str = include_str!("../../samples/sweep.json");
pub(super) const TRANSFER: &str = include_str!("../../samples/transfer.json");

#[test]
fn every_sample_becomes_sound_events() {
    for (_, body) in BODIES {
        events(outcome(body)).iter().for_each(assert_sound);
    }
}

#[test]
fn a_payment_tells_who_pays_what_and_what_adyen_thinks() {
    let event = event(outcome(AUTHORISATION));
    assert_eq!((event.type_.as_str(), event.test), ("payment.authorized", false));
    assert_eq!(event.id, "AUTHORISATION:NC6HT9CRT65ZGN82:true");
    assert_eq!(event.occurred_at.as_deref(), Some("2026-08-20T14:00:00+02:00"));
    assert_eq!(event.subject.id, "shopper-7");
    assert_eq!(event.subject.email.as_deref(), Some("ana@example.org"));
    assert_eq!(event.subject.name.as_deref(), Some("Ana Muster"));
    assert_eq!(event.subject.locale.as_deref(), Some("de-DE"));
    assert_eq!(event.device.as_ref().unwrap().ip.as_deref(), Some("203.0.113.9"));
    assert_eq!(event.shipping.as_ref().unwrap().country.as_deref(), Some("NG"));
    assert!(event.billing.is_none());
    assert_eq!(amount(&event).as_deref(), Some("199.00 EUR"));
    assert_eq!(description(&event), Some("Pay 199.00 EUR"));
    let expected =
        [("adyen.risk.total_score", 71.0), ("adyen.risk.level", 75.0), ("adyen.risk.manual_review", 70.0)];
    assert_eq!(signals(&event), expected);
    let expected = [
        "payment NC6HT9CRT65ZGN82",
        "order order-1001",
        "customer shopper-7",
        "card H167852639363479",
        "payment_account PAR0000000000000000000000007",
        "payment_method 8415698462516992",
    ];
    assert_eq!(links(&event), expected);
}

#[test]
fn facts_are_words_and_never_what_a_person_may_not_see() {
    let event = event(outcome(AUTHORISATION));
    let facts = [
        ("provider_event", "AUTHORISATION"),
        ("success", "true"),
        ("merchant_account", "ExampleShop"),
        ("payment_method_type", "visa"),
        ("card_bin", "411111"),
        ("card_country", "US"),
        ("card_funding", "PREPAID"),
        ("avs_result", "4"),
        ("cvc_result", "1"),
        ("three_d_secure", "false"),
        ("liability_shift", "false"),
        ("risk_result", "AMBER"),
    ];
    for (name, value) in facts {
        assert_eq!(attribute(&event, name), Some(value), "{name}");
    }
    assert!(
        event.attributes.iter().all(|fact| !fact.value.contains("1111:") && !fact.value.contains("03/2030"))
    );
    assert_eq!(attribute(&event, "refusal_reason"), None, "of a success the field holds the card's end");
}

#[test]
fn a_refusal_says_why_and_belongs_to_its_card() {
    let event = event(outcome(REFUSED));
    assert_eq!(
        (event.type_.as_str(), event.subject.id.as_str()),
        ("payment.failed", "card:H167852639363479")
    );
    assert_eq!(amount(&event).as_deref(), Some("5000 JPY"));
    assert_eq!(attribute(&event, "refusal_reason"), Some("issuer_suspected_fraud"));
    assert_eq!(attribute(&event, "refusal_code"), Some("59"));
    assert_eq!(signals(&event), [("adyen.risk.result", 90.0), ("adyen.refused_as_fraud", 90.0)]);
    assert_eq!(
        links(&event),
        ["payment KHQC5N7G84BLNK43", "card H167852639363479"],
        "a reference with a space is none"
    );
}

#[test]
fn a_batch_becomes_its_events_in_order() {
    let events = events(outcome(BATCH));
    let kinds: Vec<_> = events.iter().map(|event| event.type_.as_str()).collect();
    assert_eq!(kinds, ["payment.captured", "refund.created", "dispute.created", "payout.created"]);
    assert!(events.iter().all(|event| event.test));
    let [capture, refund, dispute, payout] = &events[..] else { panic!() };
    assert_eq!(amount(capture).as_deref(), Some("5.124 KWD"));
    assert_eq!(links(capture)[..2], ["capture CC6HT9CRT65ZGN82", "payment NC6HT9CRT65ZGN82"]);
    assert_eq!(refund.subject.id, "payment:NC6HT9CRT65ZGN82");
    assert_eq!(links(refund), ["refund RC6HT9CRT65ZGN82", "payment NC6HT9CRT65ZGN82", "order order-1001"]);
    assert_eq!(signals(dispute), [("adyen.dispute", 90.0)]);
    assert_eq!(attribute(dispute, "network_reason_code"), Some("10.4"));
    assert_eq!(attribute(dispute, "dispute_status"), Some("Undefended"));
    assert_eq!(destination(payout), Some(("iban:DE89370400440532013000", Some("DE89 … 3000"))));
    assert_eq!(description(payout), Some("Pay out 900.00 EUR to DE89 … 3000"));
    assert_eq!(links(payout), ["payout PC6HT9CRT65ZGN82", "order payout-3", "customer seller-3"]);
}

#[test]
fn a_dispute_that_was_won_is_no_opinion() {
    let with = |code: &str, data: &str| {
        let fields = format!(
            r#""eventCode":"{code}","pspReference":"D1","originalReference":"P1","success":"true","additionalData":{data}"#
        );
        let body =
            format!(r#"{{"live":"true","notificationItems":[{{"NotificationRequestItem":{{{fields}}}}}]}}"#);
        let event = event(outcome(&body));
        (event.type_.clone(), signals(&event).first().map(|(_, score)| *score))
    };
    assert_eq!(with("PREARBITRATION_WON", "{}"), ("dispute.closed".to_owned(), None));
    assert_eq!(with("PREARBITRATION_LOST", "{}"), ("dispute.closed".to_owned(), Some(60.0)));
    assert_eq!(with("CHARGEBACK_REVERSED", "{}"), ("dispute.updated".to_owned(), None));
    assert_eq!(with("SECOND_CHARGEBACK", r#"{"chargebackReasonCode":"4837"}"#).1, Some(90.0));
    assert_eq!(with("CHARGEBACK", r#"{"disputeStatus":"Won"}"#).1, None);
    assert_eq!(with("NOTIFICATION_OF_FRAUD", "{}"), ("fraud_warning.created".to_owned(), Some(100.0)));
}

#[test]
fn the_recorded_payment_is_read() {
    let Some(body) = fixture("generic/adyen.AUTHORISATION.json") else { return };
    let event = event(outcome(str::from_utf8(&body).unwrap()));
    assert_sound(&event);
    assert_eq!((event.type_.as_str(), event.test), ("payment.authorized", true));
    assert_eq!(event.subject.id, "payment:NGAO2BVQFXJ7XZDP");
    assert_eq!(event.occurred_at.as_deref(), Some("2023-03-08T10:45:05+01:00"));
    assert_eq!(amount(&event).as_deref(), Some("101.00 EUR"));
    assert_eq!(signals(&event), [("adyen.risk.total_score", 10.0)]);
    assert_eq!(links(&event), ["payment NGAO2BVQFXJ7XZDP", "order 8313842560770001"]);
}
