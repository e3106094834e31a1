//! The inbox: what came verified is kept as it came, found again, read anew, and wiped when its time is over.

use ase_tests::harness::client::text;
use ase_tests::harness::until::until;
use ase_tests::harness::{Source, TestApp, events, sign};
use serde_json::{Value, json};

const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

async fn send(app: &TestApp, source: &Source, id: &str, event: &Value) -> Value {
    let body = event.to_string().into_bytes();
    let headers = sign::standard_webhooks(SECRET, id, sign::now(), &body);
    app.shop.platform.webhook(&source.url, &headers, &body).await.json(200)
}

async fn list(app: &TestApp, query: &str) -> Vec<Value> {
    let page = app.shop.platform.get(&format!("/deliveries{query}")).await.json(200);
    page["deliveries"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_delivery_is_kept_once_however_often_it_comes() {
    let app = TestApp::start().await;
    let source = app.source("generic", json!({}), SECRET).await;
    let event = events::quiet_login("evt-1", "ana");
    for time in 1..=3 {
        assert_eq!(send(&app, &source, "msg_1", &event).await["duplicate"], time > 1);
    }
    let kept = list(&app, "").await;
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!((&kept[0]["status"], &kept[0]["times_seen"]), (&json!("done"), &json!(3)));
    assert_eq!((&kept[0]["provider_id"], &kept[0]["conflict"]), (&json!("msg_1"), &json!(false)));
    assert!(text(&kept[0]["secret_id"]).starts_with("sec_"), "which secret proved it is known");

    let sealed = "select count(*) from deliveries where encode(request, 'escape') like '%ana%'";
    assert_eq!(app.database.count(sealed).await, 0, "the request is sealed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_same_id_with_another_body_raises_an_alarm() {
    let app = TestApp::start().await;
    let source = app.source("generic", json!({}), SECRET).await;
    send(&app, &source, "msg_1", &events::quiet_login("evt-1", "ana")).await;
    send(&app, &source, "msg_1", &events::quiet_login("evt-2", "ana")).await;
    // the event's own id given twice is one too, and the platform is not asked to send it again
    let answer = send(&app, &source, "msg_3", &events::quiet_login("evt-1", "ben")).await;
    assert_eq!((&answer["duplicate"], &answer["conflict"]), (&json!(true), &json!(true)));
    until("the alarms", || async {
        let told = "select count(*) from audit_entries where action = 'delivery.conflict'";
        (app.database.count(told).await == 2).then_some(())
    })
    .await;
    assert_eq!(app.database.count("select count(*) from events").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_delivery_is_read_anew_and_decides_nothing_twice() {
    let app = TestApp::start().await;
    let source = app.source("generic", json!({}), SECRET).await;
    send(&app, &source, "msg_1", &events::quiet_login("evt-1", "ana")).await;
    let id = text(&list(&app, "?status=done").await[0]["delivery_id"]);

    let read = app.shop.platform.post(&format!("/deliveries/{id}/normalize"), &json!({})).await.json(200);
    assert_eq!((&read["outcome"], &read["events"][0]["id"]), (&json!("events"), &json!("evt-1")));

    let chosen =
        app.shop.platform.post("/deliveries/replay", &json!({ "delivery_ids": [id] })).await.json(200);
    assert_eq!(chosen["deliveries"], 1);
    until("the replay", || async {
        let told = "select count(*) from audit_entries where action = 'delivery.replayed'";
        (app.database.count(told).await == 1).then_some(())
    })
    .await;
    assert_eq!(text(&list(&app, "").await[0]["status"]), "done");
    assert_eq!(app.database.count("select count(*) from events").await, 1);
    let everything = app.shop.platform.post("/deliveries/replay", &json!({})).await;
    everything.problem(422, "invalid_field");
    app.shop.platform.get("/deliveries?status=lost").await.problem(422, "invalid_field");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn old_requests_are_wiped_and_then_forgotten() {
    let app = TestApp::start().await;
    let source = app.source("generic", json!({}), SECRET).await;
    send(&app, &source, "msg_1", &events::quiet_login("evt-1", "ana")).await;
    app.database.run("update orgs set delivery_days = 7").await;
    app.database.run("update deliveries set received_at = received_at - interval '8 days'").await;
    while app.app.engine.forget_deliveries().await.unwrap() {}
    let id = text(&list(&app, "").await[0]["delivery_id"]);
    let one = app.shop.platform.get(&format!("/deliveries/{id}")).await.json(200);
    assert_eq!(one["request_kept"], false);
    let gone = app.shop.platform.post(&format!("/deliveries/{id}/normalize"), &json!({})).await;
    gone.problem(410, "request_gone");
    app.database.run("update deliveries set received_at = received_at - interval '30 days'").await;
    while app.app.engine.forget_deliveries().await.unwrap() {}
    assert!(list(&app, "").await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn deliveries_of_another_organisation_are_not_shown() {
    let app = TestApp::start().await;
    let source = app.source("generic", json!({}), SECRET).await;
    send(&app, &source, "msg_1", &events::quiet_login("evt-1", "ana")).await;
    let id = text(&list(&app, "").await[0]["delivery_id"]);
    let other = app.organisation("Another Shop").await;
    assert_eq!(other.platform.get("/deliveries").await.json(200)["deliveries"], json!([]));
    other.platform.get(&format!("/deliveries/{id}")).await.problem(404, "not_found");
    let chosen = other.platform.post("/deliveries/replay", &json!({ "delivery_ids": [id] })).await.json(200);
    assert_eq!(chosen["deliveries"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_source_that_falls_silent_is_noticed() {
    let app = TestApp::start().await;
    let source = app.source("generic", json!({}), SECRET).await;
    send(&app, &source, "msg_1", &events::quiet_login("evt-1", "ana")).await;
    app.database.run("update sources set silence_minutes = 60").await;
    assert!(app.app.engine.silences().await.unwrap().is_empty());
    app.database.run("update deliveries set received_at = received_at - interval '2 hours'").await;
    let found = app.app.engine.silences().await.unwrap();
    assert_eq!((found.len(), found[0].silent), (1, true));
    assert!(app.app.engine.silences().await.unwrap().is_empty(), "it is told once");
    send(&app, &source, "msg_2", &events::quiet_login("evt-2", "ana")).await;
    let found = app.app.engine.silences().await.unwrap();
    assert_eq!((found.len(), found[0].silent), (1, false));
}
