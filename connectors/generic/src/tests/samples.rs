//! The samples of the manifest, run as the host runs them, and the bodies of our own making.

use serde_json::json;

use super::given::{self, borrowed, delivery, event};
use crate::Generic;
use crate::wit::{Guest, NameMatch, Outcome, RefusalReason};

#[test]
fn every_sample_of_the_manifest_becomes_what_it_promises() {
    let manifest: serde_json::Value = toml::from_str(include_str!("../../connector.toml")).unwrap();
    for sample in manifest["samples"].as_array().unwrap() {
        let (headers, settings) = (given::settings(&sample["headers"]), given::settings(&sample["settings"]));
        let body = sample["body"].as_str().unwrap().as_bytes();
        let outcome = match Generic::normalize(delivery(&borrowed(&headers), &borrowed(&settings), body)) {
            Ok(Outcome::Events(events)) => {
                json!({ "events": events.into_iter().map(|event| event.type_).collect::<Vec<_>>() })
            }
            Ok(Outcome::Ignored(_)) => json!({ "ignored": true }),
            Ok(Outcome::Reply(_)) => json!({ "reply": true }),
            Err(refusal) if refusal.reason == RefusalReason::Malformed => json!({ "refused": "malformed" }),
            Err(refusal) => json!({ "refused": refusal.message }),
        };
        assert_eq!(outcome, sample["expect"], "{}", sample["name"]);
    }
}

#[test]
fn an_event_of_the_api_arrives_whole() {
    let event = event(delivery(&[], &[], include_bytes!("../../samples/event.json")));
    assert_eq!((event.id.as_str(), event.type_.as_str()), ("evt-1", "payout.destination_changed"));
    assert_eq!(event.occurred_at.as_deref(), Some("2026-11-22T10:00:00Z"));
    let subject = event.subject;
    assert_eq!(
        (subject.id.as_str(), subject.email.as_deref()),
        ("820982911946154508", Some("ana@example.com"))
    );
    assert_eq!((subject.phone.as_deref(), subject.name.as_deref()), (Some("+4930123456"), Some("Ana")));
    assert_eq!(subject.created_at.as_deref(), Some("2021-05-01T08:00:00Z"));
    assert_eq!(subject.locale.as_deref(), Some("de-DE"));
    let action = event.action.unwrap();
    assert_eq!(action.description.as_deref(), Some("Send payouts to DE89 … 3000"));
    let (amount, balance) = (action.amount.unwrap(), action.balance.unwrap());
    assert_eq!((amount.value.as_str(), amount.currency.as_str()), ("900.00", "EUR"));
    assert_eq!((balance.value.as_str(), balance.currency.as_str()), ("1000.00", "EUR"));
    let destination = action.destination.unwrap();
    assert_eq!(destination.id, "iban:DE89370400440532013000");
    assert_eq!(destination.label.as_deref(), Some("DE89 … 3000"));
    assert_eq!(destination.created_at.as_deref(), Some("2026-11-22T09:59:00Z"));
    assert_eq!(destination.name_match, Some(NameMatch::None));
    let device = event.device.unwrap();
    assert_eq!((device.id.as_deref(), device.ip.as_deref()), (Some("dev_7"), Some("203.0.113.9")));
    assert_eq!((device.user_agent.as_deref(), device.country.as_deref()), (Some("Mozilla/5.0"), Some("DE")));
    assert_eq!((device.latitude, device.longitude), (Some(52.5), Some(13.4)));
    assert_eq!(device.session_started_at.as_deref(), Some("2026-11-22T09:50:00Z"));
    assert_eq!(device.flags, ["call_active", "screen_share"], "unknown flags are dropped");
    assert_eq!(event.billing.unwrap().country.as_deref(), Some("DE"));
    assert_eq!(event.shipping.unwrap().country.as_deref(), Some("NG"));
    assert_eq!(event.links.len(), 1);
    assert_eq!(event.links[0].id, "123456789012345678901234567890", "no digit is lost");
    assert_eq!((event.signals.len(), event.signals[0].score), (1, 71.0));
    assert_eq!((event.changes.len(), event.changes[0].field.as_str()), (1, "payout_destination"));
    let facts: Vec<_> =
        event.attributes.iter().map(|fact| (fact.name.as_str(), fact.value.as_str())).collect();
    assert_eq!(facts, [("channel", "web"), ("gift", "true"), ("items", "3")]);
    assert!(event.test);
    assert_eq!(event.return_url.as_deref(), Some("https://shop.example/after"));
}

#[test]
fn an_envelope_says_what_it_plainly_names() {
    let body = include_bytes!("../../samples/envelope.json");
    let event = event(delivery(&[("webhook-id", "msg_9")], &[], body));
    assert_eq!((event.id.as_str(), event.type_.as_str()), ("msg_9", "payment.created"));
    assert_eq!(event.occurred_at.as_deref(), Some("2026-11-22T10:00:00Z"));
    assert_eq!(
        (event.subject.id.as_str(), event.subject.email.as_deref()),
        ("4711", Some("ana@example.com"))
    );
    let amount = event.action.unwrap().amount.unwrap();
    assert_eq!((amount.value.as_str(), amount.currency.as_str()), ("199.00", "EUR"));
    assert_eq!((event.links[0].type_.as_str(), event.links[0].id.as_str()), ("order", "1001"));
}

#[test]
fn an_event_inside_an_envelope_takes_type_and_time_from_outside() {
    let body = include_bytes!("../../samples/wrapped_event.json");
    let event = event(delivery(&[("webhook-id", "msg_7")], &[], body));
    assert_eq!((event.id.as_str(), event.type_.as_str()), ("evt-7", "order.created"));
    assert_eq!(event.occurred_at.as_deref(), Some("2026-11-22T10:00:00Z"));
    assert_eq!(event.action.unwrap().amount.unwrap().value, "12.50");
}

#[test]
fn a_guest_order_is_its_own_subject() {
    let settings = given::preset("woocommerce");
    let headers = [("x-wc-webhook-topic", "order.created")];
    let body = include_bytes!("../../samples/woocommerce.order.created.json");
    let event = event(delivery(&headers, &borrowed(&settings), body));
    assert_eq!((event.id.as_str(), event.type_.as_str()), ("order:727:2026-11-22T19:28:08", "order.created"));
    assert_eq!(event.subject.id, "order:727");
    assert_eq!(event.subject.phone, None, "a number without its country is unknown");
    assert_eq!(event.occurred_at.as_deref(), Some("2026-11-22T19:28:08Z"));
    let action = event.action.unwrap();
    assert_eq!(action.description.as_deref(), Some("Order #727"));
    assert_eq!(action.amount.unwrap().value, "29.35");
    assert_eq!(event.device.unwrap().ip.as_deref(), Some("203.0.113.9"));
    assert_eq!(event.shipping.unwrap().country.as_deref(), Some("NG"));
}
