//! Payloads of the project's own making, written from Square's documented shapes.

use ase_connector_kit::testing::{
    self, amount, assert_sound, attribute, changes, description, destination, event, links, signals,
};
use ase_connector_kit::wit::Event;

use super::{event_of, outcome};

/// Every own sample with its name.
pub(super) const BODIES: [(&str, &str); 8] = [
    ("payment", PAYMENT),
    ("refund", include_str!("../../samples/refund.json")),
    ("dispute", include_str!("../../samples/dispute.json")),
    ("customer", include_str!("../../samples/customer.json")),
    ("bank_account", include_str!("../../samples/bank_account.json")),
    ("payout", include_str!("../../samples/payout.json")),
    ("gift_card_activity", include_str!("../../samples/gift_card_activity.json")),
    ("order", include_str!("../../samples/order.json")),
];
const PAYMENT: &str = include_str!("../../samples/payment.json");

fn sample(name: &str) -> Event {
    let (_, body) = BODIES.iter().find(|(known, _)| *known == name).unwrap();
    let event = event(outcome(body));
    assert_sound(&event);
    event
}

#[test]
fn a_payment_tells_who_pays_what_and_what_square_thinks() {
    let event = sample("payment");
    assert_eq!((event.type_.as_str(), event.subject.id.as_str()), ("payment.succeeded", "CUSTASE1"));
    assert_eq!(event.id, "6a8f5f28-0000-4000-8000-3111513fd4fc");
    assert_eq!(event.occurred_at.as_deref(), Some("2026-08-20T12:00:01.308Z"));
    assert_eq!(event.subject.email.as_deref(), Some("ana@example.org"));
    assert_eq!(event.subject.name.as_deref(), Some("Ana Muster"));
    assert_eq!(event.subject.created_at, None, "the payment's age is not the customer's");
    assert_eq!(event.billing.as_ref().unwrap().country.as_deref(), Some("DE"));
    assert_eq!(event.shipping.as_ref().unwrap().country.as_deref(), Some("NG"));
    assert_eq!(amount(&event).as_deref(), Some("200.00 USD"), "with the tip");
    assert_eq!(description(&event), Some("Pay 200.00 USD"));
    assert_eq!(signals(&event), [("square.risk_level", 70.0)]);
    let expected = [
        "payment pay_ase_1",
        "order ORDERASE1",
        "customer CUSTASE1",
        "card sq-1-Tvruf3vPQxlvI6n0IcKYfBukrcv6",
        "reference A-1001",
    ];
    assert_eq!(links(&event), expected);
    let facts = [
        ("card_bin", "411111"),
        ("card_brand", "VISA"),
        ("card_prepaid", "PREPAID"),
        ("cvc_check", "CVV_ACCEPTED"),
        ("address_check", "AVS_REJECTED"),
        ("entry_method", "KEYED"),
        ("application", "ECOMMERCE_API"),
        ("location", "LEXAMPLE0001"),
    ];
    for (name, value) in facts {
        assert_eq!(attribute(&event, name), Some(value), "{name}");
    }
    assert!(event.attributes.iter().all(|fact| fact.value != "1111"));
}

