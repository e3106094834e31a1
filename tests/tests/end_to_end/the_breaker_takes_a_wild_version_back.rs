//! A version that suddenly stops everybody does not stay: the one before decides again, and the log says why.

use ase_tests::harness::client::text;
use ase_tests::harness::policies::{asks_everybody, asks_nobody};
use ase_tests::harness::until::until;
use ase_tests::harness::{TestApp, events};
use serde_json::{Value, json};

/// How many events are enough for the breaker to say something.
const ENOUGH: i64 = 60;

/// A calm week before: of every hundred decisions about `event_type`, one was delayed.
async fn calm_week(app: &TestApp, event_type: &str) {
    let statement = format!(
        "insert into decision_counts (org_id, policy_digest, event_type, minute, decisions, delayed, blocked)
        select p.org_id, p.digest, '{event_type}', date_trunc('minute', now()) - day * interval '1 day', 200, 2, 0
        from policies p, generate_series(1, 6) day where p.status = 'live' and p.org_id = '{}'",
        app.shop.org_id
    );
    app.database.run(&statement).await;
}

/// Sends enough events of one kind, and waits until all of them are counted, whichever version decided.
async fn enough(app: &TestApp, event: impl Fn(&str, &str) -> Value) {
    for number in 0..ENOUGH {
        let (id, subject) = (format!("evt-{number}"), format!("subject-{number}"));
        app.shop.platform.ingest(&event(&id, &subject)).await.json(201);
    }
    let database = &app.database;
    until("the count of every decision", || async move {
        let today = "select coalesce(sum(decisions), 0)::bigint from decision_counts
            where minute > now() - interval '1 hour'";
        (database.count(today).await == ENOUGH).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_breaker_takes_a_wild_version_back() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    calm_week(&app, "login.succeeded").await;
    let wild = app.publish(&asks_everybody()).await;
    enough(&app, events::quiet_login).await;
    // the server's own breaker may have been quicker
    app.app.engine.run_breaker().await.unwrap();

    let calm = platform.get("/policies/default/versions/1").await.json(200);
    assert_eq!((&calm["status"], &calm["publisher"]), (&json!("live"), &json!("breaker")), "{calm}");
    app.until_live(&calm).await;
    let after = platform.ingest(&events::quiet_login("evt-after", "ana")).await.json(201);
    assert_eq!((&after["outcome"], &after["policy"]["version"]), (&json!("allow"), &json!(1)), "{after}");

    let demoted = platform.version(&wild).await;
    assert_eq!(demoted["status"], "shadow", "its author sees what it would have done: {demoted}");
    assert!(demoted["demoted_at"].is_string(), "{demoted}");
    let seen = &demoted["demotion"]["seen"];
    assert_eq!((&seen["event_type"], &seen["share"]), (&json!("login.succeeded"), &json!(1.0)), "{seen}");
    assert!(seen["decisions"].as_i64().unwrap() >= 50 && seen["band_to"].as_f64().unwrap() < 0.07, "{seen}");
    assert_eq!(demoted["demotion"]["restored_digest"], calm["digest"]);
    let session = text(&after["session"]["id"]);
    until("the demoted version's word", || async {
        let explained = platform.explained(&session).await;
        (explained["candidates"][0]["policy_digest"] == wild["digest"]).then_some(())
    })
    .await;

    let log = platform.policy_log().await;
    let (action, entry) = log.last().unwrap();
    assert_eq!(action, "policy.demoted");
    assert_eq!(entry["actor"], json!({ "type": "system", "id": "breaker" }));
    assert_eq!(entry["metadata"]["policy_digest"], wild["digest"], "{entry}");

    // once is enough: what the breaker restored, it does not judge
    assert!(app.app.engine.run_breaker().await.unwrap().is_empty());
    platform.post("/policies/rollback", &json!({})).await.problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_a_floor_demands_is_no_fault_of_a_version() {
    let app = TestApp::start().await;
    calm_week(&app, "login.succeeded").await;
    // it differs in nothing that counts here
    let document = json!({ "name": "default", "signals": { "NEW_COUNTRY": { "points": 11 } } });
    let version = app.publish(&document).await;
    let on_a_call = |id: &str, subject: &str| {
        let mut event = events::quiet_login(id, subject);
        event["device"] = json!({ "flags": ["call_active"] });
        event
    };
    enough(&app, on_a_call).await;
    let delayed = "select count(*) from decisions where outcome = 'delay_verify'";
    assert_eq!(app.database.count(delayed).await, ENOUGH, "a wave of scams: each is stopped");
    assert!(app.app.engine.run_breaker().await.unwrap().is_empty());
    assert_eq!(app.shop.platform.version(&version).await["status"], "live");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_version_that_stops_as_few_as_before_stays() {
    let app = TestApp::start().await;
    calm_week(&app, "login.succeeded").await;
    let version = app.publish(&asks_nobody()).await;
    enough(&app, events::quiet_login).await;
    assert!(app.app.engine.run_breaker().await.unwrap().is_empty());
    assert_eq!(app.shop.platform.version(&version).await["status"], "live");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn with_nothing_before_it_a_version_may_stop_half_and_no_more() {
    let app = TestApp::start().await;
    let version = app.publish(&asks_everybody()).await;
    let mut bands = asks_nobody();
    bands["thresholds"]["event_types"] =
        json!({ "login.failed": { "delay_from": 0, "hold_from": 101, "block_from": 101 } });
    let half = app.publish(&bands).await;
    assert_ne!(version["digest"], half["digest"]);
    // of this type all are stopped; each type is looked at by itself
    enough(&app, |id, subject| {
        let mut event = events::quiet_login(id, subject);
        event["type"] = json!("login.failed");
        event
    })
    .await;
    app.app.engine.run_breaker().await.unwrap();
    let demoted = app.shop.platform.version(&half).await;
    assert_eq!(demoted["demotion"]["seen"]["event_type"], "login.failed", "{demoted}");
    assert_eq!(demoted["demotion"]["seen"]["band_to"], 0.5, "{demoted}");
    let restored = app.shop.platform.version(&version).await;
    assert_eq!(restored["status"], "live", "the version before it, however young");
}
