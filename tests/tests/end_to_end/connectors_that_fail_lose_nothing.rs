//! A connector that traps, hangs, eats memory or floods: what was verified is kept, and replayed once it is mended.

use std::path::Path;

use ase_tests::harness::client::text;
use ase_tests::harness::until::until;
use ase_tests::harness::{Setup, Source, TestApp, events, guest, sign};
use serde_json::{Value, json};

const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

async fn broken(dir: &Path) -> TestApp {
    guest::install(dir, "generic.wasm", &guest::false_generic());
    TestApp::start_with(Setup { connectors_dir: Some(dir.to_owned()), ..Setup::default() }).await
}

/// A body with an event, and the headers with which the false connector takes it. That connector reads the bytes of
/// the signature as they are, and not every byte can stand in a header, so the body is varied until they all can.
fn signed(mut event: Value) -> (Vec<u8>, Vec<u8>) {
    (0..100_000)
        .find_map(|number| {
            event["attributes"]["number"] = json!(number);
            let body = event.to_string().into_bytes();
            let signature = sign::hmac_sha256(SECRET.as_bytes(), &[&body]);
            signature.iter().all(|byte| *byte > 32 && *byte != 127).then_some((body, signature))
        })
        .unwrap()
}

async fn send(app: &TestApp, source: &Source, body: &[u8], signature: &[u8]) -> ase_tests::harness::Answer {
    let request = app.shop.platform.with_key("").request("POST", &source.url).body(body.to_vec());
    ase_tests::harness::Answer::of(request.header("x-signature", signature)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_failed_delivery_is_kept_and_replayed_when_the_connector_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let app = broken(dir.path()).await;
    let source = app.source("generic", json!({ "normalize": "panic" }), SECRET).await;
    let (body, signature) = signed(events::risky_payout("evt-1", "ana"));

    let kept = send(&app, &source, &body, &signature).await.json(202);
    assert_eq!(kept["status"], "deferred");
    let again = send(&app, &source, &body, &signature).await.json(202);
    assert_eq!(again["delivery_id"], kept["delivery_id"], "the same body is kept once");
    assert_eq!(app.database.count("select count(*) from deliveries where status = 'deferred'").await, 1);
    assert_eq!(app.database.count("select count(*) from events").await, 0);
    // without the new connector it would not be tried before tomorrow
    app.database.run("update deliveries set next_try_at = clock_timestamp() + interval '1 day'").await;

    guest::install(dir.path(), "generic.wasm", guest::generic());
    until("the good connector", || async {
        app.app
            .connectors
            .list()
            .iter()
            .any(|status| {
                status.id == "generic"
                    && status.title.as_deref() != Some("A guest that misbehaves when it is told to")
            })
            .then_some(())
    })
    .await;
    let letter = app.inbox.letter_to("ana@example.com").await;
    until("the end of the delivery", || async {
        let done = "select count(*) from deliveries where status = 'done'";
        (app.database.count(done).await == 1).then_some(())
    })
    .await;
    let sessions = app.shop.platform.get("/sessions").await.json(200);
    assert_eq!(sessions["sessions"][0]["event"]["id"], "evt-1");
    assert_eq!(letter.challenge_url(), text(&sessions["sessions"][0]["challenge_url"]));

    let headers = sign::standard_webhooks(SECRET, "msg_1", sign::now(), &body);
    let repeated = app.shop.platform.webhook(&source.url, &headers, &body).await.json(200);
    assert_eq!(
        (&repeated["status"], &repeated["duplicate"]),
        (&json!("accepted"), &json!(true)),
        "{repeated}"
    );
    let told: Vec<String> = app.shop.platform.get("/audit/entries?limit=200").await.json(200)["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| text(&entry["action"]))
        .collect();
    for action in ["delivery.deferred", "delivery.replayed"] {
        assert!(told.iter().any(|told| told == action), "{action}: {told:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_misdeed_after_the_check_is_deferred_and_harms_nobody_else() {
    let dir = tempfile::tempdir().unwrap();
    let app = broken(dir.path()).await;
    for misdeed in ["panic", "recurse", "loop", "allocate", "flood", "redirect"] {
        let source = app.source("generic", json!({ "normalize": misdeed }), SECRET).await;
        let (body, signature) = signed(events::quiet_login(misdeed, "ana"));
        let kept = send(&app, &source, &body, &signature).await.json(202);
        assert_eq!(kept["status"], "deferred", "{misdeed}");
        let well = app.source("generic", json!({}), SECRET).await;
        let (body, signature) = signed(events::quiet_login(&format!("after-{misdeed}"), "ana"));
        assert_eq!(
            send(&app, &well, &body, &signature).await.json(200)["status"],
            "accepted",
            "after {misdeed}"
        );
    }
    assert_eq!(app.database.count("select count(*) from deliveries where status = 'deferred'").await, 6);
    assert_eq!(app.database.count("select count(*) from deliveries where status = 'done'").await, 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_was_not_verified_is_not_kept() {
    let dir = tempfile::tempdir().unwrap();
    let app = broken(dir.path()).await;
    let (body, signature) = signed(events::quiet_login("evt-1", "ana"));
    for misdeed in ["panic", "loop", "allocate"] {
        let source = app.source("generic", json!({ "authenticate": misdeed }), SECRET).await;
        let answer = send(&app, &source, &body, &signature).await;
        answer.problem(503, "connector_failed");
        assert!(answer.header("retry-after").parse::<u64>().is_ok(), "the sender shall send it again");
    }
    let source = app.source("generic", json!({ "normalize": "panic" }), "another secret").await;
    send(&app, &source, &body, &signature).await.problem(401, "unauthenticated_delivery");
    let unsigned = app.shop.platform.webhook(&source.url, &Vec::new(), &body).await;
    unsigned.problem(401, "unauthenticated_delivery");
    assert_eq!(app.database.count("select count(*) from deliveries").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_connector_that_keeps_failing_is_quarantined_and_read_again_when_it_is_well() {
    let dir = tempfile::tempdir().unwrap();
    let app = broken(dir.path()).await;
    let bad = app.source("generic", json!({ "normalize": "panic" }), SECRET).await;
    let good = app.source("generic", json!({}), SECRET).await;
    for number in 0..5 {
        let (body, signature) = signed(events::quiet_login(&format!("bad-{number}"), "ana"));
        assert_eq!(send(&app, &bad, &body, &signature).await.json(202)["status"], "deferred");
    }
    let connectors = &app.app.connectors;
    let held = |connectors: &ase_host::connectors::Connectors| {
        connectors.list().into_iter().find_map(|status| status.quarantine)
    };
    assert_eq!(held(connectors).unwrap().failures, 5);
    let measured = app.app.site.metrics.render();
    for series in [
        "ase_connector_faults_total{connector=\"generic\",fault=\"trapped\",step=\"normalize\"}",
        "ase_connector_step_seconds_bucket{connector=\"generic\",step=\"authenticate\"",
        "ase_connector_memory_bytes_bucket{connector=\"generic\"",
        "ase_connector_component_bytes{connector=\"generic\"}",
        "ase_connector_load_seconds_count{connector=\"generic\"}",
        "ase_connector_quarantined{connector=\"generic\"}",
    ] {
        assert!(measured.contains(series), "{series} is not measured");
    }
    assert!(!measured.contains(SECRET) && !measured.contains("bad-1"));

    // the good source's deliveries are verified, kept, and read as probes until the connector is trusted again
    let mut sent = 0;
    until("the recovery", || {
        sent += 1;
        let event = events::quiet_login(&format!("good-{sent}"), "ana");
        let (app, good) = (&app, &good);
        async move {
            let (body, signature) = signed(event);
            let answer = send(app, good, &body, &signature).await;
            assert!(answer.status == 200 || answer.status == 202, "{answer:?}");
            let (_, mut forged) = signed(events::quiet_login("forged", "ana"));
            forged.reverse();
            send(app, good, &body, &forged).await.problem(401, "unauthenticated_delivery");
            held(&app.app.connectors).is_none().then_some(())
        }
    })
    .await;
    until("everything that was good", || async {
        let done = "select count(*) from deliveries where status = 'done'";
        (app.database.count(done).await == sent).then_some(())
    })
    .await;
    assert_eq!(app.database.count("select count(*) from deliveries where status = 'deferred'").await, 5);
    // how many deliveries came meanwhile depends on the machine, so the log may be longer than a page
    for action in ["connector.quarantined", "connector.recovered"] {
        let told = format!("select count(*) from audit_entries where action = '{action}'");
        until(action, || async { (app.database.count(&told).await == 1).then_some(()) }).await;
    }
}
