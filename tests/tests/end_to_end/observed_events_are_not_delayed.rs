//! A platform may look on for a while: everything is scored and recorded, and nobody is stopped.

use ase_tests::harness::client::text;
use ase_tests::harness::{TestApp, events};
use serde_json::{Value, json};

/// The default policy, looking on as `observe` says.
fn looking_on(observe: &Value) -> Value {
    json!({ "name": "default", "observe": observe })
}

/// The answer to an event that is sent twice: the second time it is the same, byte for byte, but for one word.
async fn twice(app: &TestApp, event: &Value) -> Value {
    let first = app.shop.platform.ingest(event).await;
    let again = app.shop.platform.ingest(event).await;
    let decision = first.json(201);
    again.json(200);
    assert_eq!(first.text, again.text.replace(r#""duplicate":true"#, r#""duplicate":false"#));
    decision
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn where_everything_is_observed_nobody_is_stopped() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let before = platform.ingest(&events::risky_payout("evt-0", "zoe")).await.json(201);
    assert_eq!((&before["outcome"], before.get("observed")), (&json!("delay_verify"), None), "{before}");
    app.publish(&looking_on(&json!({ "everything": true }))).await;

    let table = [
        (events::risky_payout("evt-1", "ana"), "delay_verify"),
        (events::reckless_payout("evt-2", "bob"), "block_escalate"),
        (events::quiet_login("evt-3", "cyd"), "allow"),
    ];
    for (event, observed) in table {
        let decision = twice(&app, &event).await;
        assert_eq!(
            (&decision["outcome"], &decision["observed"]),
            (&json!("allow"), &json!(observed)),
            "{decision}"
        );
        assert_eq!(decision["session"]["status"], "resolved", "nobody is asked: {decision}");
        let session = text(&decision["session"]["id"]);
        let shown = platform.get(&format!("/sessions/{session}")).await.json(200);
        assert_eq!((&shown["stage"], &shown["assurance"]), (&json!("allowed"), &json!("score_only")));
        assert_eq!(
            (&shown["decision"]["outcome"], &shown["decision"]["observed"]),
            (&json!("allow"), &json!(observed))
        );
        let listed =
            platform.get(&format!("/sessions?subject_id={}", text(&event["subject"]["id"]))).await.json(200);
        assert_eq!(listed["sessions"][0]["decision"]["observed"], observed, "{listed}");
        assert_eq!(platform.explained(&session).await["observed"], observed);
        let verified = platform.verify(&text(&decision["decision_token"])).await;
        assert_eq!((&verified["valid"], &verified["proceed"]), (&json!(true), &json!(true)), "{verified}");
    }
    let first = twice(&app, &events::risky_payout("evt-4", "dan")).await;
    assert_eq!(first["score"], before["score"], "it is scored as it was before");
    app.settled().await;
    assert_eq!(app.database.count("select count(*) from outbox").await, 0, "nobody is written to");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn one_event_type_or_category_is_observed_and_the_others_are_not() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let of_kind = |id: &str, kind: &str| {
        let mut event = events::risky_payout(id, &format!("subject-of-{id}"));
        event["type"] = json!(kind);
        event
    };
    let observe = json!({ "event_types": ["payout.destination_changed"], "categories": ["login"] });
    app.publish(&looking_on(&observe)).await;
    let table = [
        ("payout.destination_changed", true),
        ("payout.created", false),
        ("login.succeeded", true),
        ("login.failed", true),
        ("order.created", false),
    ];
    for (kind, observed) in table {
        let decision = twice(&app, &of_kind(&format!("evt-{kind}"), kind)).await;
        assert_eq!(
            decision["outcome"],
            if observed { "allow" } else { "delay_verify" },
            "{kind}: {decision}"
        );
        assert_eq!(
            decision.get("observed"),
            observed.then_some(&json!("delay_verify")),
            "{kind}: {decision}"
        );
        assert_eq!(decision["decision_token"].is_string(), observed, "{kind}: {decision}");
    }

    let back = platform.post("/policies/rollback", &json!({})).await.json(200);
    app.until_live(&back).await;
    let stopped = twice(&app, &of_kind("evt-last", "payout.destination_changed")).await;
    assert_eq!(stopped["outcome"], "delay_verify", "the observation is over: {stopped}");
    let again = platform.ingest(&of_kind("evt-login.failed", "login.failed")).await.json(200);
    assert_eq!(again["observed"], "delay_verify", "and what was decided stays decided: {again}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_was_observed_is_compared_by_what_it_would_have_been() {
    let app = TestApp::start().await;
    app.publish(&looking_on(&json!({ "everything": true }))).await;
    twice(&app, &events::risky_payout("evt-1", "ana")).await;
    let report = app.shop.platform.post("/policies/backtest", &json!({ "name": "default" })).await.json(200);
    let transition = json!([{ "from": "delay_verify", "to": "delay_verify", "decisions": 1 }]);
    assert_eq!(report["report"]["transitions"], transition, "looking on is no change of judgement: {report}");
    assert_eq!(report["report"]["changed"], 0);
}
