//! What people do with a browser: they go back, load a page again, and have it open twice. Nothing is sent or counted
//! twice by it, and no page that was left behind lets through what another one stopped.

use ase_tests::harness::app::wrong_code;
use ase_tests::harness::chromium::{Chromium, DESK, PHONE, key};
use ase_tests::harness::client::text;
use ase_tests::harness::{TestApp, events};
use serde_json::{Value, json};

/// A challenge of `ana`: its session and its page.
async fn challenged(app: &TestApp) -> (String, String) {
    let decision = app.shop.platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]))
}

async fn shown(app: &TestApp, session: &str) -> Value {
    app.shop.platform.get(&format!("/sessions/{session}")).await.json(200)
}

async fn type_code(browser: &Chromium, code: &str) {
    browser.find("#code").await.send_keys(&format!("{code}{}", key::ENTER)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn going_back_and_loading_again_send_and_count_nothing() {
    let app = TestApp::start().await;
    let (session, url) = challenged(&app).await;
    let browser = Chromium::open(PHONE).await;
    browser.goto(&url).await;
    browser.seeing("Is anyone on a call").await;
    browser.answer("#intent-confirmed").await;
    browser.seeing("Enter the code we sent you").await;
    let code = app.inbox.code_to("ana@example.com").await;
    type_code(&browser, &wrong_code(&code)).await;
    browser.seeing("4 attempts left").await;
    for _ in 0..3 {
        browser.client.refresh().await.unwrap();
        browser.seeing("4 attempts left").await;
    }
    // whatever page was there before, it is asked for anew
    browser.client.back().await.unwrap();
    browser.seeing("Enter the code we sent you").await;
    assert!(browser.seeing("4 attempts left").await.contains("Do not read this code to anyone."));
    assert_eq!(app.inbox.letters_to("ana@example.com").len(), 1, "no second code");
    type_code(&browser, &code).await;
    browser.seeing("Thank you. You can go on.").await;
    browser.client.back().await.unwrap();
    browser.goto(&url).await;
    browser.seeing("Thank you. You can go on.").await;
    let told = app.shop.platform.actions(&session).await;
    for once in ["intent.answered", "otp.issued", "otp.rejected", "otp.accepted", "session.resolved"] {
        assert_eq!(told.iter().filter(|action| *action == once).count(), 1, "{once}: {told:?}");
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn of_two_tabs_the_one_that_stops_is_believed() {
    let app = TestApp::start().await;
    let (session, url) = challenged(&app).await;
    let browser = Chromium::open(DESK).await;
    browser.goto(&url).await;
    browser.seeing("Is anyone on a call").await;
    let first = browser.client.window().await.unwrap();
    let second = browser.client.new_window(true).await.unwrap().handle;
    browser.client.switch_to_window(second.clone()).await.unwrap();
    browser.goto(&url).await;
    browser.seeing("Is anyone on a call").await;
    // a "no" here, and the same "no" from the page that was left behind: one answer, one code
    browser.answer("#intent-confirmed").await;
    browser.seeing("Enter the code we sent you").await;
    let code = app.inbox.code_to("ana@example.com").await;
    browser.client.switch_to_window(first.clone()).await.unwrap();
    browser.answer("#intent-confirmed").await;
    browser.seeing("Enter the code we sent you").await;
    assert_eq!(app.inbox.letters_to("ana@example.com").len(), 1, "no second code");
    // who thinks better of it in one tab cannot be talked through by the other
    browser.tab_to(".way-out button").await;
    browser.press(key::ENTER).await;
    browser.seeing("End the call, chat or screen share.").await;
    browser.client.switch_to_window(second).await.unwrap();
    type_code(&browser, &code).await;
    browser.seeing("End the call, chat or screen share.").await;
    let end = shown(&app, &session).await;
    assert_eq!((&end["stage"], &end["outcome"]), (&json!("break_contact"), &json!("block")));
    let told = app.shop.platform.actions(&session).await;
    assert_eq!(told.iter().filter(|action| *action == "otp.issued").count(), 1, "{told:?}");
    browser.close().await;
}