#[test]
fn what_became_of_a_payment_decides_its_type() {
    let with = |kind: &str, fields: &str| {
        let event = event(outcome(&event_of(kind, &format!(r#"{{"payment":{{"id":"pay_1",{fields}}}}}"#))));
        (event.type_.clone(), event.subject.id.clone())
    };
    let cases = [
        ("payment.created", r#""status":"APPROVED""#, "payment.authorized"),
        ("payment.created", r#""status":"COMPLETED""#, "payment.succeeded"),
        ("payment.updated", r#""status":"COMPLETED""#, "payment.succeeded"),
        ("payment.updated", r#""status":"COMPLETED","processing_fee":[{}]"#, "payment.updated"),
        ("payment.updated", r#""status":"COMPLETED","refunded_money":{"amount":1}"#, "payment.updated"),
        ("payment.updated", r#""status":"CANCELED""#, "payment.cancelled"),
        ("payment.updated", r#""status":"FAILED""#, "payment.failed"),
        ("payment.updated", r#""status":"PENDING""#, "payment.pending"),
        ("payment.created", r#""status":null"#, "payment.created"),
        ("payment.updated", r#""status":7"#, "payment.updated"),
    ];
    for (kind, fields, neutral) in cases {
        assert_eq!(with(kind, fields), (neutral.to_owned(), "payment:pay_1".to_owned()), "{kind} {fields}");
    }
    let guest = with("payment.created", r#""card_details":{"card":{"fingerprint":"sq-1-x"}}"#);
    assert_eq!(guest.1, "card:sq-1-x");
}

#[test]
fn a_failed_payment_says_why() {
    let payment = r#"{"payment":{"id":"pay_1","status":"FAILED","card_details":{"errors":[{"category":"PAYMENT_METHOD_ERROR","code":"CVV_FAILURE","detail":"a text"}]}}}"#;
    let event = event(outcome(&event_of("payment.updated", payment)));
    assert_eq!(attribute(&event, "failure_code"), Some("CVV_FAILURE"));
}

#[test]
fn refunds_and_disputes_belong_to_their_payment() {
    let refund = sample("refund");
    assert_eq!((refund.type_.as_str(), refund.subject.id.as_str()), ("refund.created", "payment:pay_ase_1"));
    assert_eq!(amount(&refund).as_deref(), Some("500 JPY"));
    assert_eq!(links(&refund), ["refund pay_ase_1_refund", "payment pay_ase_1", "order ORDERASE1"]);
    assert_eq!(attribute(&refund, "reason"), None, "somebody wrote it");
    let dispute = sample("dispute");
    assert_eq!(
        (dispute.type_.as_str(), dispute.subject.id.as_str()),
        ("dispute.created", "payment:pay_ase_1")
    );
    assert_eq!(amount(&dispute).as_deref(), Some("5.124 KWD"));
    assert_eq!(signals(&dispute), [("square.dispute", 90.0)]);
    assert_eq!(attribute(&dispute, "evidence_due_by"), Some("2026-09-05T00:00:00.000Z"));
}

#[test]
fn the_state_of_a_dispute_decides_its_type_and_weight() {
    let with = |kind: &str, state: &str| {
        let event =
            event(outcome(&event_of(kind, &format!(r#"{{"dispute":{{"id":"d","state":"{state}"}}}}"#))));
        (event.type_.clone(), signals(&event).first().map(|(_, score)| *score))
    };
    assert_eq!(
        with("dispute.created", "INQUIRY_EVIDENCE_REQUIRED"),
        ("dispute.inquired".to_owned(), Some(60.0))
    );
    assert_eq!(with("dispute.state.updated", "PROCESSING"), ("dispute.updated".to_owned(), Some(60.0)));
    assert_eq!(with("dispute.state.updated", "WON"), ("dispute.closed".to_owned(), None));
    assert_eq!(with("dispute.state.updated", "LOST"), ("dispute.closed".to_owned(), Some(60.0)));
}

#[test]
fn a_customer_tells_who_it_is() {
    let event = sample("customer");
    assert_eq!((event.type_.as_str(), event.subject.id.as_str()), ("account.updated", "CUSTASE1"));
    assert_eq!(event.subject.name.as_deref(), Some("Ana Muster"));
    assert_eq!(event.subject.phone.as_deref(), Some("+4930123456"));
    assert_eq!(event.subject.created_at.as_deref(), Some("2025-06-15T15:06:40Z"));
    assert_eq!(attribute(&event, "unsubscribed"), Some("false"));
}

#[test]
fn a_bank_account_is_a_destination_or_a_way_to_pay() {
    let own = sample("bank_account");
    assert_eq!(
        (own.type_.as_str(), own.subject.id.as_str()),
        ("payout.destination_changed", "MLEXAMPLE0001")
    );
    assert_eq!(destination(&own), Some(("bank:bact:ase_1", Some("Example Bank •••• 3000"))));
    assert_eq!(description(&own), Some("Send payouts to Example Bank •••• 3000"));
    assert_eq!(changes(&own), ["payout_destination"]);
    assert_eq!(attribute(&own, "destination_change"), Some("verified"));
    let buyer = event_of(
        "bank_account.created",
        r#"{"bank_account":{"id":"b","customer_id":"C1","account_number_suffix":"3000"}}"#,
    );
    let buyer = event(outcome(&buyer));
    assert_eq!((buyer.type_.as_str(), buyer.subject.id.as_str()), ("payment_method.added", "C1"));
    assert_eq!((destination(&buyer), description(&buyer)), (None, Some("Add •••• 3000 to the account")));
}

#[test]
fn a_payout_goes_to_the_account_that_was_linked() {
    let event = sample("payout");
    assert_eq!((event.type_.as_str(), event.subject.id.as_str()), ("payout.paid", "MLEXAMPLE0001"));
    assert_eq!(destination(&event), Some(("bank:bact:ase_1", None)));
    assert_eq!(amount(&event).as_deref(), Some("900.00 USD"));
}

#[test]
fn money_on_a_gift_card_is_told_without_its_number() {
    let event = sample("gift_card_activity");
    assert_eq!(
        (event.type_.as_str(), event.subject.id.as_str()),
        ("gift_card.loaded", "gift_card:gftc:ase_1")
    );
    assert_eq!(amount(&event).as_deref(), Some("500.00 USD"));
    assert_eq!(links(&event), ["gift_card gftc:ase_1", "order ORDERASE1"]);
    assert!(!format!("{event:?}").contains("7783320000000000"), "the number can be spent");
    let linked = r#"{"gift_card":{"id":"gftc:1","gan":"7783","type":"DIGITAL","state":"ACTIVE"},"linked_customer_id":"C1"}"#;
    let linked = outcome(&event_of("gift_card.customer_linked", linked));
    assert_eq!(testing::event(linked).subject.id, "C1");
}

#[test]
fn an_order_event_is_flagged_as_thin() {
    let event = sample("order");
    assert_eq!((event.type_.as_str(), event.subject.id.as_str()), ("order.cancelled", "order:ORDERASE1"));
    assert_eq!(attribute(&event, "hydration"), Some("required"));
    assert!(event.action.is_none() && event.signals.is_empty());
}
