//! Headless Chromium: with and without scripts, on a phone and at a desk, with the keyboard alone.

use ase_tests::harness::chromium::{Chromium, DESK, Looks, PHONE, key};
use ase_tests::harness::client::text;
use ase_tests::harness::{TestApp, events};

async fn challenged(app: &TestApp, subject: &str) -> (String, String) {
    let decision =
        app.shop.platform.ingest(&events::risky_payout(&format!("evt-{subject}"), subject)).await.json(201);
    (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]))
}

async fn outcome(app: &TestApp, session: &str) -> String {
    let shown = app.shop.platform.get(&format!("/sessions/{session}")).await.json(200);
    format!("{} {}", text(&shown["stage"]), text(&shown["outcome"]))
}

/// From the question to the end with the keyboard alone; `name` names the pictures.
async fn pass_with_the_keyboard(app: &TestApp, looks: Looks, name: &str) {
    let (session, url) = challenged(app, name).await;
    let browser = Chromium::open(looks).await;
    browser.goto(&url).await;
    browser.seeing("Is anyone on a call, chat or screen share guiding you to do this?").await;
    browser.assert_fits().await;
    browser.picture(&format!("{name}-1-question")).await;
    browser.tab_to("input[name=intent]").await;
    // the three answers are one stop of the Tab key; the arrows go from one to the next
    while !browser.is_focused("#intent-confirmed").await {
        browser.press(key::DOWN).await;
    }
    browser.press(key::SPACE).await;
    browser.press(key::ENTER).await;

    browser.seeing("Enter the code we sent you").await;
    browser.assert_fits().await;
    browser.picture(&format!("{name}-2-code")).await;
    let code = app.inbox.code_to(&events::address(name)).await;
    let wrong = ase_tests::harness::app::wrong_code(&code);
    browser.tab_to("#code").await;
    browser.press(&wrong).await;
    browser.press(key::ENTER).await;
    browser.seeing("That code is not right. 4 attempts left").await;
    browser.assert_fits().await;
    browser.picture(&format!("{name}-3-wrong")).await;
    browser.tab_to("#code").await;
    browser.press(&code).await;
    browser.press(key::ENTER).await;
    browser.seeing("Thank you. You can go on.").await;
    browser.picture(&format!("{name}-4-end")).await;
    assert_eq!(outcome(app, &session).await, "allowed allow");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_person_passes_at_a_desk_with_scripts_and_on_a_phone_without() {
    let app = TestApp::start().await;
    pass_with_the_keyboard(&app, DESK, "desk").await;
    pass_with_the_keyboard(&app, Looks { scripts: false, ..PHONE }, "phone-without-scripts").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_guided_person_is_led_out_on_a_phone_with_scripts() {
    let app = TestApp::start().await;
    let (session, url) = challenged(&app, "guided").await;
    let browser = Chromium::open(PHONE).await;
    browser.goto(&url).await;
    browser.seeing("Is anyone on a call").await;
    browser.tab_to("input[name=intent]").await;
    browser.press(key::SPACE).await;
    assert!(browser.is_focused("#intent-guided").await, "the first answer is the safe one");
    browser.press(key::ENTER).await;
    let stop = browser.seeing("End the call, chat or screen share.").await;
    assert!(stop.contains("Use another phone if you can.") && stop.contains("+49 30 1234567"), "{stop}");
    browser.assert_fits().await;
    browser.picture("guided-1-break-contact").await;
    assert_eq!(outcome(&app, &session).await, "break_contact block");
    // the pause is over
    app.database.run("update sessions set resolved_at = resolved_at - interval '31 seconds'").await;
    browser.goto(&url).await;
    browser.seeing("Report this scam").await;

    browser.tab_to(".report summary").await;
    browser.press(key::ENTER).await;
    // one field at a time, and none of them but the first needs an answer
    browser.tab_to("[data-onward]").await;
    browser.press(key::ENTER).await;
    browser.seeing("Choose how they reached you").await;
    assert!(browser.is_focused("#channel").await, "what is missing");
    browser.press(key::SPACE).await;
    browser.picture("guided-2-report").await;
    browser.assert_fits().await;
    browser.press(key::ENTER).await;
    browser.press(key::ENTER).await;
    browser.tab_to("[data-back]").await;
    browser.press(key::ENTER).await;
    assert!(browser.is_focused("#claimed_identity").await, "the second of four");
    browser.press(key::ENTER).await;
    browser.press(key::ENTER).await;
    assert!(browser.is_focused("#narrative").await, "the last of four");
    browser.press("They said that my account was hacked.").await;
    browser.assert_fits().await;
    browser.tab_to("[data-send]").await;
    browser.press(key::ENTER).await;
    browser.seeing("Thank you. Your report was sent.").await;
    browser.picture("guided-3-thanks").await;
    // coming back, by the back button or by the link, leads to the same place
    browser.client.back().await.unwrap();
    browser.goto(&url).await;
    browser.seeing("End the call, chat or screen share.").await;
    let reports = app.shop.platform.get("/reports").await.json(200);
    let filed = &reports["reports"][0];
    assert_eq!(
        (&filed["channel"], &filed["narrative"]),
        (&"phone".into(), &"They said that my account was hacked.".into())
    );
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn whoever_is_asked_for_the_code_can_still_stop() {
    let app = TestApp::start().await;
    let (session, url) = challenged(&app, "stopping").await;
    let browser = Chromium::open(Looks { scripts: false, ..DESK }).await;
    browser.goto(&url).await;
    browser.find("#intent-confirmed").await.click().await.unwrap();
    browser.tab_to("button[type=submit]").await;
    browser.press(key::ENTER).await;
    browser.seeing("Did someone ask you for this code?").await;
    app.inbox.code_to("stopping@example.com").await;
    browser.tab_to(".way-out button").await;
    browser.press(key::ENTER).await;
    browser.seeing("End the call, chat or screen share.").await;
    assert_eq!(outcome(&app, &session).await, "break_contact block");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_unanswered_form_says_what_is_missing() {
    let app = TestApp::start().await;
    let (_, url) = challenged(&app, "hasty").await;
    let browser = Chromium::open(DESK).await;
    browser.goto(&url).await;
    browser.seeing("Is anyone on a call").await;
    browser.tab_to("button[type=submit]").await;
    browser.press(key::ENTER).await;
    browser.seeing("Choose the answer that is true right now").await;
    assert!(browser.is_focused("[data-focus]").await, "what went wrong is what a reader hears first");
    browser.picture("hasty-1-unanswered").await;
    assert!(browser.client.title().await.unwrap().starts_with("Error: "));
    browser.close().await;
}
