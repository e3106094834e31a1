//! Whoever and whatever took part in an order or a payment is known by everything that is about it.

use ase_tests::harness::client::text;
use ase_tests::harness::policies::{points, reason};
use ase_tests::harness::{TestApp, events};
use serde_json::{Value, json};

/// An event of this type with further members.
fn event(event_type: &str, id: &str, subject: &str, mut members: Value) -> Value {
    let mut event = events::quiet_login(id, subject);
    event["type"] = json!(event_type);
    event.as_object_mut().unwrap().append(members.as_object_mut().unwrap());
    event
}

/// Sends it and returns the decision.
async fn decided(app: &TestApp, event: &Value) -> Value {
    app.shop.platform.ingest(event).await.json(201)
}

/// What was judged of a decision.
async fn features(app: &TestApp, decision: &Value) -> Value {
    app.shop.platform.explained(&text(&decision["session"]["id"])).await["features"].clone()
}

fn link(kind: &str, id: &str) -> Value {
    json!([{ "type": kind, "id": id }])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_device_seen_on_one_order_is_known_to_an_event_that_only_links_to_it() {
    let app = TestApp::start().await;
    let seen = json!({ "links": link("order", "o-1"), "device": { "id": "dev-1", "country": "DE" } });
    decided(&app, &event("order.created", "evt-1", "ana", seen)).await;

    let linked =
        decided(&app, &event("payment.succeeded", "evt-2", "ana", json!({ "links": link("order", "o-1") })))
            .await;
    let judged = features(&app, &linked).await;
    assert_eq!((&judged["event"]["has_device"], &judged["event"]["country"]), (&json!(true), &json!("DE")));
    assert_eq!(judged["history"]["inherited"], json!(["device.id", "device.country"]), "{judged}");
    assert!(judged["history"]["device_first_seen_at"].is_string(), "{judged}");
    assert_eq!(reason(&linked, "NEW_DEVICE").unwrap()["detail"], "device first seen less than an hour ago");
    assert!(!linked["missing"].as_array().unwrap().contains(&json!("device.id")), "{linked}");

    let other =
        decided(&app, &event("payment.succeeded", "evt-3", "ana", json!({ "links": link("order", "o-2") })))
            .await;
    let judged = features(&app, &other).await;
    assert_eq!(judged["event"]["has_device"], false, "another order says nothing: {judged}");
    assert!(other["missing"].as_array().unwrap().contains(&json!("device.id")), "{other}");
}

/// A payment by Ana with her device and her card, and what somebody else later says of it.
async fn complaint(app: &TestApp, said: &str) {
    let took_part = json!({
        "links": [{ "type": "payment", "id": "pi-1" }, { "type": "card", "id": "fp-1" }],
        "device": { "id": "dev-1" },
    });
    decided(app, &event("payment.succeeded", "evt-1", "ana", took_part)).await;
    decided(app, &event(said, "evt-2", "merchant-7", json!({ "links": link("payment", "pi-1") }))).await;
}

/// Events that share the subject, the device, the card, all of them, and nothing.
fn later() -> [(Value, bool); 5] {
    let (device, card) = (json!({ "id": "dev-1" }), link("card", "fp-1"));
    [
        (event("login.succeeded", "evt-3", "ana", json!({})), true),
        (event("login.succeeded", "evt-4", "bob", json!({ "device": device })), true),
        (event("payment.created", "evt-5", "cyd", json!({ "links": card })), true),
        (event("payment.created", "evt-6", "ana", json!({ "device": device, "links": card })), true),
        (event("login.succeeded", "evt-7", "dan", json!({ "device": { "id": "dev-2" } })), false),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_fraud_warning_weighs_on_the_subject_the_device_and_the_card_of_the_payment() {
    let app = TestApp::start().await;
    complaint(&app, "fraud_warning.created").await;
    for (event, warned) in later() {
        let decision = decided(&app, &event).await;
        assert_eq!(points(&decision, "EARLY_FRAUD_WARNING"), if warned { 40 } else { 0 }, "{decision}");
    }
    app.database.run("update traces set received_at = received_at - interval '91 days'").await;
    let decision = decided(&app, &event("login.succeeded", "evt-8", "ana", json!({}))).await;
    assert_eq!(points(&decision, "EARLY_FRAUD_WARNING"), 0, "{decision}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_dispute_counts_once_even_for_who_shares_everything() {
    let app = TestApp::start().await;
    complaint(&app, "dispute.created").await;
    for (event, disputed) in later() {
        let decision = decided(&app, &event).await;
        assert_eq!(points(&decision, "DISPUTE_HISTORY"), if disputed { 12 } else { 0 }, "{decision}");
        let counted = features(&app, &decision).await["history"]["disputes_180d"].as_i64().unwrap_or(0);
        assert_eq!(counted, i64::from(disputed), "{decision}");
    }
    for number in 0..4 {
        let id = format!("again-{number}");
        let said = json!({ "links": link("payment", "pi-1") });
        decided(&app, &event("dispute.created", &id, &format!("merchant-{number}"), said)).await;
    }
    let eve = json!({ "device": { "id": "dev-1" } });
    let decision = decided(&app, &event("login.succeeded", "evt-8", "eve", eve)).await;
    assert_eq!(points(&decision, "DISPUTE_HISTORY"), 25, "five disputes: {decision}");
    let shared = reason(&decision, "DEVICE_SHARED").unwrap();
    assert_eq!(shared["detail"], "3 subjects on this device within 30 days", "who complains was not at it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn failed_payments_on_one_card_count_together_whoever_tries() {
    let app = TestApp::start().await;
    let card = json!({ "links": link("card", "fp-1") });
    let mut found = Vec::new();
    for number in 1..=10 {
        let (id, subject) = (format!("evt-{number}"), format!("subject-{number}"));
        let decision = decided(&app, &event("payment.failed", &id, &subject, card.clone())).await;
        found.push(points(&decision, "CARD_TESTING"));
    }
    assert_eq!(found, [0, 0, 0, 0, 15, 15, 15, 15, 15, 30]);
    let order = decided(&app, &event("order.created", "evt-11", "ana", card.clone())).await;
    let told = reason(&order, "CARD_TESTING").unwrap();
    assert_eq!(told["detail"], "10 failed payments within one hour");
    let free =
        decided(&app, &event("order.created", "evt-12", "ana", json!({ "links": link("card", "fp-2") })))
            .await;
    assert_eq!(points(&free, "CARD_TESTING"), 0, "another card is free of it: {free}");
    app.database.run("update traces set received_at = received_at - interval '61 minutes'").await;
    let later = decided(&app, &event("order.created", "evt-13", "ana", card)).await;
    assert_eq!(points(&later, "CARD_TESTING"), 0, "{later}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn many_subjects_on_one_destination_or_device_are_seen() {
    let app = TestApp::start().await;
    let to = json!({ "action": { "destination": { "id": "iban:mule" } } });
    let device = json!({ "device": { "id": "dev-1" } });
    let (mut fan_in, mut shared) = (Vec::new(), Vec::new());
    // whoever comes back is no further subject
    for (number, subject) in ["ana", "ana", "bob", "cyd", "cyd", "dan", "eve", "fay"].into_iter().enumerate()
    {
        let payout = event("payout.created", &format!("pay-{number}"), subject, to.clone());
        fan_in.push(points(&decided(&app, &payout).await, "DESTINATION_FAN_IN"));
        let login = event("login.succeeded", &format!("log-{number}"), subject, device.clone());
        shared.push(points(&decided(&app, &login).await, "DEVICE_SHARED"));
    }
    assert_eq!(fan_in, [0, 0, 0, 0, 0, 20, 20, 20], "three others, not three uses");
    assert_eq!(shared, [0, 0, 0, 10, 10, 10, 10, 20], "three subjects, then six");
    app.database.run("update traces set received_at = received_at - interval '8 days'").await;
    let later = decided(&app, &event("payout.created", "pay-9", "gus", to)).await;
    assert_eq!(points(&later, "DESTINATION_FAN_IN"), 0, "{later}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn events_of_a_sandbox_leave_no_trace_for_real_ones() {
    let app = TestApp::start().await;
    let shared = json!({
        "test": true,
        "device": { "id": "dev-1", "ip": "203.0.113.7", "flags": ["call_active"] },
        "links": [{ "type": "payment", "id": "pi-1" }, { "type": "card", "id": "fp-1" }],
        "action": { "destination": { "id": "iban:1" } },
    });
    // a challenge that somebody tried out says nothing of the person whose name was borrowed for it
    let trial = json!({ "test": true, "device": { "flags": ["call_active"] } });
    let trial = decided(&app, &event("payout.created", "trial", "ana", trial)).await;
    app.shop.platform.intent(&text(&trial["session"]["id"]), "guided").await.json(200);
    for number in 0..6 {
        for kind in ["payment.failed", "payout.created", "dispute.created", "fraud_warning.created"] {
            let id = format!("{kind}-{number}");
            decided(&app, &event(kind, &id, &format!("subject-{number}"), shared.clone())).await;
        }
    }

    let mut real = shared;
    real.as_object_mut().unwrap().remove("test");
    let decision = decided(&app, &event("order.created", "real", "ana", real)).await;
    for code in [
        "CARD_TESTING",
        "DEVICE_SHARED",
        "IP_MANY_SUBJECTS",
        "DESTINATION_FAN_IN",
        "DISPUTE_HISTORY",
        "EARLY_FRAUD_WARNING",
        "PRIOR_CHALLENGE_RISK",
    ] {
        assert_eq!(points(&decision, code), 0, "{code}: {decision}");
    }
    let history = features(&app, &decision).await["history"].clone();
    let known: Vec<&String> = history.as_object().unwrap().keys().collect();
    assert_eq!(known, ["now"], "nothing is known of anybody");
}
