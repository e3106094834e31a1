//! A report makes a session a scam for every backtest: it is taken of what was stopped, and of nothing else.

use ase_tests::harness::client::text;
use ase_tests::harness::until::until;
use ase_tests::harness::{Person, TestApp, events};
use serde_json::json;

async fn opened(app: &TestApp, id: &str, subject: &str) -> (String, String) {
    let decision = app.shop.platform.ingest(&events::risky_payout(id, subject)).await.json(201);
    assert_eq!(decision["outcome"], "delay_verify", "{decision}");
    (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]))
}

async fn stage(app: &TestApp, session: &str) -> String {
    text(&app.shop.platform.get(&format!("/sessions/{session}")).await.json(200)["stage"])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn only_what_was_stopped_is_reported() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let (open, url) = opened(&app, "evt-open", "ana").await;
    let (coded, _) = app.until_the_code(&events::risky_payout("evt-coded", "bob")).await;
    let (passed, _) = app.until_the_token(&events::risky_payout("evt-passed", "cem")).await;
    let (expired, _) = opened(&app, "evt-expired", "dan").await;
    let past = format!("update sessions set expires_at = clock_timestamp() where session_id = '{expired}'");
    app.database.run(&past).await;
    until("the session's end", || async { (stage(&app, &expired).await == "expired").then_some(()) }).await;
    let report =
        |session: &str| json!({ "session_id": session, "channel": "phone", "narrative": "They called." });
    for session in [&open, &coded, &passed, &expired] {
        platform.post("/checkpoint/report", &report(session)).await.problem(409, "nothing_to_report");
    }
    // whoever found or was sent the link cannot say so either, and the question stands as it stood
    let finder = Person::new();
    let question = finder.open(&url).await;
    let token = question.form("/intent").fields["form_token"].clone();
    let own = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin")];
    let form = [("form_token", token.as_str()), ("channel", "phone"), ("narrative", "A scam, believe me.")];
    let after = finder.send(&format!("{url}/report"), &form, &own).await;
    assert!(after.showing(200, "Is anyone on a call").has_form("/intent"));
    assert_eq!(app.database.count("select count(*) from scam_reports").await, 0);
    assert_eq!(stage(&app, &open).await, "question");
    // what was stopped takes it
    platform.intent(&open, "guided").await.json(200);
    platform.post("/checkpoint/report", &report(&open)).await.json(201);
    assert_eq!(app.database.count("select count(*) from scam_reports").await, 1);
}
