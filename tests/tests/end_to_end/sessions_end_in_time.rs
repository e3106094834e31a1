//! Time that is over is over on every path, by the database's clock, and nothing of one session works in another.

use ase_tests::harness::client::text;
use ase_tests::harness::until::until;
use ase_tests::harness::{Person, TestApp, events};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_expired_session_is_gone_on_every_path() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let decision = platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let (session, url) = (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]));
    let ana = Person::new();
    let question = ana.open(&url).await.showing(200, "Is anyone on a call");
    app.database.run("update sessions set expires_at = clock_timestamp()").await;
    ana.submit(&question, "/intent", &[("intent", "confirmed")]).await.showing(410, "help@shop.example");
    ana.open(&url).await.showing(410, "help@shop.example");
    platform.intent(&session, "confirmed").await.problem(410, "session_expired");
    platform.intent(&session, "guided").await.problem(410, "session_expired");
    let shown = platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!((&shown["status"], &shown["token"]), (&json!("expired"), &json!(null)), "{shown}");
    let repeated = platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(200);
    assert_eq!(repeated["decision_token"], json!(null));
    told(&app, &session).await;
    platform.intent(&session, "confirmed").await.problem(410, "session_expired");
    let next = platform.ingest(&events::quiet_login("evt-2", "ana")).await.json(201);
    let codes = next["reasons"].to_string();
    assert!(
        codes.contains("PRIOR_CHALLENGE_RISK"),
        "a challenge left unanswered weighs on what follows: {codes}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_expired_session_takes_no_right_code_and_sends_none() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let (session, code) = app.until_the_code(&events::risky_payout("evt-1", "ana")).await;
    app.database.run("update sessions set expires_at = clock_timestamp()").await;
    platform.respond(&session, &code).await.problem(410, "session_expired");
    platform.resend(&session).await.problem(410, "session_expired");
    told(&app, &session).await;
    platform.respond(&session, &code).await.problem(410, "session_expired");
}

/// Waits until the log tells of the session's end.
async fn told(app: &TestApp, session: &str) {
    until("the session's end in the log", || async {
        app.shop.platform.actions(session).await.contains(&"session.expired".to_owned()).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_expired_code_is_refused_on_the_page_and_in_the_api() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let decision = platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let (session, url) = (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]));
    let ana = Person::new();
    let question = ana.open(&url).await;
    let page =
        ana.submit(&question, "/intent", &[("intent", "confirmed")]).await.showing(200, "Enter the code");
    let code = app.inbox.code_to("ana@example.com").await;
    app.database.run("update otp_codes set expires_at = clock_timestamp()").await;
    platform.respond(&session, &code).await.problem(422, "otp_expired");
    let late = ana.submit(&page, "/code", &[("code", &code)]).await.showing(200, "Your code has expired");
    assert!(!late.has_form("/code"), "there is nothing to type it into any more");
    let shown = platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!(shown["stage"], "code");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_code_works_in_its_own_session_alone() {
    let app = TestApp::start().await;
    let stranger = app.organisation("Another Shop").await;
    let (first, first_code) = app.until_the_code(&events::risky_payout("evt-1", "ana")).await;
    let (second, second_code) = app.until_the_code(&events::risky_payout("evt-2", "bob")).await;
    if first_code != second_code {
        let problem = app.shop.platform.respond(&second, &first_code).await.problem(422, "otp_incorrect");
        assert_eq!(problem["attempts_remaining"], 4, "it counts as a wrong one");
    }
    stranger.platform.respond(&first, &first_code).await.problem(404, "not_found");
    stranger.platform.intent(&first, "guided").await.problem(404, "not_found");
    let answer = app.shop.platform.respond(&first, &first_code).await.json(200);
    assert_eq!(answer["session"]["outcome"], "allow", "a stranger's try did not count");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn steps_out_of_order_are_refused_and_change_nothing() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let decision = platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let session = text(&decision["session"]["id"]);
    platform.respond(&session, "123456").await.problem(409, "invalid_transition");
    platform.resend(&session).await.problem(409, "invalid_transition");
    let (passed, code) = app.until_the_code(&events::risky_payout("evt-2", "bob")).await;
    platform.intent(&passed, "confirmed").await.problem(409, "invalid_transition");
    platform.respond(&passed, &code).await.json(200);
    platform.intent(&passed, "guided").await.problem(409, "invalid_transition");
    let quiet = platform.ingest(&events::quiet_login("evt-3", "eve")).await.json(201);
    let resolved = text(&quiet["session"]["id"]);
    platform.intent(&resolved, "confirmed").await.problem(404, "not_found");
    let shown = platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!((&shown["stage"], &shown["intent"]), (&json!("question"), &json!(null)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_parallel_answers_one_counts_and_yes_wins_over_no() {
    let app = TestApp::start().await;
    let decision = app.shop.platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let session = text(&decision["session"]["id"]);
    let calls: Vec<_> = (0..32)
        .map(|number| {
            let (platform, session) = (app.shop.platform.clone(), session.clone());
            let intent = if number % 2 == 0 { "confirmed" } else { "guided" };
            tokio::spawn(async move { (intent, platform.intent(&session, intent).await) })
        })
        .collect();
    let mut taken = Vec::new();
    for call in calls {
        let (intent, answer) = call.await.unwrap();
        if answer.status == 200 {
            taken.push(intent);
        } else {
            answer.problem(409, "invalid_transition");
        }
    }
    assert_eq!(taken.iter().filter(|intent| **intent == "guided").count(), 1, "{taken:?}");
    assert!(taken.len() <= 2, "at most one `no` came before: {taken:?}");
    let shown = app.shop.platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!(shown["stage"], "break_contact");
}
