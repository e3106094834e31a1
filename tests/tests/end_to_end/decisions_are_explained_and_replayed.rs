//! Why a decision is what it is can be read, and worked out again from what was stored, without knowing who it was
//! about.

use std::collections::BTreeMap;

use ase_engine::decision::decide;
use ase_engine::features::Features;
use ase_engine::policy::Policy;
use ase_engine::rule::RuleSet;
use ase_tests::harness::client::text;
use ase_tests::harness::{Person, TestApp, events};
use serde_json::{Value, json};

/// What an event says of a person. None of it may stand in what is kept of a decision in the clear.
const PERSONAL: [&str; 9] = [
    "ana.secret@example.com",
    "Lovelace",
    "1234567",
    "203.0.113.77",
    "device-secret-7",
    "DE89370400440532013000",
    "fp_secret_card",
    "Mozilla",
    "order-secret-9",
];

/// Kinds of events, each more than once.
const KINDS: [&str; 10] = [
    "order.created",
    "payout.created",
    "payout.destination_changed",
    "transfer.created",
    "login.succeeded",
    "login.failed",
    "account.email_changed",
    "password.reset",
    "payment.failed",
    "dispute.created",
];

/// An event that says everything there is to say.
fn talkative(id: &str, kind: &str) -> Value {
    json!({
        "id": id,
        "type": kind,
        "subject": {
            "id": "ana", "email": "ana.secret@example.com", "phone": "+49 30 1234567", "name": "Ana Lovelace",
            "created_at": "2026-11-01T10:00:00Z",
        },
        "action": {
            "description": "Send 900 to DE89370400440532013000",
            "amount": { "value": "900.00", "currency": "EUR" },
            "balance": { "value": "1000.00", "currency": "EUR" },
            "destination": { "id": "iban:DE89370400440532013000", "label": "DE89370400440532013000", "name_match": "close" },
        },
        "device": {
            "id": "device-secret-7", "ip": "203.0.113.77", "country": "DE", "user_agent": "Mozilla/5.0",
            "latitude": 52.52, "longitude": 13.4, "flags": ["call_active", "vpn"],
        },
        "billing": { "country": "DE" },
        "shipping": { "country": "FR" },
        "links": [{ "type": "card", "id": "fp_secret_card" }, { "type": "order", "id": "order-secret-9" }],
        "signals": [{ "name": "provider.risk", "score": 70.5 }],
        "attributes": { "gift_card_share": 0.85, "note": "call Ana Lovelace", "state": "disabled" },
    })
}

