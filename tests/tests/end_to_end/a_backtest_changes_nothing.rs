//! A backtest says of a policy that nobody published yet what it would have done to the decisions that were made.

use ase_tests::harness::client::text;
use ase_tests::harness::policies::{asks_everybody, asks_nobody, blocks_everybody};
use ase_tests::harness::{Answer, TestApp, events};
use serde_json::{Value, json};

/// The report of a backtest of a document.
async fn backtest(app: &TestApp, document: &Value) -> Value {
    app.shop.platform.post("/policies/backtest", document).await.json(200)["report"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_backtest_says_what_another_policy_would_have_done_and_the_same_changes_nothing() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    // three good sign-ins, one that turned out to be a scam, and one scam that was stopped
    let mut sessions = Vec::new();
    for number in 0..4 {
        let event = events::quiet_login(&format!("evt-{number}"), &format!("subject-{number}"));
        sessions.push(text(&platform.ingest(&event).await.json(201)["session"]["id"]));
    }
    let reported = format!(
        "insert into scam_reports (org_id, report_id, session_id, channel, created_at)
        values ('{}', 'rep_1', '{}', 'phone', now())",
        app.shop.org_id, sessions[3]
    );
    app.database.run(&reported).await;
    let guided = platform.ingest(&events::risky_payout("evt-5", "ana")).await.json(201);
    platform.intent(&text(&guided["session"]["id"]), "guided").await.json(200);

    let live = platform.get("/policies/default/versions/1").await.json(200);
    let same = backtest(&app, &live["document"]).await;
    assert_eq!(
        (&same["decisions"], &same["changed"], &same["unreadable"]),
        (&json!(5), &json!(0), &json!(0))
    );
    assert_eq!((&same["scams"], &same["good"]), (&json!(2), &json!(3)), "{same}");

    let stricter = backtest(&app, &asks_everybody()).await;
    let transition = json!({ "from": "allow", "to": "delay_verify", "decisions": 4 });
    assert!(stricter["transitions"].as_array().unwrap().contains(&transition), "{stricter}");
    let told = ["changed", "scams_stopped", "scams_missed", "good_hit", "good_spared"];
    assert_eq!(told.map(|name| stricter[name].as_i64().unwrap()), [4, 1, 0, 3, 0], "{stricter}");
    let by_type = json!({ "decisions": 4, "before": 0, "after": 4 });
    assert_eq!(stricter["stopped_by_type"]["login.succeeded"], by_type);
    assert_eq!(stricter["largest"].as_array().unwrap().len(), 4);

    let looser = backtest(&app, &asks_nobody()).await;
    assert_eq!(told.map(|name| looser[name].as_i64().unwrap()), [1, 0, 1, 0, 0], "{looser}");
    let wrong = json!({ "name": "default", "floors": [{ "when_reason": "NO_SUCH", "score": 50 }] });
    let refused = platform.post("/policies/backtest", &wrong).await.problem(422, "invalid");
    assert!(text(&refused["detail"]).contains("/floors/0/when_reason"), "{refused}");
    let stranger = app.organisation("Another Shop").await.platform;
    let theirs = stranger.post("/policies/backtest", &asks_everybody()).await.json(200);
    assert_eq!(theirs["report"]["decisions"], 0, "nobody judges what others decided");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn only_what_was_decided_since_then_is_judged_again_and_nothing_is_written() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    for number in 0..3 {
        let event = events::quiet_login(&format!("evt-{number}"), "ana");
        platform.ingest(&event).await.json(201);
    }
    app.database
        .run(
            "update decisions set decided_at = decided_at - interval '31 days' where session_id =
        (select session_id from decisions order by decided_at limit 1)",
        )
        .await;
    assert_eq!(backtest(&app, &blocks_everybody()).await["changed"], 2, "30 days, unless said otherwise");
    for (since, decisions) in [("2020-01-01T00:00:00Z", 3), ("2999-01-01T00:00:00Z", 0)] {
        let path = format!("/policies/backtest?since={since}");
        let report = platform.post(&path, &blocks_everybody()).await.json(200);
        assert_eq!(report["report"]["decisions"], decisions, "{report}");
    }
    let listed = platform.get("/policies").await.json(200);
    assert_eq!(listed["policies"].as_array().unwrap().len(), 1, "nothing was kept: {listed}");
    assert!(platform.policy_log().await.is_empty());
    let body = platform.request("POST", "/policies/backtest").body(vec![0xff, 0xfe]);
    Answer::of(body).await.problem(400, "malformed_body");
    platform.post("/policies/backtest?since=yesterday", &asks_nobody()).await.problem(400, "bad_request");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_snapshot_that_no_longer_reads_is_counted_apart() {
    let app = TestApp::start().await;
    app.shop.platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
    app.shop.platform.ingest(&events::quiet_login("evt-2", "bob")).await.json(201);
    app.database
        .run(
            "update decisions set features = '{\"event\": 1}' where session_id =
        (select session_id from decisions limit 1)",
        )
        .await;
    let report = backtest(&app, &asks_everybody()).await;
    let told = ["decisions", "unreadable", "changed"].map(|name| report[name].as_i64().unwrap());
    assert_eq!(told, [2, 1, 1], "{report}");
}
