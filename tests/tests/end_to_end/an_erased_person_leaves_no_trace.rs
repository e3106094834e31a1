//! A request to be forgotten: what is left names nobody, and still counts for everybody else.

use ase_tests::harness::client::text;
use ase_tests::harness::policies::points;
use ase_tests::harness::until::until;
use ase_tests::harness::{Answer, Source, TestApp, events, sign};
use serde_json::{Value, json};

/// A sign-in from one device that several people use.
fn shared(id: &str, subject: &str) -> Value {
    let mut event = events::quiet_login(id, subject);
    event["device"] = json!({ "id": "the-shared-device", "ip": "203.0.113.9" });
    event
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_trace_names_an_erased_subject_and_what_was_shared_stays_shared() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let neighbour = app.organisation("Another Shop").await.platform;
    neighbour.ingest(&shared("evt-1", "ana")).await.json(201);
    for (number, subject) in ["ana", "bob", "cleo", "dan", "ana"].into_iter().enumerate() {
        platform.ingest(&shared(&format!("evt-{number}"), subject)).await.json(201);
    }
    let before = platform.ingest(&shared("evt-before", "eve")).await.json(201);
    let own = format!("org_id = '{}'", app.shop.org_id);
    let named = format!("select count(*) from traces where subject_id = 'ana' and {own}");
    let traces = format!("select count(*) from traces where {own}");
    let people = format!("select count(distinct subject_id) from traces where {own}");
    let count = async |query: &str| app.database.count(query).await;
    let (named_before, traces_before, people_before) =
        (count(&named).await, count(&traces).await, count(&people).await);
    assert!(named_before >= 4, "a device and an address, twice: {named_before}");

    let erasure = json!({ "id": "erase-1", "type": "privacy.erasure_requested", "subject": { "id": "ana" } });
    assert!(platform.ingest(&erasure).await.status < 300);
    assert_eq!(count(&named).await, 0);
    assert_eq!((count(&traces).await, count(&people).await), (traces_before, people_before));
    let theirs = "select count(*) from traces where subject_id = 'ana'";
    assert!(count(theirs).await > 0, "nobody erases another organisation's traces");

    let after = platform.ingest(&shared("evt-after", "fay")).await.json(201);
    assert!(points(&before, "DEVICE_SHARED") > 0, "{before}");
    assert!(points(&after, "DEVICE_SHARED") >= points(&before, "DEVICE_SHARED"), "{after}");
    // who comes back is new, and leaves traces of their own again
    let back = platform.ingest(&shared("evt-back", "ana")).await.json(201);
    assert!(text(&back["session"]["id"]).starts_with("ses_"));
    assert!(count(&named).await > 0);
}

const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

async fn send(app: &TestApp, source: &Source, id: &str, body: &Value) -> Answer {
    let body = body.to_string().into_bytes();
    let headers = sign::standard_webhooks(SECRET, id, sign::now(), &body);
    app.shop.platform.webhook(&source.url, &headers, &body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_kept_request_names_an_erased_subject_whatever_became_of_it() {
    let app = TestApp::start().await;
    let source = app.source("generic", json!({}), SECRET).await;
    let elsewhere = app.source("generic", json!({}), SECRET).await;
    let note = |who: &str| json!({ "note": { "customer": events::address(who) } });
    send(&app, &source, "msg_1", &events::quiet_login("evt-1", "ana")).await.json(200);
    // the connector makes nothing of these, so nothing but the request itself tells whom they name
    assert!(send(&app, &source, "msg_2", &note("ana")).await.status >= 400);
    assert!(send(&app, &source, "msg_3", &note("diana")).await.status >= 400);
    assert!(send(&app, &elsewhere, "msg_4", &note("ana")).await.status >= 400);
    let kept =
        "select string_agg(provider_id, ' ' order by provider_id) from deliveries where request is not null";
    assert_eq!(app.database.text(kept).await, "msg_1 msg_2 msg_3 msg_4");

    let subject = json!({ "id": "ana", "email": "ana@example.com" });
    let erasure = json!({ "id": "erase-1", "type": "privacy.erasure_requested", "subject": subject });
    send(&app, &source, "msg_5", &erasure).await.json(200);
    until("the sweep", || async {
        let swept = "select count(*) from notices where swept_at is not null and sought is null";
        (app.database.count(swept).await == 1).then_some(())
    })
    .await;
    assert_eq!(app.database.text(kept).await, "msg_3 msg_4", "a platform speaks of its own accounts");
    // a resend brings nothing back
    send(&app, &source, "msg_1", &events::quiet_login("evt-1", "ana")).await.json(200);
    send(&app, &source, "msg_2", &note("ana")).await;
    assert_eq!(app.database.text(kept).await, "msg_3 msg_4");

    // the organisation itself speaks of the person wherever they are known
    let erasure = json!({ "id": "erase-2", "type": "privacy.erasure_requested", "subject": subject });
    assert!(app.shop.platform.ingest(&erasure).await.status < 300);
    until("the second sweep", || async { (app.database.text(kept).await == "msg_3").then_some(()) }).await;
    let told = "select count(*) from audit_entries where action = 'requests.erased'";
    assert_eq!(app.database.count(told).await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_waits_for_its_connector_is_decided_and_then_erased() {
    let app = TestApp::start().await;
    let source = app.source("generic", json!({}), SECRET).await;
    send(&app, &source, "msg_1", &events::risky_payout("evt-1", "ana")).await.json(200);
    // as if the connector had failed on it: verified, kept, and not read yet
    let undone =
        "update deliveries set status = 'deferred', next_try_at = clock_timestamp() + interval '1 day'";
    app.database.run(undone).await;
    let erasure = json!({ "id": "erase-1", "type": "privacy.erasure_requested", "subject": { "id": "ana" } });
    app.database.run("update events set personal = null").await;
    send(&app, &source, "msg_2", &erasure).await.json(200);
    let looked = "select count(*) from notices where sweeps = 1 and swept_at is null and sought is not null";
    until("a first look", || async { (app.database.count(looked).await == 1).then_some(()) }).await;
    let kept = "select count(*) from deliveries where request is not null";
    assert_eq!(app.database.count(kept).await, 1, "what was verified is not lost");

    app.database
        .run("update deliveries set next_try_at = now(); update notices set sweep_after = now()")
        .await;
    until("the retry and the next look", || async {
        app.database.run("update notices set sweep_after = now() where swept_at is null").await;
        let left = "select count(*) from deliveries where request is not null or status = 'deferred'";
        (app.database.count(left).await == 0).then_some(())
    })
    .await;
    assert_eq!(app.database.count("select count(*) from events where personal is not null").await, 0);
}
