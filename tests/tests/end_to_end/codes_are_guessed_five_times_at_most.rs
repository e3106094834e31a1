//! One-time codes against somebody who tries many at once.

use ase_tests::harness::app::wrong_code;
use ase_tests::harness::client::text;
use ase_tests::harness::{Person, TestApp, events};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_parallel_wrong_codes_five_are_compared() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let (session, right) = app.until_the_code(&events::risky_payout("evt-1", "ana")).await;
    let calls: Vec<_> = (0..64)
        .map(|_| {
            let (platform, session, wrong) = (platform.clone(), session.clone(), wrong_code(&right));
            tokio::spawn(async move { platform.respond(&session, &wrong).await })
        })
        .collect();
    let mut remaining = Vec::new();
    for call in calls {
        let answer = call.await.unwrap();
        if answer.status == 422 {
            remaining.push(answer.problem(422, "otp_incorrect")["attempts_remaining"].as_i64().unwrap());
        } else {
            answer.problem(429, "otp_attempts_exhausted");
        }
    }
    remaining.sort_unstable();
    assert_eq!(remaining, [0, 1, 2, 3, 4], "five codes were compared, each once");
    platform.respond(&session, &right).await.problem(429, "otp_attempts_exhausted");
    let shown = platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!((&shown["stage"], &shown["outcome"]), (&json!("locked"), &json!("block")), "{shown}");
    let rejected = platform.actions(&session).await.iter().filter(|action| *action == "otp.rejected").count();
    assert_eq!(rejected, 5);
    platform.resend(&session).await.problem(429, "otp_attempts_exhausted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_32_parallel_right_codes_one_succeeds() {
    let app = TestApp::start().await;
    let (session, right) = app.until_the_code(&events::risky_payout("evt-1", "ana")).await;
    let calls: Vec<_> = (0..32)
        .map(|_| {
            let (platform, session, right) = (app.shop.platform.clone(), session.clone(), right.clone());
            tokio::spawn(async move { platform.respond(&session, &right).await })
        })
        .collect();
    let mut tokens = Vec::new();
    for call in calls {
        let answer = call.await.unwrap();
        if answer.status == 200 {
            tokens.push(text(&answer.json(200)["decision_token"]));
        } else {
            answer.problem(409, "invalid_transition");
        }
    }
    assert_eq!(tokens.len(), 1);
    assert_eq!(app.database.count("select count(*) from decision_tokens").await, 1);
    assert_eq!(app.shop.platform.verify(&tokens[0]).await["proceed"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn malformed_codes_burn_no_attempt() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let (session, right) = app.until_the_code(&events::risky_payout("evt-1", "ana")).await;
    let long = "1".repeat(10_000);
    for malformed in ["", "12345", "1234567", "abcdef", "12 34", "123456 654321", "½23456", &long] {
        let problem = platform.respond(&session, malformed).await.problem(422, "otp_malformed");
        assert_eq!(problem["pointer"], "/code");
    }
    let problem = platform.respond(&session, &wrong_code(&right)).await.problem(422, "otp_incorrect");
    assert_eq!(problem["attempts_remaining"], 4, "only the wrong one counted");
    let spoken = format!("Your code is {}-{}.", &right[..3], &right[3..]);
    let answer = platform.respond(&session, &spoken).await.json(200);
    assert_eq!(answer["session"]["outcome"], "allow", "a pasted line is read");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_page_and_the_api_share_every_counter() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let decision = platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let (session, url) = (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]));
    let ana = Person::new();
    let question = ana.open(&url).await;
    let mut page = ana.submit(&question, "/intent", &[("intent", "confirmed")]).await;
    let wrong = wrong_code(&app.inbox.code_to("ana@example.com").await);
    for left in ["4 attempts left", "2 attempts left"] {
        page = ana.submit(&page, "/code", &[("code", &wrong)]).await.showing(200, left);
        platform.respond(&session, &wrong).await.problem(422, "otp_incorrect");
    }
    let page = ana.submit(&page, "/code", &[("code", &wrong)]).await.showing(200, "This was stopped");
    assert!(page.html.contains("The code was wrong too many times"), "{}", page.html);
    platform.respond(&session, &wrong).await.problem(429, "otp_attempts_exhausted");
}
