//! An event that comes again, at the same time or later, is the same event.

use ase_tests::harness::client::text;
use ase_tests::harness::{TestApp, events, sign};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_32_parallel_deliveries_one_decides_and_all_are_told_the_same() {
    let app = TestApp::start().await;
    let event = events::risky_payout("evt-1", "ana");
    let calls: Vec<_> = (0..32)
        .map(|_| {
            let (platform, event) = (app.shop.platform.clone(), event.clone());
            tokio::spawn(async move { platform.ingest(&event).await })
        })
        .collect();
    let mut first = Vec::new();
    let mut repeated = Vec::new();
    for call in calls {
        let answer = call.await.unwrap();
        let kept = if answer.status == 201 { &mut first } else { &mut repeated };
        kept.push(answer.json(answer.status));
    }
    assert_eq!((first.len(), repeated.len()), (1, 31));
    let mut expected = first.remove(0);
    assert_eq!(expected["duplicate"], false);
    expected["duplicate"] = json!(true);
    for answer in repeated {
        assert_eq!(answer, expected);
    }
    for table in ["events", "decisions", "sessions"] {
        assert_eq!(app.database.count(&format!("select count(*) from {table}")).await, 1, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn repeated_decision_is_byte_for_byte_the_same() {
    let app = TestApp::start().await;
    for event in [events::quiet_login("evt-1", "ana"), events::reckless_payout("evt-2", "bob")] {
        let first = app.shop.platform.ingest(&event).await;
        let repeated = app.shop.platform.ingest(&event).await;
        assert_eq!((first.status, repeated.status), (201, 200), "{}", first.text);
        assert_eq!(repeated.text, first.text.replace("\"duplicate\":false", "\"duplicate\":true"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_same_id_with_another_body_is_a_conflict() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let mut event = events::risky_payout("evt-1", "ana");
    let decision = platform.ingest(&event).await.json(201);
    event["action"]["amount"]["value"] = json!("901.00");
    platform.ingest(&event).await.problem(409, "event_conflict");
    event["action"]["amount"]["value"] = json!("900.00");
    let repeated = platform.ingest(&event).await.json(200);
    assert_eq!(repeated["session"]["id"], decision["session"]["id"], "the first decision stands");
    let elsewhere = app.organisation("Another Shop").await;
    let theirs = elsewhere.platform.ingest(&event).await.json(201);
    assert_ne!(theirs["session"]["id"], decision["session"]["id"], "ids are of one organisation");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_idempotency_key_stands_in_for_the_id() {
    let app = TestApp::start().await;
    let mut event = events::quiet_login("", "ana");
    event.as_object_mut().unwrap().remove("id");
    let send = |event: Value| {
        let request = app.shop.platform.request("POST", "/events/ingest").header("idempotency-key", "key-7");
        ase_tests::harness::Answer::of(request.json(&event))
    };
    let decision = send(event.clone()).await.json(201);
    assert_eq!(decision["event_id"], "key-7");
    assert_eq!(send(event.clone()).await.json(200)["session"], decision["session"]);
    let nameless = app.shop.platform.ingest(&event).await;
    assert_eq!(nameless.problem(422, "invalid_field")["pointer"], "/id");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_same_webhook_body_under_another_delivery_id_is_a_duplicate() {
    let app = TestApp::start().await;
    let source = app.source("generic", json!({}), "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=").await;
    let body = events::quiet_login("evt-1", "ana").to_string();
    let send = |id: &'static str| {
        let headers = sign::standard_webhooks(&source.secret, id, sign::now(), body.as_bytes());
        let (platform, url, body) = (app.shop.platform.clone(), source.url.clone(), body.clone());
        async move { platform.webhook(&url, &headers, body.as_bytes()).await.json(200) }
    };
    let first = send("msg_1").await;
    assert_eq!((&first["status"], &first["duplicate"]), (&json!("accepted"), &json!(false)), "{first}");
    let again = send("msg_2").await;
    assert_eq!((&again["status"], &again["duplicate"]), (&json!("accepted"), &json!(true)), "{again}");
    assert_eq!(text(&again["decisions"][0]["session_id"]), text(&first["decisions"][0]["session_id"]));
    assert_eq!(app.database.count("select count(*) from sessions").await, 1);
}
