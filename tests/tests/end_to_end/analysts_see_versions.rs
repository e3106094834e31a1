//! The page of the connectors: which versions read, what shadows make of one's own deliveries, and one's own pins.

use ase_tests::harness::app::{Tenant, operator};
use ase_tests::harness::client::text;
use ase_tests::harness::guest::{ORDINARY, OTHER};
use ase_tests::harness::operator::{ACME_SECRET, Operator, deliver, kept};
use ase_tests::harness::until::until;
use ase_tests::harness::{Page, Person, TestApp};
use secrecy::SecretString;
use serde_json::json;

const PASSWORD: &str = "correct horse battery staple";

/// Signs an analyst of the organisation in and opens the page.
async fn page_of(app: &TestApp, tenant: &Tenant, name: &str) -> Page {
    let email = format!("{name}@shop.example");
    let password = SecretString::from(PASSWORD);
    app.app.engine.create_user(&tenant.org_id, &email, "analyst", password, &operator()).await.unwrap();
    let person = Person::new();
    let gate = person.open(&format!("{}/dashboard", app.url)).await.showing(200, "Sign in");
    person.submit(&gate, "/dashboard/sign-in", &[("email", &email), ("password", PASSWORD)]).await;
    person.open(&format!("{}/dashboard/connectors", app.url)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_page_shows_what_is_the_organisations_own() {
    let app = TestApp::start().await;
    let stranger = app.organisation("Another Shop").await;
    let page = page_of(&app, &stranger, "ana").await.showing(200, "Installed versions");
    let page = page.showing(200, "ase connector install");
    assert!(!page.html.contains("Shadow beside live"), "nothing is installed");

    let operator = Operator::of(&app).await;
    let source = app.source("acme", json!({}), ACME_SECRET).await;
    let quiet = app.source("acme", json!({}), ACME_SECRET).await;
    let first = operator.install("1.0.0", ORDINARY, "").await;
    let shadow = operator.install("2.0.0", OTHER, "?shadow=true").await;
    operator.install("3.0.0", OTHER, "?canary=7").await;
    operator.pin(&quiet.id, &first).await.json(200);
    until("the shadow", || async {
        let seen = operator.sees("acme").await?;
        seen["channel"]["held"].as_array().unwrap().contains(&json!(shadow)).then_some(())
    })
    .await;
    deliver(&app, &app.url, &source, 1).await.json(200);
    until("the comparison", || async {
        let shown = operator.platform.get("/connectors/acme/comparison").await.json(200);
        (shown["comparisons"].as_array().unwrap().len() == 1).then_some(())
    })
    .await;

    let delivery = text(&kept(&app, &source).await[0]["delivery_id"]);
    let own = page_of(&app, &app.shop, "bob").await;
    for shown in [
        "Shadow beside live",
        "<code>/events/0/type</code>",
        &format!("href=\"/dashboard/deliveries/{delivery}\""),
        "Canary, 7 %",
        "Pinned sources",
        &quiet.id,
        "by <bdi class=\"mono\">key_",
        &first["sha256:".len()..][..12],
    ] {
        assert!(own.html.contains(shown), "{shown}: {}", own.html);
    }
    assert!(!own.html.contains(&source.id), "it follows what is live");

    let page = page_of(&app, &stranger, "eve").await;
    assert!(page.html.contains("Canary, 7 %"), "versions are everybody's");
    for foreign in ["Shadow beside live", "Pinned sources", &quiet.id, &delivery] {
        assert!(!page.html.contains(foreign), "{foreign}: {}", page.html);
    }
}
