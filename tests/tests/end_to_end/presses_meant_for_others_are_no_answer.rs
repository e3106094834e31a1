//! Presses that were meant for something else: the question must have been in front for a moment before "no" is taken.

use ase_tests::harness::app::Setup;
use ase_tests::harness::chromium::{Chromium, DESK, key};
use ase_tests::harness::client::text;
use ase_tests::harness::until::until;
use ase_tests::harness::{Person, TestApp, events};
use chrono::TimeDelta;
use fantoccini::Locator;

/// Longer than any of these stories needs for its first press.
const MOMENT: u32 = 4_000;
const TOO_SOON: &str = "That was very quick";

async fn challenged(app: &TestApp, subject: &str) -> (String, String) {
    let decision =
        app.shop.platform.ingest(&events::risky_payout(&format!("evt-{subject}"), subject)).await.json(201);
    (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]))
}

async fn with_a_moment_of(milliseconds: u32) -> TestApp {
    TestApp::start_with(Setup { question_milliseconds: milliseconds, ..Setup::default() }).await
}

async fn assert_unanswered(app: &TestApp, session: &str) {
    let shown = app.shop.platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!(shown["stage"], "question");
    let told = app.shop.platform.actions(session).await;
    assert!(!told.contains(&"intent.answered".to_owned()), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_no_before_the_question_can_be_read_is_asked_again() {
    let app = with_a_moment_of(10_000).await;
    let (session, url) = challenged(&app, "ana").await;
    let ana = Person::new();
    let question = ana.open(&url).await.showing(200, r#"id="too-soon" role="alert" tabindex="-1" hidden"#);
    let confirmed = [("intent", "confirmed")];
    let again = ana.submit(&question, "/intent", &confirmed).await.showing(200, TOO_SOON);
    assert!(!again.html.contains(r#"tabindex="-1" hidden"#), "it is said: {}", again.html);
    // the page's word on when it was shown is nobody else's
    let token = question.form("/intent").fields["form_token"].clone();
    let (micros, proof) = token.split_once('.').unwrap();
    let forged = format!("{}.{proof}", micros.parse::<i64>().unwrap() - 60_000_000);
    let own = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin")];
    let answer = async |token: &str| {
        ana.send(&format!("{url}/intent"), &[("form_token", token), confirmed[0]], &own).await
    };
    for forged in [forged.as_str(), proof, "", ".", "0.", "-1.x"] {
        answer(forged).await.showing(403, "");
    }
    assert_unanswered(&app, &session).await;
    assert!(app.inbox.letters_to("ana@example.com").is_empty());
    // a page that was shown a minute ago, as the server would have made it
    let cookie = ana.cookies(&app.url);
    let cookie = cookie.split_once('=').unwrap().1;
    let mut shown = app.app.engine.view_challenge(&session, Some(cookie)).await.unwrap();
    shown.now -= TimeDelta::minutes(1);
    let earlier = shown.form_token(&session, cookie);
    answer(&earlier).await.showing(200, "Enter the code we sent you");
    app.inbox.code_to("ana@example.com").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn whatever_leads_out_is_taken_at_once() {
    let app = with_a_moment_of(10_000).await;
    for intent in ["guided", "unsure", "told"] {
        let (_, url) = challenged(&app, intent).await;
        let person = Person::new();
        let question = person.open(&url).await;
        person.submit(&question, "/intent", &[("intent", intent)]).await.showing(200, "End the call");
    }
}

/// Presses until the page goes on, which it does not before its moment is over.
async fn press_until_taken(browser: &Chromium, selector: &str, key: Option<&str>) {
    until("the answer to be taken", || async {
        let body = browser.client.find(Locator::Css("body")).await.ok()?.text().await.ok()?;
        if body.contains("Enter the code we sent you") {
            return Some(());
        }
        let pressed = browser.client.find(Locator::Css(selector)).await.ok()?;
        match key {
            Some(key) => pressed.send_keys(key).await.ok()?,
            None => pressed.click().await.ok()?,
        }
        None
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_press_that_began_elsewhere_or_came_too_soon_is_no_answer() {
    let app = with_a_moment_of(MOMENT).await;
    let (session, url) = challenged(&app, "ana").await;
    let browser = Chromium::open(DESK).await;
    browser.goto(&url).await;
    browser.answer("#intent-confirmed").await;
    browser.seeing(TOO_SOON).await;
    assert!(browser.is_focused("#too-soon").await, "what went wrong is what a reader hears first");
    assert_eq!(browser.url().await.query(), None, "the page did not even send it");
    until("the page's moment to be over", || async {
        let since = "return performance.now() - performance.getEntriesByType('navigation')[0].loadEventEnd";
        (browser.run(since).await.as_f64()? > f64::from(MOMENT) + 100.0).then_some(())
    })
    .await;
    // the second half of a double-click: a pointer is let go here that was pressed elsewhere
    browser
        .run(
            r#"document.activeElement.blur();
            document.getElementById("intent-confirmed").checked = true;
            const half = new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 });
            document.querySelector(".question button").dispatchEvent(half);"#,
        )
        .await;
    assert!(browser.is_focused("#too-soon").await);
    assert_unanswered(&app, &session).await;
    press_until_taken(&browser, "#intent-confirmed", Some(key::ENTER)).await;
    app.inbox.code_to("ana@example.com").await;

    // whoever uses a pointer comes as far as whoever uses the keyboard
    let (_, url) = challenged(&app, "bob").await;
    browser.goto(&url).await;
    browser.find("#intent-confirmed").await.click().await.unwrap();
    press_until_taken(&browser, ".question button", None).await;
    app.inbox.code_to("bob@example.com").await;
    browser.close().await;
}
