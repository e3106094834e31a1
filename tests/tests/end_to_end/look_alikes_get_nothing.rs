//! A page that looks like the challenge and is not: it cannot ask in its place, read it, frame it, or make up what
//! comes of it.

use ase_tests::harness::chromium::{Chromium, DESK};
use ase_tests::harness::client::text;
use ase_tests::harness::shop::{NEW_IBAN, OLD_IBAN, Shop};
use ase_tests::harness::site::Site;
use ase_tests::harness::until::until;
use ase_tests::harness::{Answer, TestApp, events};
use serde_json::{Value, json};

/// The question as it looks, from somewhere else. The address of the real one stands behind the `#`.
const LOOK_ALIKE: &str = r#"<!doctype html><title>One question before this goes ahead</title>
<h1>Is anyone on a call, chat or screen share guiding you to do this?</h1>
<form method="post"><input type="hidden" name="intent" value="confirmed"><button>Continue</button></form><pre></pre><iframe class="real"></iframe><iframe class="own"></iframe>
<script>
const real = location.hash.slice(1);
const say = (text) => { document.querySelector("pre").textContent += text + "\n"; };
if (real) {
  document.querySelector("form").action = real + "/intent";
  document.querySelector(".real").src = real;
  document.querySelector(".own").src = "/framed";
  for (const [name, how] of [["read", {}], ["read with cookies", { credentials: "include" }],
      ["answered", { method: "POST", credentials: "include", body: new URLSearchParams({ intent: "confirmed" }) }]]) {
    fetch(how.method ? real + "/intent" : real, how).then((answer) => answer.text())
      .then((text) => say(name + " " + text.length), () => say("not " + name));
  }
}
</script>"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_look_alike_cannot_ask_in_place_of_the_page() {
    let app = TestApp::start().await;
    let decision = app.shop.platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let (session, url) = (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]));
    let evil = Site::open(LOOK_ALIKE).await;
    let browser = Chromium::open(DESK).await;
    // the person was at the real page before: their browser has its cookie
    browser.goto(&url).await;
    browser.seeing("Is anyone on a call").await;
    browser.goto(&format!("{}/#{url}", evil.origin)).await;
    for nothing in ["not read", "not read with cookies", "not answered"] {
        browser.seeing(nothing).await;
    }
    assert_frames_hold_nothing_of_the_page(&browser).await;
    browser.find("button").await.click().await.unwrap();
    browser.seeing("Your answer was not counted.").await;
    let shown = app.shop.platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!((&shown["stage"], &shown["decision_token"]), (&json!("question"), &json!(null)));
    let told = app.shop.platform.actions(&session).await;
    assert!(!told.contains(&"intent.answered".to_owned()), "{told:?}");
    browser.close().await;
}

/// Looks into the frames as the person does, whom no policy keeps out: the attacker's own page stands in one of them, and
/// in that of the real page there is the browser's word that it may not be there.
async fn assert_frames_hold_nothing_of_the_page(browser: &Chromium) {
    let seen = "return [location.protocol, document.forms.length, document.body?.innerText ?? '']";
    browser.find(".own").await.enter_frame().await.unwrap();
    let own = until("a frame of the attacker's own", || async {
        let own = browser.run(seen).await;
        (own[1] == 1).then_some(own)
    })
    .await;
    assert!(own[2].as_str().unwrap().contains("Is anyone on a call"), "{own}");
    browser.client.enter_parent_frame().await.unwrap();
    browser.find(".real").await.enter_frame().await.unwrap();
    let real = until("the browser's refusal", || async {
        let real = browser.run(seen).await;
        (real[0] == "chrome-error:").then_some(real)
    })
    .await;
    assert_eq!(real[1], 0, "{real}");
    for words in ["Is anyone on a call", "Example Shop", "DE89"] {
        assert!(!real[2].as_str().unwrap().contains(words), "{real}");
    }
    browser.client.enter_parent_frame().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_decision_that_a_look_alike_makes_up_does_not_verify() {
    let app = TestApp::start().await;
    let shop = Shop::open(&app, &[]).await;
    // a token that is good, of the attacker's own organisation at the same server
    let attacker = app.organisation("Evil Shop").await;
    let login = attacker.platform.ingest(&events::quiet_login("evt-1", "mallory")).await.json(201);
    let theirs = text(&login["decision_token"]);
    // and one of this shop, for something else
    let other = shop.tenant.platform.ingest(&events::quiet_login("evt-2", "ana")).await.json(201);
    let other = text(&other["decision_token"]);
    let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiYXNlLWRlY2lzaW9uK2p3dCJ9.eyJvdXRjb21lIjoiYWxsb3cifQ.";

    let browser = Chromium::open(DESK).await;
    shop.change(&browser, "auto").await;
    browser.to_new_window().await;
    browser.seeing("Is anyone on a call").await;
    let pending = shop.tenant.platform.get("/sessions?outcome=delay_verify").await.json(200);
    let pending = text(&pending["sessions"][0]["id"]);
    for token in [theirs.as_str(), other.as_str(), unsigned, "a.b.c", ""] {
        // as the look-alike would hand it over: a form to where the shop takes tokens
        let fields = [("session_id", pending.as_str()), ("decision_token", token)];
        let request = app.shop.platform.with_key("").request("POST", &format!("{}/after", shop.origin));
        Answer::of(request.form(&fields)).await;
        assert_eq!(shop.iban().await, OLD_IBAN, "{token}");
    }
    // in the window that the shop itself opened, all that another page could say is heard from the wrong origin
    let evil = Site::open(
        r#"<!doctype html><title>Evil</title><p>look-alike</p><script>
        addEventListener("message", (event) => event.source.postMessage(
            { ase: "over", nonce: event.data.nonce, token: "a.b.c", close: true }, "*"));
        for (let time = 0; time < 3; time += 1) window.opener?.postMessage({ ase: "hello" }, "*");
        </script>"#,
    )
    .await;
    browser.goto(&evil.origin).await;
    browser.seeing("look-alike").await;
    assert_eq!(shop.iban().await, OLD_IBAN);
    // the real page still works, and nothing was used up
    browser.goto(&text(&decided(&shop, &pending).await["challenge_url"])).await;
    browser.pass(app.inbox.code_to("ana@example.com")).await;
    until("the change", || async { (shop.iban().await == NEW_IBAN).then_some(()) }).await;
    assert_eq!(decided(&shop, &pending).await["outcome"], "allow");
    browser.close().await;
}

async fn decided(shop: &Shop, session: &str) -> Value {
    shop.tenant.platform.get(&format!("/sessions/{session}")).await.json(200)
}
