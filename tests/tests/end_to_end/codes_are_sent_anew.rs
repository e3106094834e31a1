//! Another code: not at once, not often, and the one before stops counting.

use ase_tests::harness::{TestApp, events};
use serde_json::json;

/// Moves the codes of the story so far back that another may be sent.
const A_MINUTE_AGO: &str = "update otp_codes set issued_at = issued_at - interval '61 seconds'";

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_new_code_makes_the_old_one_useless() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let (session, first) = app.until_the_code(&events::risky_payout("evt-1", "ana")).await;

    let early = platform.resend(&session).await;
    let seconds: u64 = early.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    let problem = early.problem(429, "otp_resend_too_early");
    assert!(problem["resend_available_at"].is_string(), "{problem}");

    app.database.run(A_MINUTE_AGO).await;
    let sent = platform.resend(&session).await.json(200);
    assert_eq!(sent["otp"]["attempts_remaining"], 5, "{sent}");
    let second = app.inbox.code_to("ana@example.com").await;
    if first != second {
        platform.respond(&session, &first).await.problem(422, "otp_incorrect");
    }
    let answer = platform.respond(&session, &second).await.json(200);
    assert_eq!(answer["session"]["outcome"], "allow");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_session_gets_three_codes_at_most() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let (session, _) = app.until_the_code(&events::risky_payout("evt-1", "ana")).await;
    for more in [true, false] {
        app.database.run(A_MINUTE_AGO).await;
        let sent = platform.resend(&session).await.json(200);
        assert_eq!(sent["otp"]["resend_available_at"].is_string(), more, "{sent}");
        app.inbox.code_to("ana@example.com").await;
    }
    app.database.run(A_MINUTE_AGO).await;
    platform.resend(&session).await.problem(429, "otp_sends_exhausted");
    assert_eq!(app.inbox.letters_to("ana@example.com").len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_mailbox_gets_five_codes_an_hour_whatever_tag_it_carries() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    for (number, address) in [
        "a@example.com",
        "A@example.com",
        "a+1@example.com",
        "a+2@EXAMPLE.com",
        "a@example.com",
        "a+x@example.com",
    ]
    .into_iter()
    .enumerate()
    {
        let mut event = events::risky_payout(&format!("evt-{number}"), &format!("subject-{number}"));
        event["subject"]["email"] = json!(address);
        let decision = platform.ingest(&event).await.json(201);
        let answer = platform.intent(decision["session"]["id"].as_str().unwrap(), "confirmed").await;
        if number < 5 {
            assert_eq!(answer.json(200)["next"], "otp");
        } else {
            let refused = answer.problem(429, "otp_address_limited");
            assert!(refused["detail"].is_string());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn wrong_tries_count_over_all_codes_of_a_session() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let (session, mut code) = app.until_the_code(&events::risky_payout("evt-1", "ana")).await;
    for tries in [4, 4, 2] {
        for _ in 0..tries {
            let wrong = ase_tests::harness::app::wrong_code(&code);
            platform.respond(&session, &wrong).await.problem(422, "otp_incorrect");
        }
        if tries == 4 {
            app.database.run(A_MINUTE_AGO).await;
            platform.resend(&session).await.json(200);
            code = app.inbox.code_to("ana@example.com").await;
        }
    }
    platform.respond(&session, &code).await.problem(429, "otp_attempts_exhausted");
}
