//! Pins: a source stays with one version of its connector, an installed one or the one that is part of the program,
//! whatever becomes live.

use ase_tests::harness::client::text;
use ase_tests::harness::guest::{self, ORDINARY, OTHER};
use ase_tests::harness::operator::{ACME_SECRET, Operator, deliver, delivery, kept, pinned, readers, runs};
use ase_tests::harness::until::until;
use ase_tests::harness::{Answer, Platform, Source, TestApp, events, sign};
use serde_json::{Value, json};

/// The entries of an organisation about its sources, oldest first.
async fn told(platform: &Platform) -> Vec<Value> {
    let answer = platform.get("/audit/entries?limit=200").await.json(200);
    let all = answer["entries"].as_array().unwrap().iter().rev();
    all.filter(|entry| entry["action"] == "source.changed").cloned().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_source_stays_with_its_version() {
    let app = TestApp::start().await;
    let operator = Operator::of(&app).await;
    let source = app.source("acme", json!({}), ACME_SECRET).await;
    let other = app.source("acme", json!({}), ACME_SECRET).await;
    let first = operator.install("1.0.0", ORDINARY, "").await;
    runs(&app.app, &first).await;
    let named = operator.pin(&source.id, &first[..15]).await.json(200);
    assert_eq!(
        named,
        json!({ "source_id": source.id, "connector": "acme", "connector_digest": first }),
        "the whole digest is told"
    );
    pinned(&app.app, &source, Some(&first)).await;
    let (second, third) =
        (operator.install("2.0.0", OTHER, "").await, operator.install("3.0.0", ORDINARY, "").await);
    runs(&app.app, &third).await;
    for source in [&source, &other] {
        deliver(&app, &app.url, source, 1).await.json(200);
    }
    assert_eq!(readers(&app, &source).await, [&*first]);
    assert_eq!(readers(&app, &other).await, [&*third]);

    // the node let go of what nothing used, and fetches it once more
    operator.step("retire", &json!({ "digest": first })).await.problem(422, "invalid");
    operator.step("retire", &json!({ "digest": second })).await.problem(422, "invalid");
    operator.pin(&other.id, &second).await.json(200);
    pinned(&app.app, &other, Some(&second)).await;
    deliver(&app, &app.url, &other, 2).await.json(200);
    assert_eq!(readers(&app, &other).await, [&*third, &*second]);
    let shown = operator.platform.get("/connectors/acme").await.json(200);
    let pins: Vec<_> = shown["installed"]["pins"].as_array().unwrap().iter().collect();
    assert_eq!(pins.len(), 2, "{shown}");
    assert!(pins.iter().any(|pin| pin["source_id"] == json!(other.id)
        && pin["connector_digest"] == json!(second)
        && pin["org_id"] == json!(app.shop.org_id)));

    let free = operator.unpin(&source.id).await.json(200);
    assert_eq!(free["connector_digest"], Value::Null, "{free}");
    pinned(&app.app, &source, None).await;
    deliver(&app, &app.url, &source, 2).await.json(200);
    assert_eq!(readers(&app, &source).await, [&*first, &*third]);
    operator.step("retire", &json!({ "digest": first })).await.json(200);

    let entries = told(&app.shop.platform).await;
    let noted: Vec<_> = entries.iter().map(|entry| &entry["metadata"]["connector_digest"]).collect();
    assert_eq!(noted, [&json!(first), &json!(second), &Value::Null]);
    for entry in entries {
        assert!(text(&entry["actor"]["id"]).starts_with("key_"), "{entry}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_no_version_or_key_allows_changes_nothing() {
    let app = TestApp::start().await;
    let operator = Operator::of(&app).await;
    let source = app.source("acme", json!({}), ACME_SECRET).await;
    let digest = operator.install("1.0.0", ORDINARY, "").await;
    operator.install("2.0.0", OTHER, "").await;
    operator.install("3.0.0", OTHER, "").await;
    operator.step("retire", &json!({ "digest": digest })).await.json(200);

    for (named, said) in [
        (&*digest, "one that was retired must be installed again"),
        ("sha256:0000000000", "no installed version of `acme`"),
        ("sha256:00", "at least 6 digits"),
    ] {
        let answer = operator.pin(&source.id, named).await.problem(422, "invalid");
        assert!(text(&answer["detail"]).contains(said), "{named}: {answer}");
    }
    let path = format!("/sources/{}/pin", source.id);
    let misspelt = operator.platform.request("PUT", &path).json(&json!({ "version": digest }));
    assert_eq!(Answer::of(misspelt).await.problem(422, "invalid_field")["pointer"], "/version");
    operator.pin("src_missing", &digest).await.problem(404, "not_found");
    operator.unpin("src_missing").await.problem(404, "not_found");
    operator.platform.get("/sources/src_missing/pin").await.problem(404, "not_found");

    // the keys of organisations do not reach so far, not even for their own sources
    let tenant = Operator { platform: app.shop.platform.clone() };
    tenant.pin(&source.id, &digest).await.problem(403, "missing_scope");
    tenant.unpin(&source.id).await.problem(403, "missing_scope");
    tenant.platform.get(&path).await.problem(403, "missing_scope");

    let pin = operator.platform.get(&path).await.json(200);
    assert_eq!(pin["connector_digest"], Value::Null, "{pin}");
    assert!(told(&app.shop.platform).await.is_empty());
}

async fn login(app: &TestApp, url: &str, source: &Source, id: &str) -> Answer {
    let body = events::quiet_login(id, "ana").to_string().into_bytes();
    let headers = sign::standard_webhooks(ACME_SECRET, id, sign::now(), &body);
    let path = source.url.strip_prefix(&app.url).unwrap();
    app.shop.platform.webhook(&format!("{url}{path}"), &headers, &body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_source_stays_with_what_is_part_of_the_program() {
    let app = TestApp::start().await;
    let operator = Operator::of(&app).await;
    // the pin is the operator's, the entry stands in the log of whoever's source it is
    let stranger = app.organisation("Another Shop").await;
    let source = app.source_of(&stranger, "generic", json!({}), ACME_SECRET).await;
    let own = text(&operator.sees("generic").await.unwrap()["built_in"]["digest"]);
    let pin = operator.pin(&source.id, own.trim_start_matches("sha256:").get(..12).unwrap()).await.json(200);
    assert_eq!(pin["connector_digest"], json!(own), "{pin}");
    let entries = told(&stranger.platform).await;
    assert_eq!(entries[0]["metadata"]["connector_digest"], json!(own), "{entries:?}");
    assert!(told(&app.shop.platform).await.is_empty());
    // whatever the next program brings along
    let kept = format!("select count(*) from connector_versions where digest = '{own}'");
    assert_eq!(app.database.count(&kept).await, 1);

    let installed = operator.send(&guest::false_generic(), "").await.json(201);
    let node = app.node().await;
    for (app, operator) in [(&app.app, operator.clone()), (&node.app, operator.at(&node.url))] {
        pinned(app, &source, Some(&own)).await;
        until("the installed version", || async {
            let seen = operator.sees("generic").await?;
            (seen["digest"] == installed["digest"]).then_some(())
        })
        .await;
    }
    login(&app, &app.url, &source, "evt-1").await.json(200);
    login(&app, &node.url, &source, "evt-2").await.json(200);
    let read = format!("select count(*) from deliveries where connector_digest = '{own}'");
    assert_eq!(app.database.count(&read).await, 2, "on every node");

    operator.unpin(&source.id).await.json(200);
    pinned(&app.app, &source, None).await;
    login(&app, &app.url, &source, "evt-3").await.problem(401, "unauthenticated_delivery");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_id_of_a_delivery_is_where_the_version_says_that_reads_it() {
    let app = TestApp::start().await;
    let operator = Operator::of(&app).await;
    let source = app.source("acme", json!({}), ACME_SECRET).await;
    let broken = app.source("acme", json!({ "normalize": "panic" }), ACME_SECRET).await;
    let component = |version: &str, event_type: &str, header: &str| {
        let named = format!("\n[headers]\ndelivery_id = \"{header}\"\n");
        guest::rogue_with("acme", version, event_type, &named)
    };
    let old = operator.send(&component("1.0.0", ORDINARY, "x-old-id"), "").await.json(201);
    for source in [&source, &broken] {
        operator.pin(&source.id, &text(&old["digest"])).await.json(200);
        pinned(&app.app, source, Some(&text(&old["digest"]))).await;
    }
    let new = operator.send(&component("2.0.0", OTHER, "x-new-id"), "").await.json(201);
    runs(&app.app, &text(&new["digest"])).await;
    let send = async |source: &Source, number: u32| {
        let request = delivery(&app, &app.url, source, number);
        Answer::of(request.header("x-old-id", "old").header("x-new-id", "new")).await
    };
    send(&source, 1).await.json(200);
    assert_eq!(send(&broken, 2).await.json(202)["status"], "deferred");
    operator.unpin(&source.id).await.json(200);
    pinned(&app.app, &source, None).await;
    send(&source, 3).await.json(200);
    let ids = async |source: &Source| {
        let all = kept(&app, source).await;
        all.iter().map(|delivery| text(&delivery["provider_id"])).collect::<Vec<_>>()
    };
    assert_eq!(ids(&source).await, ["old", "new"]);
    assert_eq!(ids(&broken).await, ["old"]);
}
