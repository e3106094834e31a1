//! A page that imports the Web SDK as a module, in a real browser, under a strict policy and held to the published hash.

use ase_tests::harness::chromium::{Chromium, DESK};
use ase_tests::harness::client::text;
use ase_tests::harness::shop::SELLER;
use ase_tests::harness::site::Site;
use ase_tests::harness::until::until;
use ase_tests::harness::{TestApp, events};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha384};

/// Its own script has a nonce; of the server it takes what the hash is right for. A file that is refused says so.
const PAGE: &str = r#"<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Shop</title>
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src 'nonce-own' {server}; connect-src {server}; require-trusted-types-for 'script'">
</head><body><p>waiting</p><button>Change</button>
<script nonce="own">
const said = document.querySelector("p");
addEventListener("error", () => said.append(", refused"), true);
addEventListener("securitypolicyviolation", (event) => said.append(", violated " + event.effectiveDirective));
</script>
<script type="module" src="{url}" integrity="{integrity}" crossorigin="anonymous"></script>
<script type="module" nonce="own">
import { challenge, version } from "{url}";
said.textContent = "ready " + version;
document.querySelector("button").onclick = async () => {
  const result = await challenge({ url: location.hash.slice(1) });
  said.textContent = JSON.stringify(result);
};
</script></body></html>"#;

/// The page's site, and what the server publishes about the module.
async fn site(app: &TestApp, integrity: Option<&str>) -> (Site, Value) {
    let browser = app.shop.platform.with_key("");
    let published = browser.get("/sdk/v1/integrity.json").await.json(200);
    let about = published["files"]["ase.mjs"].clone();
    let html = PAGE
        .replace("{server}", &app.url)
        .replace("{url}", &text(&about["url"]))
        .replace("{integrity}", integrity.unwrap_or(&text(&about["integrity"])));
    (Site::open(&html).await, json!({ "about": about, "version": published["version"] }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_page_imports_the_module_and_gets_the_token() {
    let app = TestApp::start().await;
    let (site, published) = site(&app, None).await;
    let tenant = app.organisation_at("Example Shop", &[&format!("{}/after", site.origin)]).await;
    let mut event = events::risky_payout("evt-1", "ana");
    event["return_url"] = json!(format!("{}/after", site.origin));
    let decision = tenant.platform.ingest(&event).await.json(201);
    let browser = Chromium::open(DESK).await;
    browser.goto(&format!("{}/#{}", site.origin, text(&decision["session"]["challenge_url"]))).await;
    browser.seeing(&format!("ready {}", text(&published["version"]))).await;
    // the hash is of one file, and that file is everything
    let loaded =
        browser.run("return performance.getEntriesByType('resource').map((entry) => entry.name)").await;
    let of_server: Vec<String> = loaded.as_array().unwrap().iter().map(text).collect();
    let of_server: Vec<&String> = of_server.iter().filter(|name| name.starts_with(&app.url)).collect();
    assert_eq!(of_server, [&text(&published["about"]["url"])]);
    assert_eq!(
        browser.run("return typeof window.ASE").await,
        "undefined",
        "an import leaves no global behind"
    );
    browser.find("button").await.click().await.unwrap();
    let page = browser.to_new_window().await;
    browser.pass(app.inbox.code_to(SELLER)).await;
    browser.to_last_window(page).await;
    let seen = browser.seeing("completed").await;
    let result: Value = serde_json::from_str(seen.lines().next().unwrap()).unwrap();
    assert_eq!(tenant.platform.verify(&text(&result["token"])).await["proceed"], true, "{seen}");
    until("an announcement in the page's language", || async {
        let region = browser.run("return document.querySelector('[role=status]')?.outerHTML ?? ''").await;
        let region = text(&region);
        (region.contains("Le contrôle de sécurité est terminé.") && region.contains(r#"lang="fr""#))
            .then_some(())
    })
    .await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_module_that_is_not_what_was_published_does_not_run() {
    let app = TestApp::start().await;
    let other = format!("sha384-{}", STANDARD.encode(Sha384::digest(b"something else")));
    let (site, _) = site(&app, Some(&other)).await;
    let browser = Chromium::open(DESK).await;
    browser.goto(&site.origin).await;
    // the server's file, and the page's own module that imports it
    let seen = browser.seeing("waiting, refused, refused").await;
    assert!(!seen.contains("ready") && !seen.contains("violated"), "{seen}");
    browser.close().await;
}
