//! The manifest, its samples and the larger bodies beside it, all of our own making from documented shapes.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;

use super::{delivery, fixtures, setting};
use crate::{
    bindings::exports::ase::connector::normalizer::{Header, Outcome, RefusalReason},
    payload,
    topic::TOPICS,
};

#[derive(Deserialize)]
struct Manifest {
    signs: String,
    topics: Vec<Named>,
    settings: Vec<Named>,
    samples: Vec<Sample>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Sample {
    name: String,
    body: String,
    headers: BTreeMap<String, String>,
    settings: BTreeMap<String, String>,
    expect: Expect,
}

#[derive(Deserialize, PartialEq, Debug, Default)]
#[serde(default)]
struct Expect {
    events: Vec<String>,
    ignored: bool,
    refused: Option<String>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn manifest() -> Manifest {
    toml::from_str(&std::fs::read_to_string(folder().join("connector.toml")).unwrap()).unwrap()
}

pub(super) fn body(file: &str) -> String {
    std::fs::read_to_string(folder().join("samples").join(file)).unwrap()
}

/// The larger bodies: topic, body, name.
pub(super) fn bodies() -> Vec<(String, String, String)> {
    let files = [
        ("orders/create", "order.json"),
        ("orders/updated", "guest_order.json"),
        ("order_transactions/create", "transaction.json"),
        ("checkouts/update", "checkout.json"),
        ("customers/delete", "customer_deletion.json"),
        ("disputes/update", "dispute.json"),
    ];
    let inline = manifest().samples.into_iter().filter(|sample| sample.expect.refused.is_none());
    let inline = inline.map(|sample| (topic_of(&sample.headers), sample.body, sample.name));
    let beside = files.map(|(topic, file)| (topic.to_owned(), body(file), file.to_owned()));
    inline.chain(beside).collect()
}

fn topic_of(headers: &BTreeMap<String, String>) -> String {
    let topic = headers.get("x-shopify-topic").or_else(|| headers.get("shopify-topic"));
    topic.cloned().unwrap_or_default()
}

#[test]
fn manifest_names_exactly_the_topics_and_settings_of_the_code() {
    let manifest = manifest();
    let named: Vec<_> = manifest.topics.iter().map(|topic| topic.name.as_str()).collect();
    assert_eq!(named, TOPICS.iter().map(|topic| topic.name).collect::<Vec<_>>());
    let settings: Vec<_> = manifest.settings.iter().map(|setting| setting.name.as_str()).collect();
    assert_eq!((manifest.signs.as_str(), settings), ("full", vec!["shop_domain", "own_risk_provider"]));
}

#[test]
fn every_sample_of_the_manifest_does_as_it_says() {
    for sample in manifest().samples {
        let header = |(name, value): (&String, &String)| Header {
            name: name.clone(),
            value: value.clone().into_bytes(),
        };
        let mut delivery = delivery(sample.headers.iter().map(header).collect(), sample.body.as_bytes());
        delivery.settings = sample.settings.iter().map(|(name, value)| setting(name, value)).collect();
        let seen = match payload::normalize(&delivery) {
            Ok(Outcome::Events(events)) => {
                Expect { events: events.into_iter().map(|event| event.type_).collect(), ..Expect::default() }
            }
            Ok(Outcome::Ignored(_)) => Expect { ignored: true, ..Expect::default() },
            Ok(Outcome::Reply(_)) => panic!("{}: nothing to reply", sample.name),
            Err(refusal) => Expect { refused: Some(reason(refusal.reason).to_owned()), ..Expect::default() },
        };
        assert_eq!(seen, sample.expect, "{}", sample.name);
    }
}

fn reason(reason: RefusalReason) -> &'static str {
    match reason {
        RefusalReason::Malformed => "malformed",
        RefusalReason::UnsupportedTopic => "unsupported-topic",
        RefusalReason::UnsupportedVersion => "unsupported-version",
        RefusalReason::Unauthenticated => "unauthenticated",
    }
}

#[test]
fn order_is_read_whole() {
    let event = fixtures::event("orders/create", body("order.json").as_bytes());
    assert_eq!(event.subject.id, "9007199254740993");
    assert_eq!(event.subject.phone.as_deref(), Some("+4930123456"));
    assert_eq!(fixtures::amount(&event), Some(("48000", "JPY")), "a currency without decimals stays as sent");
    assert_eq!(fixtures::link(&event, "checkout"), ["b490a9220cd14d7344024f4874f640a6"]);
    assert_eq!(fixtures::link(&event, "cart"), ["68778783ad298f1c80c3bafcddeea02f"]);
    assert_eq!(fixtures::attribute(&event, "gift_card_share"), Some("0.83"));
    assert_eq!(fixtures::attribute(&event, "discount_count"), Some("0"));
    assert_eq!(fixtures::attribute(&event, "contact_email_differs"), Some("true"));
    assert_eq!(event.subject.email.as_deref(), Some("mei@example.com"), "the question goes to the account");
    assert_eq!(event.device.unwrap().ip.as_deref(), Some("2001:db8::7"));
}

#[test]
fn guest_is_known_by_the_checkout_that_links_his_events() {
    let order = fixtures::event("orders/updated", body("guest_order.json").as_bytes());
    let checkout = fixtures::event("checkouts/update", body("checkout.json").as_bytes());
    assert_eq!(order.subject.id, "checkout:0d1f9c37ab1e4d6c");
    assert_eq!(checkout.subject.id, order.subject.id);
    assert_eq!(order.subject.email.as_deref(), Some("guest@example.com"));
    assert_eq!(order.subject.name.as_deref(), Some("Ada Byron"));
    assert_eq!(fixtures::attribute(&order, "contact_email_differs"), None, "null is unknown, not a mismatch");
    assert_eq!(fixtures::signals(&order), [("shopify.cancelled_as_fraud", 90.0)]);
}

#[test]
fn payment_carries_what_the_gateway_said_and_no_card_number() {
    let event = fixtures::event("order_transactions/create", body("transaction.json").as_bytes());
    assert_eq!(event.type_, "payment.failed");
    let said = [("shopify.avs", 80.0), ("shopify.cvv", 0.0), ("shopify.payments_risk_level", 65.0)];
    assert_eq!(fixtures::signals(&event), said);
    assert_eq!(fixtures::link(&event, "card"), ["Xt5EWLLDS7FJjR1c"]);
    assert_eq!(fixtures::link(&event, "charge"), ["ch_3NoRiskNoFun"]);
    assert_eq!(fixtures::link(&event, "transaction"), ["7201000000000000002", "7201000000000000001"]);
    assert_eq!(fixtures::attribute(&event, "error_code"), Some("card_declined"));
    assert!(!format!("{event:?}").contains("4242"));
}

#[test]
fn deleted_customer_and_updated_dispute_are_told() {
    let gone = fixtures::event("customers/delete", body("customer_deletion.json").as_bytes());
    assert_eq!((gone.type_.as_str(), gone.subject.id.as_str()), ("account.deleted", "7064055069303700841"));
    let dispute = fixtures::event("disputes/update", body("dispute.json").as_bytes());
    assert_eq!(fixtures::signals(&dispute), [("shopify.dispute_fraudulent", 60.0)]);
    assert_eq!(
        (dispute.subject.id.as_str(), fixtures::attribute(&dispute, "status")),
        ("order:5001", Some("lost"))
    );
}

#[test]
fn levels_of_risk_become_scores_and_unknown_ones_none() {
    let cases = [
        ("low", vec![10.0]),
        ("MEDIUM", vec![50.0]),
        ("high", vec![90.0]),
        ("pending", vec![]),
        ("none", vec![]),
    ];
    for (level, scores) in cases {
        let body =
            format!(r#"{{"order_id":77,"provider_id":null,"risk_level":"{level}","created_at":null}}"#);
        let event = fixtures::event("orders/risk_assessment_changed", body.as_bytes());
        assert_eq!(
            fixtures::signals(&event).iter().map(|(_, score)| *score).collect::<Vec<_>>(),
            scores,
            "{level}"
        );
        assert_eq!((event.subject.id.as_str(), fixtures::link(&event, "order")), ("order:77", vec!["77"]));
    }
}

#[test]
fn the_merchants_own_assessment_does_not_come_back_as_an_opinion() {
    let body = br#"{"order_id":77,"provider_id":4001,"risk_level":"high"}"#;
    let mut delivery = fixtures::under("orders/risk_assessment_changed", body);
    assert!(matches!(payload::normalize(&delivery), Ok(Outcome::Events(_))));
    delivery.settings = vec![setting("own_risk_provider", "4001")];
    assert!(matches!(payload::normalize(&delivery), Ok(Outcome::Ignored(_))));
}

#[test]
fn event_without_a_webhook_id_is_known_by_topic_resource_and_version() {
    let mut delivery = fixtures::under("orders/create", body("order.json").as_bytes());
    delivery.headers.retain(|header| header.name != "x-shopify-webhook-id");
    let Ok(Outcome::Events(events)) = payload::normalize(&delivery) else { panic!("an event") };
    assert_eq!(events[0].id, "orders/create:5500000000000000001:2026-03-02T10:15:31+01:00");
}

#[test]
fn body_decides_whether_it_is_a_test_and_the_header_only_where_it_is_silent() {
    let order = |test: &str| format!(r#"{{"id":1,"order_number":1{test}}}"#);
    for (member, header, test) in [
        (",\"test\":false", "true", false),
        (",\"test\":true", "false", true),
        ("", "true", true),
        ("", "", false),
    ] {
        let mut delivery = fixtures::under("orders/create", order(member).as_bytes());
        delivery
            .headers
            .push(Header { name: "x-shopify-test".to_owned(), value: header.as_bytes().to_vec() });
        let Ok(Outcome::Events(events)) = payload::normalize(&delivery) else { panic!("an event") };
        assert_eq!(events[0].test, test, "{member} {header}");
    }
}

#[test]
fn topics_of_no_concern_are_ignored_whatever_their_body() {
    for topic in ["inventory_levels/update", "fulfillments/update", "ORDERS/CREATE", "carts/create"] {
        let outcome = payload::normalize(&fixtures::under(topic, b"not json")).unwrap();
        assert_eq!(outcome, Outcome::Ignored(format!("topic {topic} is of no concern")));
    }
}
