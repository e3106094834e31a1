//! The inbox, the sources and the connectors on the dashboard: found, looked at, read anew once somebody has seen how
//! much, and by nobody whose role does not allow it.

use std::path::Path;

use ase_tests::harness::app::operator;
use ase_tests::harness::client::text;
use ase_tests::harness::guest::{self, ORDINARY};
use ase_tests::harness::operator::{ACME_SECRET, deliver};
use ase_tests::harness::until::until;
use ase_tests::harness::{Page, Person, Setup, Source, TestApp, events, sign};
use secrecy::SecretString;
use serde_json::json;

const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
const PASSWORD: &str = "correct horse battery staple";

/// Signs somebody with this role in.
async fn signed_in(app: &TestApp, role: &str) -> Person {
    let email = format!("{role}@shop.example");
    let password = SecretString::from(PASSWORD);
    app.app.engine.create_user(&app.shop.org_id, &email, role, password, &operator()).await.unwrap();
    let person = Person::new();
    let gate = person.open(&format!("{}/dashboard", app.url)).await.showing(200, "Sign in");
    person.submit(&gate, "/dashboard/sign-in", &[("email", &email), ("password", PASSWORD)]).await;
    person
}

async fn send(app: &TestApp, source: &Source, id: &str) {
    let body = events::quiet_login(id, "ana").to_string().into_bytes();
    let headers = sign::standard_webhooks(SECRET, id, sign::now(), &body);
    app.shop.platform.webhook(&source.url, &headers, &body).await.json(200);
}

async fn inbox(app: &TestApp, person: &Person, query: &str) -> Page {
    person.open(&format!("{}/dashboard/deliveries{query}", app.url)).await
}