/// Events of every kind: saying everything, hardly anything, and two things between.
fn varied() -> Vec<Value> {
    let mut varied = Vec::new();
    for (number, kind) in KINDS.into_iter().enumerate() {
        for shape in 0..4 {
            let id = format!("evt-{number}-{shape}");
            let mut event = talkative(&id, kind);
            let members = event.as_object_mut().unwrap();
            match shape {
                0 => {}
                1 => members.retain(|name, _| matches!(name.as_str(), "id" | "type" | "subject" | "action")),
                2 => members.retain(|name, _| matches!(name.as_str(), "id" | "type" | "subject" | "device")),
                _ => {
                    members.retain(|name, _| matches!(name.as_str(), "id" | "type"));
                    members.insert("subject".to_owned(), json!({ "id": format!("subject-{number}") }));
                }
            }
            varied.push(event);
        }
    }
    varied
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_decision_is_explained_to_its_last_point_and_without_the_person() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    for kind in KINDS {
        let decision = platform.ingest(&talkative(&format!("evt-{kind}"), kind)).await.json(201);
        let session = text(&decision["session"]["id"]);
        let explained = platform.explained(&session).await;
        let steps = explained["waterfall"].as_array().unwrap();
        let mut total = 0;
        for step in steps {
            total += step["points"].as_i64().unwrap();
            assert_eq!(step["total"], total, "{explained}");
        }
        assert_eq!((&explained["score"], &decision["score"]), (&json!(total), &json!(total)));
        assert_eq!(steps.len(), decision["reasons"].as_array().unwrap().len());
        assert_eq!(explained["digests"]["policy"], decision["policy"]["digest"]);
        for digest in ["event", "features", "policy"] {
            let digest = text(&explained["digests"][digest]);
            assert_eq!(digest.strip_prefix("sha256:").map(str::len), Some(64), "{digest}");
        }
        let told = explained.to_string();
        for personal in PERSONAL {
            assert!(!told.contains(personal), "{personal}: {told}");
        }
        let kept = format!(
            "select count(*) from decisions where session_id = '{session}'
            and 'sha256:' || encode(sha256(convert_to(features::text, 'UTF8')), 'hex') = '{}'",
            text(&explained["digests"]["features"])
        );
        assert_eq!(app.database.count(&kept).await, 1, "the digest is that of what is stored");
    }
    platform.get("/decisions/ses_missing").await.problem(404, "not_found");
    let stranger = app.organisation("Another Shop").await.platform;
    let page = platform.get("/sessions").await.json(200);
    let session = text(&page["sessions"][0]["id"]);
    stranger.get(&format!("/decisions/{session}")).await.problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_was_stored_gives_the_same_reasons_under_the_same_policy() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let mut decisions = Vec::new();
    for (number, event) in varied().iter().enumerate() {
        if number == 20 {
            // other points, other caps and a signal on trial from here on
            let other = json!({
                "name": "default",
                "groups": { "device": 10, "trust": 5 },
                "signals": { "NEW_DEVICE": { "unseen": 33 }, "ANON_NETWORK": { "mode": "shadow" } },
            });
            app.publish(&other).await;
        }
        decisions.push(platform.ingest(event).await.json(201));
    }
    let policies = policies(&app).await;
    assert_eq!(policies.len(), 2);
    for decision in decisions {
        let explained = platform.explained(&text(&decision["session"]["id"])).await;
        let features = Features::from_json(&explained["features"].to_string()).unwrap();
        let (policy, rules) = &policies[&text(&decision["policy"]["digest"])];
        let again = decide(&features, policy, rules);
        assert_eq!(json!(again.score.reasons), decision["reasons"], "{explained}");
        assert_eq!(json!(again.score.points), decision["score"]);
        assert_eq!(json!(again.score.missing), decision["missing"]);
        assert_eq!(json!(again.score.shadow), explained["on_trial"]);
        assert_eq!(again.outcome.as_str(), text(&decision["outcome"]));
    }
}

/// Every stored version by its digest.
async fn policies(app: &TestApp) -> BTreeMap<String, (Policy, RuleSet)> {
    let listed = app.shop.platform.get("/policies").await.json(200);
    let versions = listed["policies"].as_array().unwrap().iter();
    versions
        .map(|version| {
            let policy = Policy::from_json(&version["document"].to_string()).unwrap();
            let rules = RuleSet::compile(&policy.rules).unwrap();
            assert_eq!(policy.digest(), text(&version["digest"]));
            (policy.digest(), (policy, rules))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_person_never_sees_a_reason() {
    let app = TestApp::start().await;
    let decision = app.shop.platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let listed = app.shop.platform.get("/policies").await.json(200);
    let signals = listed["policies"][0]["document"]["signals"].as_object().unwrap();
    let hidden: Vec<&str> = signals.keys().map(String::as_str).chain(["SCORE_FLOOR", "GROUP_CAP"]).collect();
    assert!(hidden.len() > 30);

    let person = Person::new();
    let question = person.open(&text(&decision["session"]["challenge_url"])).await;
    let code = person.submit(&question, "/intent", &[("intent", "confirmed")]).await;
    let other = app.shop.platform.ingest(&events::risky_payout("evt-2", "bob")).await.json(201);
    let gate = person.open(&text(&other["session"]["challenge_url"])).await;
    let led_out = person.submit(&gate, "/intent", &[("intent", "guided")]).await;
    for page in [question, code, led_out] {
        assert_eq!(page.status, 200, "{}", page.html);
        for hidden in &hidden {
            assert!(!page.html.contains(hidden), "{hidden}: {}", page.html);
        }
        for reason in decision["reasons"].as_array().unwrap() {
            assert!(!page.html.contains(&text(&reason["detail"])), "{reason}: {}", page.html);
        }
    }
}
