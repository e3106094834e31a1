//! Pages that are not the shop's, messages that are not the challenge's, and what the server says to browsers at all.

use ase_tests::harness::chromium::{Chromium, DESK};
use ase_tests::harness::client::text;
use ase_tests::harness::shop::{OLD_IBAN, SELLER, Shop};
use ase_tests::harness::site::Site;
use ase_tests::harness::until::until;
use ase_tests::harness::{Answer, Person, TestApp, events};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha384};

/// The largest that the script may be on its way, in bytes.
const SCRIPT_MAX: usize = 6 * 1024;

/// Opens a challenge, says that it is the one to talk to, and writes down everything it hears.
const HOSTILE: &str = r#"<!doctype html><title>Evil</title><button>open</button><pre></pre><script>
addEventListener("message", (event) => { document.querySelector("pre").textContent += "heard " + JSON.stringify(event.data); });
document.querySelector("button").onclick = () => {
  const opened = open(location.hash.slice(1), "_blank");
  setInterval(() => opened.postMessage({ ase: "nonce", nonce: "guess" }, "*"), 20);
};
</script>"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_hostile_opener_learns_nothing() {
    let app = TestApp::start().await;
    let (evil, shop) = (Site::open(HOSTILE).await, Site::open("<p>Welcome back</p>").await);
    let tenant = app.organisation_at("Example Shop", &[&format!("{}/after", shop.origin)]).await;
    let mut event = events::risky_payout("evt-1", "ana");
    event["return_url"] = json!(format!("{}/after", shop.origin));
    let decision = tenant.platform.ingest(&event).await.json(201);
    let browser = Chromium::open(DESK).await;
    browser.goto(&format!("{}/#{}", evil.origin, text(&decision["session"]["challenge_url"]))).await;
    browser.find("button").await.click().await.unwrap();
    let page = browser.to_new_window().await;
    assert_eq!(browser.run("return window.opener !== null").await, true);
    browser.pass(app.inbox.code_to(SELLER)).await;
    // nobody who may hear it listens, so the token takes the way of the form: to the registered address alone
    browser.seeing("Welcome back").await;
    assert_eq!(browser.url().await.as_str(), format!("{}/after", shop.origin));
    let posted = shop.requests().into_iter().find(|request| request.starts_with("POST /after HTTP")).unwrap();
    assert!(posted.contains("decision_token=eyJ"), "{posted}");
    assert!(!posted.to_lowercase().contains("referer:"), "{posted}");
    browser.client.switch_to_window(page).await.unwrap();
    assert_eq!(browser.find("pre").await.text().await.unwrap(), "", "a page of another site heard something");
    assert!(evil.requests().iter().all(|request| !request.contains("eyJ") && !request.starts_with("POST")));
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_forged_message_ends_nothing() {
    let app = TestApp::start().await;
    let shop = Shop::open(&app, &[]).await;
    let browser = Chromium::open(DESK).await;
    shop.change(&browser, "auto").await;
    let page = browser.to_new_window().await;
    browser.seeing("Is anyone on a call").await;
    // from the right window and the right origin, but without the nonce: only the page's own script was told it
    for over in [
        r#"{ ase: "over", nonce: "guess", token: "a.b.c" }"#,
        r#"{ ase: "over", token: "a.b.c" }"#,
        "7",
        "null",
    ] {
        browser.run(&format!("window.opener.postMessage({over}, '{}')", shop.origin)).await;
    }
    browser.client.switch_to_window(page.clone()).await.unwrap();
    // from another window: the shop's own, and with whatever nonce
    browser.run(r#"window.postMessage({ ase: "over", nonce: "", token: "a.b.c", close: true }, "*")"#).await;
    browser
        .run(r#"window.dispatchEvent(new MessageEvent("message", { data: { ase: "over", nonce: "x" } }))"#)
        .await;
    // a second challenge meanwhile is refused, and brings the first to the front
    let script = "const done = arguments[0]; ASE.challenge({ url: 'https://ase.example' }).then(done)";
    let busy = browser.client.execute_async(script, Vec::new()).await.unwrap();
    assert_eq!(busy, json!({ "status": "error", "code": "busy" }));
    assert_eq!(browser.run("return document.body.dataset.result ?? null").await, Value::Null);
    assert_eq!(browser.client.windows().await.unwrap().len(), 2);
    assert_eq!(shop.iban().await, OLD_IBAN);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_address_elsewhere_is_not_opened() {
    let app = TestApp::start().await;
    let shop = Shop::open(&app, &[]).await;
    let browser = Chromium::open(DESK).await;
    browser.goto(&shop.origin).await;
    browser.seeing(OLD_IBAN).await;
    let script = "const [url, origin, done] = arguments; ASE.challenge({ url, origin }).then(done)";
    for url in [
        "javascript:alert(1)",
        "data:text/html,x",
        "http://evil.example/challenge/x",
        "https://evil.example/challenge/x",
        "https://user@ase.example/challenge/x",
        "/challenge/x",
        "",
    ] {
        let given = vec![json!(url), json!("https://ase.example")];
        let result = browser.client.execute_async(script, given).await.unwrap();
        assert_eq!(result, json!({ "status": "error", "code": "bad_url" }), "{url}");
    }
    until("no window but the shop's", || async {
        (browser.client.windows().await.unwrap().len() == 1).then_some(())
    })
    .await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn asking_how_a_challenge_stands_tells_nobody_how_it_ended() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let browser = platform.with_key("");
    let ask = async |session: &str, origin: &str| {
        Answer::of(browser.request("GET", &format!("/challenge/{session}/status")).header("origin", origin))
            .await
    };
    let shop = "https://shop.example";
    let mut seen = Vec::new();
    for (subject, intent) in [("ana", "confirmed"), ("ben", "guided"), ("cem", "unsure")] {
        let event = events::risky_payout(&format!("evt-{subject}"), subject);
        let session = text(&platform.ingest(&event).await.json(201)["session"]["id"]);
        assert_eq!(ask(&session, shop).await.json(200), json!({ "state": "open" }));
        platform.intent(&session, intent).await.json(200);
        if intent == "confirmed" {
            assert_eq!(ask(&session, shop).await.json(200), json!({ "state": "open" }));
            let code = app.inbox.code_to(&events::address(subject)).await;
            platform.respond(&session, &code).await.json(200);
        }
        let answer = ask(&session, shop).await;
        let mut headers: Vec<_> = answer.headers.keys().map(|name| name.as_str().to_owned()).collect();
        headers.sort();
        seen.push((answer.status, answer.text, headers));
    }
    assert!(seen.iter().all(|one| *one == seen[0] && one.1 == r#"{"state":"closed"}"#), "{seen:?}");

    let event = events::risky_payout("evt-late", "dora");
    let late = text(&platform.ingest(&event).await.json(201)["session"]["id"]);
    for (origin, may) in [
        (shop, true),
        ("https://evil.example", false),
        ("null", false),
        ("https://shop.example.evil.example", false),
    ] {
        let answer = ask(&late, origin).await;
        assert_eq!(answer.header("access-control-allow-origin"), if may { origin } else { "" }, "{origin}");
        assert_eq!(
            (answer.header("vary").contains("origin"), answer.header("cache-control")),
            (true, "no-store")
        );
        assert!(answer.header("access-control-allow-credentials").is_empty());
    }
    // an event with a return URL is for the pages of that origin alone
    let mut narrow = events::risky_payout("evt-narrow", "emil");
    narrow["return_url"] = json!("http://127.0.0.1/after");
    let narrow = text(&platform.ingest(&narrow).await.json(201)["session"]["id"]);
    assert_eq!(ask(&narrow, shop).await.header("access-control-allow-origin"), "");
    app.database.run("update sessions set expires_at = clock_timestamp()").await;
    assert_eq!(ask(&late, shop).await.json(200), json!({ "state": "expired" }));
    let quiet = platform.ingest(&events::quiet_login("evt-quiet", "fay")).await.json(201);
    for session in ["ses_missing", text(&quiet["session"]["id"]).as_str()] {
        ask(session, shop).await.problem(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_page_names_whom_it_may_tell_and_never_a_stranger() {
    let app = TestApp::start().await;
    let mut event = events::risky_payout("evt-1", "ana");
    event["return_url"] = json!("https://shop.example/after?order=1");
    let url = text(&app.shop.platform.ingest(&event).await.json(201)["session"]["challenge_url"]);
    let page = Person::new().open(&url).await;
    page.showing(200, r#"data-openers="https://shop.example" data-state="open""#);
    let missing = Person::new().open(&format!("{}/challenge/ses_missing", app.url)).await;
    assert!(!missing.html.contains("data-openers"), "{}", missing.html);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_script_is_small_and_what_it_says_it_is() {
    let app = TestApp::start().await;
    let browser = app.shop.platform.with_key("");
    let published = browser.get("/sdk/v1/integrity.json").await.json(200);
    for name in ["ase.js", "ase.mjs"] {
        let about = &published["files"][name];
        let script = browser.get(&text(&about["url"])).await;
        assert_eq!(script.status, 200);
        let hash = STANDARD.encode(Sha384::digest(script.text.as_bytes()));
        assert_eq!(about["integrity"], format!("sha384-{hash}"), "{name}");
        assert_eq!(about["bytes"], script.text.len());
        assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(script.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(script.header("x-content-type-options"), "nosniff");
        assert_eq!(script.header("access-control-allow-origin"), "*");
        assert_eq!(script.header("cross-origin-resource-policy"), "cross-origin");
        let plain = browser.get(&format!("/sdk/v1/{name}")).await;
        assert_eq!(
            (plain.text.as_str(), plain.header("cache-control")),
            (script.text.as_str(), "public, max-age=3600")
        );
        let tag = plain.header("etag").to_owned();
        let again = browser.request("GET", &format!("/sdk/v1/{name}")).header("if-none-match", tag);
        assert_eq!(Answer::of(again).await.status, 304);
        let packed = browser.request("GET", &format!("/sdk/v1/{name}")).header("accept-encoding", "gzip");
        let packed = packed.send().await.unwrap();
        assert_eq!(packed.headers()["content-encoding"], "gzip");
        let size = packed.bytes().await.unwrap().len();
        assert!(size <= SCRIPT_MAX, "{name}: {size} bytes");
    }
    browser.get("/sdk/v1/package.json").await.problem(404, "not_found");
    browser.get("/sdk/v2/ase.js").await.problem(404, "not_found");
}