/// The rows of the list.
fn rows(page: &Page) -> usize {
    page.html.matches("<td data-label=\"Delivery\"").count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_inbox_is_filtered_by_source_and_time() {
    let app = TestApp::start().await;
    let (one, other) =
        (app.source("generic", json!({}), SECRET).await, app.source("generic", json!({}), SECRET).await);
    send(&app, &one, "evt-1").await;
    send(&app, &one, "evt-2").await;
    send(&app, &other, "evt-3").await;
    let analyst = signed_in(&app, "analyst").await;
    let all = inbox(&app, &analyst, "").await.showing(200, &one.id);
    assert_eq!(rows(&all), 3);
    assert!(!all.html.contains("Read these anew"), "nothing was chosen");
    let of = |query: String| {
        let (app, analyst) = (&app, &analyst);
        async move { rows(&inbox(app, analyst, &query).await.showing(200, "Deliveries")) }
    };
    assert_eq!(of(format!("?source_id={}", one.id)).await, 2);
    assert_eq!(of(format!("?source_id={}&status=done", other.id)).await, 1);
    assert_eq!(of("?status=failed".to_owned()).await, 0);
    assert_eq!(of("?since=2020-01-01T00:00".to_owned()).await, 3);
    assert_eq!(of("?until=2020-01-01T00:00".to_owned()).await, 0);

    // what was chosen is kept from state to state, and what cannot be read chooses nothing
    let chosen = inbox(&app, &analyst, &format!("?source_id={}&since=2020-01-01T00:00", one.id)).await;
    let tab = format!("/dashboard/deliveries?status=done&amp;source_id={}", one.id);
    assert!(unescaped(&chosen.html).contains(&unescaped(&tab)), "{}", chosen.html);
    assert!(chosen.html.contains("value=\"2020-01-01T00:00:00\""), "{}", chosen.html);
    for (query, said) in
        [("?since=yesterday", "From must be a time"), ("?status=lost", "There is no such state.")]
    {
        let wrong = inbox(&app, &analyst, query).await.showing(200, said);
        assert_eq!(rows(&wrong), 0, "{query}");
        assert!(!wrong.html.contains("Read these anew"), "{query}");
    }
}

fn unescaped(html: &str) -> String {
    html.replace("&amp;", "&").replace("&#x2f;", "/").replace("&#x3d;", "=")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_was_chosen_is_read_anew_once_it_was_seen_how_much() {
    let app = TestApp::start().await;
    let (one, other) =
        (app.source("generic", json!({}), SECRET).await, app.source("generic", json!({}), SECRET).await);
    send(&app, &one, "evt-1").await;
    send(&app, &one, "evt-2").await;
    send(&app, &other, "evt-3").await;
    let analyst = signed_in(&app, "analyst").await;
    let list = inbox(&app, &analyst, &format!("?source_id={}&status=done", one.id)).await;
    list.showing(200, "Read these anew");
    let sure = inbox(&app, &analyst, &format!("/replay?source_id={}&status=done", one.id)).await;
    let sure = sure.showing(200, "2 deliveries").showing(200, &one.id);
    // what comes meanwhile was not seen and is not read anew
    send(&app, &one, "evt-4").await;
    let done = analyst.submit(&sure, "/dashboard/deliveries/replay", &[]).await;
    let done = done.showing(200, "2 deliveries are read anew now.");
    assert!(done.url.query().unwrap().contains(&one.id), "{}", done.url);
    let replayed = "select count(*) from audit_entries where action = 'delivery.replayed'";
    until("both", || async { (app.database.count(replayed).await == 2).then_some(()) }).await;
    let chosen = app.shop.platform.get("/audit/entries?limit=200").await.json(200);
    let chosen = chosen["entries"].as_array().unwrap().iter();
    let chosen: Vec<_> = chosen.filter(|entry| entry["action"] == "deliveries.chosen").collect();
    assert_eq!(chosen.len(), 1);
    assert_eq!(chosen[0]["actor"]["type"], "analyst", "{}", chosen[0]);
    let noted = &chosen[0]["metadata"];
    assert_eq!((&noted["deliveries"], &noted["source_id"]), (&json!(2), &json!(one.id)), "{noted}");
    assert_eq!(app.database.count("select count(*) from events").await, 4, "nothing is screened twice");

    // who chose nothing did not mean everything, whether by link or by form
    let nothing = inbox(&app, &analyst, "/replay").await.showing(200, "Deliveries");
    assert_eq!(nothing.url.path(), "/dashboard/deliveries");
    let own = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin")];
    let token = sure.form("/dashboard/deliveries/replay").fields["form_token"].clone();
    let url = format!("{}/dashboard/deliveries/replay", app.url);
    for fields in
        [&[("form_token", token.as_str())][..], &[("form_token", token.as_str()), ("since", "yesterday")]]
    {
        assert_eq!(analyst.send(&url, fields, &own).await.status, 403, "{fields:?}");
    }
    let foreign = analyst.send(&url, &[("form_token", "x"), ("status", "done")], &own).await;
    assert_eq!(foreign.status, 403);

    let auditor = signed_in(&app, "auditor").await;
    let list = inbox(&app, &auditor, "?status=done").await.showing(200, "Deliveries");
    assert!(!list.html.contains("Read these anew"), "auditors look");
    assert_eq!(inbox(&app, &auditor, "/replay?status=done").await.status, 403);
    let token = list.form("/dashboard/sign-out").fields["form_token"].clone();
    let fields = [("form_token", token.as_str()), ("status", "done")];
    assert_eq!(auditor.send(&url, &fields, &own).await.status, 403);
    assert_eq!(app.database.count(replayed).await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_was_sent_is_behind_a_click_and_the_log_says_who_looked() {
    let app = TestApp::start().await;
    let source = app.source("generic", json!({}), SECRET).await;
    send(&app, &source, "evt-1").await;
    let listed = app.shop.platform.get("/deliveries").await.json(200);
    let path = format!("/dashboard/deliveries/{}", text(&listed["deliveries"][0]["delivery_id"]));
    let analyst = signed_in(&app, "analyst").await;
    let page = analyst.open(&format!("{}{path}", app.url)).await.showing(200, "Show the request");
    assert!(!page.html.contains("webhook-signature"), "nobody asked for it yet");
    let looked =
        "select count(*) from audit_entries where action = 'delivery.shown' and actor_type = 'analyst'";
    assert_eq!(app.database.count(looked).await, 0);
    let shown = analyst.submit(&page, &path, &[]).await.showing(200, "webhook-signature");
    assert_eq!(shown.header("cache-control"), "no-store");
    assert!(!shown.html.contains("Show the request") && !shown.html.contains(SECRET));
    assert_eq!(app.database.count(looked).await, 1);

    let developer = signed_in(&app, "developer").await;
    let page = developer.open(&format!("{}{path}", app.url)).await.showing(200, "Facts");
    assert!(!page.has_form(&path), "this role sees no request");
    let token = page.form("/dashboard/sign-out").fields["form_token"].clone();
    let own = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin")];
    let url = format!("{}{path}", app.url);
    assert_eq!(developer.send(&url, &[("form_token", &token)], &own).await.status, 403);
    assert_eq!(analyst.send(&url, &[("form_token", "x")], &own).await.status, 403);
    assert_eq!(app.database.count(looked).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn sources_are_seen_with_their_silence_and_their_secrets() {
    let app = TestApp::start().await;
    let analyst = signed_in(&app, "analyst").await;
    let sources = || async { analyst.open(&format!("{}/dashboard/sources", app.url)).await };
    let empty = sources().await.showing(200, "No sources yet");
    assert!(empty.html.contains("Requests are kept for 35 days"));
    let source = app.source("generic", json!({}), SECRET).await;
    let page = sources().await.showing(200, &source.id).showing(200, "never matched");
    assert!(!page.html.contains("role=\"alert\""));
    send(&app, &source, "evt-1").await;
    let page = sources().await.showing(200, "matched last");
    assert!(!page.html.contains(SECRET), "no secret is shown");

    let engine = &app.app.engine;
    engine.expect_source_within(&app.shop.org_id, &source.id, Some(60), &operator()).await.unwrap();
    app.database.run("update deliveries set received_at = received_at - interval '2 hours'").await;
    engine.silences().await.unwrap();
    let page = sources().await.showing(200, "One source is silent for longer than expected.");
    page.showing(200, "Silent").showing(200, "expected every 60 minutes");
    engine.disable_source(&app.shop.org_id, &source.id, &operator()).await.unwrap();
    sources().await.showing(200, "Disabled");
    let stranger = app.organisation("Another Shop").await;
    let password = SecretString::from(PASSWORD);
    engine.create_user(&stranger.org_id, "eve@shop.example", "owner", password, &operator()).await.unwrap();
    let person = Person::new();
    let gate = person.open(&format!("{}/dashboard", app.url)).await;
    let fields = [("email", "eve@shop.example"), ("password", PASSWORD)];
    person.submit(&gate, "/dashboard/sign-in", &fields).await;
    let foreign = person.open(&format!("{}/dashboard/sources", app.url)).await.showing(200, "No sources yet");
    assert!(!foreign.html.contains(&source.id));
}

async fn with_guests(dir: &Path) -> TestApp {
    guest::install(dir, "acme.wasm", &guest::rogue("acme", "1.0.0", ORDINARY));
    guest::install(dir, "wasi.wasm", guest::wasi());
    let (connectors_dir, grants) = (Some(dir.to_owned()), vec!["wasi=inert-wasi"]);
    TestApp::start_with(Setup { connectors_dir, grants, ..Setup::default() }).await
}

/// The row of a connector.
fn row<'a>(page: &'a Page, id: &str) -> &'a str {
    let named = format!("<span class=\"under mono\">{id}</span>");
    let rows = page.html.split("<tr>");
    rows.into_iter().find(|row| row.contains(&named)).unwrap_or_else(|| panic!("no {id}: {}", page.html))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn quarantines_and_grants_stand_in_the_list_of_connectors() {
    let dir = tempfile::tempdir().unwrap();
    let app = with_guests(dir.path()).await;
    let analyst = signed_in(&app, "analyst").await;
    let list = || async { analyst.open(&format!("{}/dashboard/connectors", app.url)).await };
    let page = list().await.showing(200, "WASI grant");
    let column = |id: &str, label: &str| {
        let row = row(&page, id);
        let (_, cell) = row.split_once(&format!("<td data-label=\"{label}\">")).unwrap();
        cell.split_once("</td>").unwrap().0.to_owned()
    };
    assert_eq!((&*column("wasi", "WASI grant"), &*column("acme", "WASI grant")), ("inert WASI", "none"));
    assert!(column("acme", "State").contains("In use"));

    let source = app.source("acme", json!({ "normalize": "panic" }), ACME_SECRET).await;
    for number in 1..=5 {
        assert_eq!(deliver(&app, &app.url, &source, number).await.json(202)["status"], "deferred");
    }
    // kept deliveries are tried as probes meanwhile, so there may be more failures than the five
    let page = list().await.showing(200, "Quarantined");
    let held = row(&page, "acme");
    for shown in ["Quarantined", "failures (last: trapped)", "Next try", "This server’s view."] {
        assert!(held.contains(shown), "{shown}: {held}");
    }
    assert!(!row(&page, "wasi").contains("Quarantined"));
}
