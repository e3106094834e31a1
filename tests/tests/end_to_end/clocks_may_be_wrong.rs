//! A node whose own clock is five minutes off: time that counts is the database's.

use ase_tests::harness::client::text;
use ase_tests::harness::clock::Strayed;
use ase_tests::harness::{Person, TestApp, events};
use serde_json::json;

/// Much less than the clocks are wrong by, and much more than a step takes.
const SOON: &str = "clock_timestamp() + interval '2 minutes'";

async fn challenged(app: &TestApp, id: &str, subject: &str) -> (String, String) {
    let decision = app.shop.platform.ingest(&events::risky_payout(id, subject)).await.json(201);
    (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]))
}

/// What is almost over is taken at the node: by its own clock it might be long gone.
async fn assert_taken_in_time(app: &TestApp, node: &Strayed, subject: &str) {
    let (session, _) = challenged(app, &format!("in-time-{subject}"), subject).await;
    app.database.run(&format!("update sessions set expires_at = {SOON}")).await;
    assert_eq!(node.platform.intent(&session, "confirmed").await.json(200)["next"], "otp");
    let code = app.inbox.code_to(&events::address(subject)).await;
    app.database.run(&format!("update otp_codes set expires_at = {SOON}")).await;
    let answer = node.platform.respond(&session, &code).await.json(200);
    assert_eq!(answer["session"]["outcome"], "allow", "{answer}");
    app.database.run(&format!("update decision_tokens set expires_at = {SOON}")).await;
    assert_eq!(node.platform.verify(&text(&answer["decision_token"])).await["proceed"], true);
}

/// What is over is over at the node: by its own clock there might be time left.
async fn assert_refused_too_late(app: &TestApp, node: &Strayed, subject: &str) {
    let (session, url) = challenged(app, &format!("late-{subject}"), &format!("late-{subject}")).await;
    node.platform.intent(&session, "confirmed").await.json(200);
    let code = app.inbox.code_to(&events::address(&format!("late-{subject}"))).await;
    app.database.run("update otp_codes set expires_at = clock_timestamp()").await;
    node.platform.respond(&session, &code).await.problem(422, "otp_expired");
    app.database.run("update sessions set expires_at = clock_timestamp() where status = 'pending'").await;
    node.platform.respond(&session, &code).await.problem(410, "session_expired");
    node.platform.intent(&session, "guided").await.problem(410, "session_expired");
    let page = Person::new().open(&url.replace(&app.url, &node.url)).await.showing(410, "help@shop.example");
    assert!(!page.has_form("/code"), "{}", page.html);

    let login = events::quiet_login(&format!("login-{subject}"), &format!("login-{subject}"));
    let token = text(&app.shop.platform.ingest(&login).await.json(201)["decision_token"]);
    app.database.run("update decision_tokens set expires_at = clock_timestamp() where used_at is null").await;
    let refused = node.platform.verify(&token).await;
    assert_eq!((&refused["valid"], &refused["error"]), (&json!(false), &json!("token_expired")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_with_a_wrong_clock_takes_nothing_late_and_refuses_nothing_early() {
    let app = TestApp::start().await;
    for (seconds, subject) in [(-300, "ana"), (300, "bob")] {
        let node = app.node_off_by(seconds).await;
        let off = (node.time().await - ase_engine::clock::now()).num_seconds();
        assert!((off - seconds).abs() < 60, "its clock is wrong indeed, by {off} s");
        assert_taken_in_time(&app, &node, subject).await;
        assert_refused_too_late(&app, &node, subject).await;
        app.settled().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_of_a_fast_node_is_good_at_a_slow_one() {
    let app = TestApp::start().await;
    let (fast, slow) = (app.node_off_by(300).await, app.node_off_by(-300).await);
    let (session, _) = challenged(&app, "evt-1", "ana").await;
    fast.platform.intent(&session, "confirmed").await.json(200);
    let code = app.inbox.code_to("ana@example.com").await;
    let answer = fast.platform.respond(&session, &code).await.json(200);
    let verified = slow.platform.verify(&text(&answer["decision_token"])).await;
    assert_eq!(verified["proceed"], true, "{verified}");
    let (session, _) = challenged(&app, "evt-2", "bob").await;
    slow.platform.intent(&session, "confirmed").await.json(200);
    let code = app.inbox.code_to("bob@example.com").await;
    let answer = slow.platform.respond(&session, &code).await.json(200);
    assert_eq!(fast.platform.verify(&text(&answer["decision_token"])).await["proceed"], true);
    app.settled().await;
}
