//! Brands: colours that can be read, a logo that is nothing but pixels, and words in the reader's language.

use ase_engine::access::KeyScope;
use ase_engine::org::Org;
use ase_engine::provisioning::ProvisioningError;
use ase_tests::harness::app::operator;
use ase_tests::harness::client::text;
use ase_tests::harness::picture::{noise, plain};
use ase_tests::harness::{Answer, Person, TestApp, events};
use serde_json::{Value, json};

async fn put(app: &TestApp, path: &str, body: &Value) -> Answer {
    Answer::of(app.shop.platform.request("PUT", path).json(body)).await
}

async fn send_logo(app: &TestApp, file: Vec<u8>) -> Answer {
    Answer::of(app.shop.platform.request("PUT", "/brand/logo").header("content-type", "image/png").body(file))
        .await
}

async fn page(app: &TestApp, subject: &str, language: &str) -> String {
    let event = events::risky_payout(&format!("evt-{subject}"), subject);
    let decision = app.shop.platform.ingest(&event).await.json(201);
    Person::reading(language).open(&text(&decision["session"]["challenge_url"])).await.html
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn colours_are_checked_when_they_are_set_and_shown_from_our_origin() {
    let app = TestApp::start().await;
    assert_eq!(app.shop.platform.get("/brand").await.json(200)["colours"], Value::Null);
    let refused = put(&app, "/brand", &json!({ "accent": "#ffd400", "on_accent": "#000000" })).await;
    let refused = refused.problem(422, "invalid_field");
    assert_eq!(refused["pointer"], "/accent");
    assert!(text(&refused["detail"]).contains("contrast of 1."), "{refused}");
    put(&app, "/brand", &json!({ "accent": "#1a3f8c" })).await.problem(422, "invalid_field");
    put(&app, "/brand", &json!({ "default_language": "sv" })).await.problem(422, "invalid_field");
    assert_eq!(
        app.shop.platform.get("/brand").await.json(200)["colours"],
        Value::Null,
        "nothing was changed"
    );

    let look = json!({ "accent": "#1a3f8c", "on_accent": "#ffffff", "default_language": "de" });
    let brand = put(&app, "/brand", &look).await.json(200);
    assert_eq!(brand["colours"], json!({ "accent": "#1a3f8c", "on_accent": "#ffffff" }));
    let html = page(&app, "ana", "en").await;
    assert!(html.contains("href=\"/brands/1a3f8c-ffffff.css\""), "{html}");
    let sheet = app.shop.platform.with_key("").get("/brands/1a3f8c-ffffff.css").await;
    assert_eq!((sheet.status, sheet.header("content-type")), (200, "text/css; charset=utf-8"));
    assert!(sheet.text.contains("--brand: #1a3f8c"), "{}", sheet.text);
    for unreadable in ["ffd400-000000", "1a3f8c", "1a3f8c-ffffff-", "..%2f..%2fetc", "1a3f8c-%23fffff"] {
        app.shop.platform.get(&format!("/brands/{unreadable}.css")).await.problem(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_logo_is_looked_at_kept_and_shown() {
    let app = TestApp::start().await;
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    for (file, said) in [(svg, "PNG, JPEG or WebP"), (plain()[..80].to_vec(), "damaged")] {
        let refused = send_logo(&app, file).await.problem(422, "invalid_field");
        assert!(text(&refused["detail"]).contains(said), "{refused}");
    }
    // what is no matter how it is packed too much for a page is refused with the way to make it fit
    let heavy = send_logo(&app, noise(64)).await.problem(422, "invalid_field");
    for said in ["at most 8192", "Scale it down"] {
        assert!(text(&heavy["detail"]).contains(said), "{heavy}");
    }
    let too_large = send_logo(&app, vec![0; 600 * 1024]).await;
    too_large.problem(413, "body_too_large");
    assert_eq!(too_large.header("connection"), "close", "nobody sends anything after what was not read");
    let laden = [plain(), b"<script>alert(1)</script>".to_vec()].concat();
    let brand = send_logo(&app, laden).await.json(200);
    let path = format!("/brands/{}.png", text(&brand["logo"]));
    let html = page(&app, "ana", "en").await;
    assert!(html.contains(&format!("<img class=\"logo\" src=\"{path}\" alt=\"\">")), "{html}");

    let shown = app.shop.platform.with_key("").get(&path).await;
    assert_eq!((shown.status, shown.header("content-type")), (200, "image/png"));
    assert_eq!(shown.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(shown.header("x-content-type-options"), "nosniff");
    assert!(shown.header("content-security-policy").starts_with("default-src 'none'"));
    assert!(!shown.text.contains("<script>"), "nothing but pixels");
    app.shop.platform.get(&format!("/brands/{}.png", "0".repeat(64))).await.problem(404, "not_found");

    let removed = Answer::of(app.shop.platform.request("DELETE", "/brand/logo")).await;
    assert_eq!(removed.status, 204);
    assert!(!page(&app, "bob", "en").await.contains("class=\"logo\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn words_are_said_in_the_readers_language_where_there_are_any() {
    let app = TestApp::start().await;
    let german = json!({ "policy_statement": "Wir rufen Sie nie an.", "support_phone": "+49 30 7654321" });
    put(&app, "/brand/texts/de-DE", &german).await.json(200);
    put(&app, "/brand/texts/sv", &german).await.problem(422, "invalid_field");
    let harmful = json!({ "support_url": "javascript:alert(1)" });
    let refused = put(&app, "/brand/texts/de", &harmful).await.problem(422, "invalid_field");
    assert_eq!(refused["pointer"], "/support_url");

    let html = page(&app, "ana", "de").await;
    assert!(html.contains("Wir rufen Sie nie an.") && html.contains("+49 30 7654321"), "{html}");
    assert!(html.contains("https://shop.example/help"), "what has no German words falls back");
    let english = page(&app, "bob", "en").await;
    assert!(!english.contains("Wir rufen") && english.contains("+49 30 1234567"), "{english}");
    let removed = Answer::of(app.shop.platform.request("DELETE", "/brand/texts/de")).await;
    assert_eq!(removed.status, 204);
    assert!(!page(&app, "joe", "de").await.contains("Wir rufen"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_organisation_is_made_with_words_or_ways_that_people_in_danger_must_not_see() {
    let app = TestApp::start().await;
    let good = Org {
        org_id: String::new(),
        name: "Another Shop".to_owned(),
        policy_statement: "We never call.".to_owned(),
        support_url: Some("https://another.example/help".to_owned()),
        support_phone: Some("+44 20 7946 0123".to_owned()),
        support_email: Some("help@another.example".to_owned()),
        return_urls: Vec::new(),
    };
    let some = |text: &str| Some(text.to_owned());
    let wrong = [
        ("/policy_statement", Org { policy_statement: "We never call.\nWrite!".to_owned(), ..good.clone() }),
        ("/policy_statement", Org { policy_statement: "x".repeat(1001), ..good.clone() }),
        ("/support_url", Org { support_url: some("javascript:alert(1)"), ..good.clone() }),
        ("/support_url", Org { support_url: some("https://shop@evil.example"), ..good.clone() }),
        ("/support_phone", Org { support_phone: some("call me"), ..good.clone() }),
        ("/support_email", Org { support_email: some("nobody"), ..good.clone() }),
    ];
    for (pointer, org) in wrong {
        let error = app.app.engine.create_org(org, &operator()).await.unwrap_err();
        let named = matches!(&error, ProvisioningError::Field(field) if field.pointer == pointer);
        assert!(named, "{pointer}: {error}");
    }
    assert_eq!(app.app.engine.orgs().await.unwrap().len(), 1, "nothing was made");
    app.app.engine.create_org(good, &operator()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_brand_belongs_to_one_organisation_and_every_change_is_in_its_log() {
    let app = TestApp::start().await;
    let other = app.organisation("Another Shop").await.platform;
    put(&app, "/brand", &json!({ "accent": "#1a3f8c", "on_accent": "#ffffff" })).await.json(200);
    send_logo(&app, plain()).await.json(200);
    put(&app, "/brand/texts/fr", &json!({ "policy_statement": "Jamais." })).await.json(200);
    assert_eq!(
        other.get("/brand").await.json(200),
        json!({ "default_language": "en", "colours": null, "logo": null, "texts": {} })
    );
    let reader = app.shop.platform.with_key(&app.key(&[KeyScope::BrandRead]).await);
    reader.get("/brand").await.json(200);
    Answer::of(reader.request("DELETE", "/brand/logo")).await.problem(403, "missing_scope");

    let entries = app.shop.platform.get("/audit/entries?limit=50").await.json(200);
    let changes: Vec<&Value> = entries["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["action"] == "org.changed")
        .map(|entry| &entry["metadata"]["brand"])
        .collect();
    assert_eq!(changes.len(), 3, "{changes:?}");
    for part in ["look", "logo", "texts"] {
        assert!(changes.iter().any(|change| **change == json!(part)), "{part}: {changes:?}");
    }
}
