//! The sample shop with the Web SDK in a real browser: a payout change is made only by a token that was redeemed, and
//! whatever else happens, nothing is changed and nobody waits for ever.

use ase_tests::harness::TestApp;
use ase_tests::harness::chromium::{Chromium, DESK};
use ase_tests::harness::client::text;
use ase_tests::harness::shop::{NEW_IBAN, OLD_IBAN, SELLER, Shop};
use ase_tests::harness::until::until;
use serde_json::{Value, json};

const CHANGED: &str = "Payouts go to the new account from now on.";
const REFUSED: &str = "This was not changed.";

async fn open(app: &TestApp, headers: &[(&str, &str)]) -> (Shop, Chromium) {
    (Shop::open(app, headers).await, Chromium::open(DESK).await)
}

/// The session of the one change that was asked for.
async fn session(shop: &Shop) -> Value {
    shop.tenant.platform.get("/sessions").await.json(200)["sessions"][0].clone()
}

/// Every address this window was at, and every one that its page asked for.
async fn assert_nothing_in_addresses(browser: &Chromium) {
    let seen = browser
        .run("return [location.href, document.referrer, ...performance.getEntries().map((entry) => entry.name)].join(' ')")
        .await;
    let seen = text(&seen);
    for word in ["eyJ", "token=", "outcome", "allow"] {
        assert!(!seen.contains(word), "{word}: {seen}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_payout_change_is_confirmed_in_a_window() {
    let app = TestApp::start().await;
    let (shop, browser) = open(&app, &[]).await;
    shop.change(&browser, "auto").await;
    let page = browser.to_new_window().await;
    browser.seeing("Is anyone on a call").await;
    assert_eq!(shop.iban().await, OLD_IBAN, "nothing is changed before the answer");
    assert_nothing_in_addresses(&browser).await;
    browser.pass(app.inbox.code_to(SELLER)).await;
    // the window closes by itself: its token went to the page that opened it
    browser.to_last_window(page).await;
    browser.seeing(CHANGED).await;
    browser.seeing(NEW_IBAN).await;
    assert_nothing_in_addresses(&browser).await;
    assert_eq!(browser.run("return document.body.dataset.result").await, "completed");
    let regions =
        "return [...document.querySelectorAll('[role=status]')].map((region) => region.textContent).join()";
    until("an announcement", || async {
        text(&browser.run(regions).await).contains("The security check is over.").then_some(())
    })
    .await;
    assert_eq!(shop.iban().await, NEW_IBAN);
    let actions = shop.tenant.platform.actions(&text(&session(&shop).await["id"])).await;
    assert_eq!(actions.iter().filter(|action| *action == "token.verified").count(), 1, "{actions:?}");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_payout_change_is_confirmed_in_the_same_window() {
    let app = TestApp::start().await;
    let (shop, browser) = open(&app, &[]).await;
    shop.change(&browser, "redirect").await;
    browser.pass(app.inbox.code_to(SELLER)).await;
    browser.seeing(NEW_IBAN).await;
    assert_eq!(browser.url().await.as_str(), format!("{}/", shop.origin), "the token came in a body");
    assert_nothing_in_addresses(&browser).await;
    assert_eq!(shop.iban().await, NEW_IBAN);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_an_address_says_changes_nothing() {
    let app = TestApp::start().await;
    let (shop, browser) = open(&app, &[]).await;
    shop.change(&browser, "auto").await;
    browser.to_new_window().await;
    browser.seeing("Is anyone on a call").await;
    let id = text(&session(&shop).await["id"]);
    for address in
        ["/after?outcome=allow", "/?status=completed", &format!("/after?session_id={id}&outcome=allow")]
    {
        let answer = shop.tenant.platform.with_key("").get(&format!("{}{address}", shop.origin)).await;
        assert!([200, 404].contains(&answer.status), "{}", answer.text);
    }
    let forged = [("session_id", id.as_str()), ("decision_token", "eyJh.eyJh.x"), ("outcome", "allow")];
    let person = ase_tests::harness::Person::new();
    person.send(&format!("{}/after", shop.origin), &forged, &[]).await.showing(200, OLD_IBAN);
    assert_eq!(shop.iban().await, OLD_IBAN);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_window_that_is_blocked_becomes_a_redirect() {
    let app = TestApp::start().await;
    // a page in a sandbox without `allow-popups` gets no window, as from a browser that blocks them
    let sandbox = [("content-security-policy", "sandbox allow-scripts allow-same-origin allow-forms")];
    let (shop, browser) = open(&app, &sandbox).await;
    shop.change(&browser, "auto").await;
    browser.pass(app.inbox.code_to(SELLER)).await;
    browser.seeing(NEW_IBAN).await;
    assert_eq!(browser.client.windows().await.unwrap().len(), 1);
    assert_eq!(shop.iban().await, NEW_IBAN);
    let only = json!("popup");
    let script =
        "const [mode, done] = arguments; ASE.challenge({ url: 'https://ase.example', mode }).then(done)";
    let refused = browser.client.execute_async(script, vec![only]).await.unwrap();
    assert_eq!(refused, json!({ "status": "error", "code": "popup_blocked" }));
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_page_that_is_cut_off_from_its_window_asks_the_server() {
    let app = TestApp::start().await;
    let (shop, browser) = open(&app, &[("cross-origin-opener-policy", "same-origin")]).await;
    shop.change(&browser, "auto").await;
    let page = browser.to_new_window().await;
    browser.seeing("Is anyone on a call").await;
    assert_eq!(browser.run("return window.opener").await, Value::Null, "the browser cut it off");
    browser.pass(app.inbox.code_to(SELLER)).await;
    browser.client.switch_to_window(page).await.unwrap();
    browser.seeing(CHANGED).await;
    assert_eq!(shop.iban().await, NEW_IBAN);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn closing_the_window_cancels_and_changes_nothing() {
    let app = TestApp::start().await;
    let (shop, browser) = open(&app, &[]).await;
    shop.change(&browser, "auto").await;
    let page = browser.to_new_window().await;
    browser.seeing("Is anyone on a call").await;
    browser.client.close_window().await.unwrap();
    browser.to_last_window(page).await;
    browser.seeing("The security check was closed. Nothing was changed.").await;
    assert!(browser.is_focused("#payout button").await, "the focus is where it was");
    assert_eq!((shop.iban().await.as_str(), &session(&shop).await["status"]), (OLD_IBAN, &json!("pending")));
    browser.close().await;
    // that nobody came back is written down, and how far they had come
    app.database.run("update sessions set expires_at = clock_timestamp()").await;
    let id = text(&session(&shop).await["id"]);
    let left = until("the abandonment in the log", || async {
        let told = shop.tenant.platform.audit(&id).await;
        told.into_iter().find(|entry| entry["action"] == "session.abandoned")
    })
    .await;
    assert_eq!(left["metadata"], json!({ "stage": "question" }));
    assert_eq!(shop.iban().await, OLD_IBAN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_page_can_stop_waiting() {
    let app = TestApp::start().await;
    let (shop, browser) = open(&app, &[]).await;
    shop.change(&browser, "auto").await;
    let page = browser.to_new_window().await;
    browser.seeing("Is anyone on a call").await;
    browser.client.switch_to_window(page.clone()).await.unwrap();
    browser.find("#stop").await.click().await.unwrap();
    browser.to_last_window(page).await;
    browser.seeing("The security check was closed. Nothing was changed.").await;
    assert_eq!(shop.iban().await, OLD_IBAN);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_guided_person_keeps_the_window_and_nothing_is_changed() {
    let app = TestApp::start().await;
    let (shop, browser) = open(&app, &[]).await;
    shop.change(&browser, "auto").await;
    let page = browser.to_new_window().await;
    browser.seeing("Is anyone on a call").await;
    browser.answer("#intent-guided").await;
    browser.seeing("End the call, chat or screen share.").await;
    let window = browser.client.window().await.unwrap();
    browser.client.switch_to_window(page).await.unwrap();
    browser.seeing(REFUSED).await;
    assert_eq!(browser.run("return document.body.dataset.result").await, "completed", "over is not passed");
    browser.client.switch_to_window(window).await.unwrap();
    browser.seeing("End the call, chat or screen share.").await;
    assert_eq!(shop.iban().await, OLD_IBAN);
    assert_eq!(session(&shop).await["stage"], "break_contact");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_session_that_expires_ends_the_waiting() {
    let app = TestApp::start().await;
    let (shop, browser) = open(&app, &[("cross-origin-opener-policy", "same-origin")]).await;
    shop.change(&browser, "auto").await;
    let page = browser.to_new_window().await;
    browser.seeing("Is anyone on a call").await;
    app.database.run("update sessions set expires_at = clock_timestamp()").await;
    browser.client.switch_to_window(page).await.unwrap();
    browser.seeing("The time for the security check is over. Nothing was changed.").await;
    assert_eq!(shop.iban().await, OLD_IBAN);
    browser.close().await;
}
