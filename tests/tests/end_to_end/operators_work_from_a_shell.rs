//! The real `ase` at a shell, against the database of a running server: a release from its installation to the step
//! back, and the deliveries and sources beside it. What was done stands in the audit log as done from there.

use std::path::{Path, PathBuf};

use ase_engine::access::KeyScope;
use ase_tests::harness::client::text;
use ase_tests::harness::guest::{self, ORDINARY, OTHER};
use ase_tests::harness::operator::{ACME_SECRET, deliver, kept, pinned, readers, runs};
use ase_tests::harness::until::until;
use ase_tests::harness::{Answer, Source, TestApp, events, sign};
use serde_json::{Value, json};

const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

/// A version of `acme` in a file.
fn component(dir: &Path, version: &str, event_type: &str) -> PathBuf {
    let file = dir.join(format!("acme-{version}.wasm"));
    std::fs::write(&file, guest::rogue("acme", version, event_type)).unwrap();
    file
}

/// The entries of the log that begin with one of these words, oldest first.
async fn told(app: &TestApp, words: &[&str]) -> Vec<Value> {
    let answer = app.shop.platform.get("/audit/entries?limit=200").await.json(200);
    let all = answer["entries"].as_array().unwrap().iter().rev();
    let about = |entry: &&Value| words.iter().any(|word| text(&entry["action"]).starts_with(word));
    all.filter(about).cloned().collect()
}

/// Waits until the node has a version at hand.
async fn held(app: &TestApp, digest: &str) {
    until("the version on the node", || async {
        let status = app.app.connectors.list().into_iter().find(|status| status.id == "acme")?;
        status.channel?.held.iter().any(|held| held == digest).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_version_goes_live_and_back_from_a_shell() {
    let app = TestApp::start().await;
    let (shell, dir) = (app.shell(), tempfile::tempdir().unwrap());
    let source = app.source("acme", json!({}), ACME_SECRET).await;
    let installed = shell
        .json(&format!("connector install {}", component(dir.path(), "1.0.0", ORDINARY).display()))
        .await;
    let first = text(&installed["digest"]);
    assert_eq!((&installed["connector_id"], &installed["channel"]["live"]), (&json!("acme"), &json!(first)));
    runs(&app.app, &first).await;
    deliver(&app, &app.url, &source, 1).await.json(200);

    let file = component(dir.path(), "2.0.0", OTHER);
    let canary = shell.json(&format!("connector install {} --canary 5", file.display())).await;
    let second = text(&canary["digest"]);
    assert_eq!(canary["channel"]["canary"], json!({ "digest": second, "percent": 5 }));
    let wider = shell.json("connector canary acme 60").await;
    assert_eq!(wider["channel"]["canary"], json!({ "digest": second, "percent": 60 }), "{wider}");
    let shadow = shell.json(&format!("connector shadow acme {}", &second[7..19])).await;
    assert_eq!((&shadow["channel"]["shadow"], &shadow["channel"]["live"]), (&json!(second), &json!(first)));
    until("the shadow alone", || async {
        let status = app.app.connectors.list().into_iter().find(|status| status.id == "acme")?;
        let channel = status.channel?.channel;
        (channel.shadow.as_ref() == Some(&second) && channel.canary.is_none()).then_some(())
    })
    .await;
    held(&app, &second).await;
    deliver(&app, &app.url, &source, 2).await.json(200);
    let compared = until("the comparison", || async {
        let compared = shell.json("connector compare acme").await;
        (!compared["comparisons"].as_array().unwrap().is_empty()).then_some(compared)
    })
    .await;
    assert_eq!(compared["comparisons"][0]["different"], 1, "{compared}");
    assert!(shell.says("connector compare acme").await.contains("/events/0/type"));
    a_version_is_tried_before_it_is_live(&app, &source, &second).await;

    let live = shell.json("connector promote acme").await;
    assert_eq!((&live["channel"]["live"], &live["channel"]["previous"]), (&json!(second), &json!(first)));
    runs(&app.app, &second).await;
    deliver(&app, &app.url, &source, 3).await.json(200);
    let back = shell.json("connector rollback acme").await;
    assert_eq!((&back["taken_back"], &back["channel"]["live"]), (&json!("live"), &json!(first)));
    runs(&app.app, &first).await;

    a_source_stays_with_it(&app, &source, &second).await;
    assert_eq!(readers(&app, &source).await, [&*first, &*first, &*second, &*second]);
    what_is_installed_is_listed(&app, &first).await;

    let entries = told(&app, &["connector.", "source.changed"]).await;
    let actions: Vec<String> = entries.iter().map(|entry| text(&entry["action"])).collect();
    let (installed, moved) = ("connector.installed", "connector.moved");
    let back = "connector.rolled_back";
    assert_eq!(
        actions,
        [installed, installed, moved, moved, moved, back, "source.changed", "source.changed"],
        "{entries:?}"
    );
    assert!(entries.iter().all(|entry| entry["actor"]["id"] == "cli"), "{entries:?}");
}

/// A source is pinned and let go from a shell; what comes meanwhile is read by that version.
async fn a_source_stays_with_it(app: &TestApp, source: &Source, digest: &str) {
    let shell = app.shell();
    let pin = shell.json(&format!("connector pin {} {digest}", source.id)).await;
    assert_eq!(pin["connector_digest"], json!(digest), "{pin}");
    pinned(&app.app, source, Some(digest)).await;
    deliver(app, &app.url, source, 4).await.json(200);
    shell.json(&format!("connector pin {} --unpin", source.id)).await;
    pinned(&app.app, source, None).await;
}

/// What came is read by a version that reads nothing by itself yet, and nothing comes of it.
async fn a_version_is_tried_before_it_is_live(app: &TestApp, source: &Source, digest: &str) {
    let (shell, platform) = (app.shell(), &app.shop.platform);
    let delivery = text(&kept(app, source).await[0]["delivery_id"]);
    let before = app.database.count("select count(*) from events").await;
    let now = shell.json(&format!("delivery normalize {delivery}")).await;
    let then = shell.json(&format!("delivery normalize {delivery} --digest {}", &digest[7..19])).await;
    assert_eq!((&now["events"][0]["type"], &then["events"][0]["type"]), (&json!(ORDINARY), &json!(OTHER)));
    assert_eq!(then["connector_digest"], json!(digest));
    let path = format!("/deliveries/{delivery}/normalize");
    let tried = platform.post(&format!("{path}?digest={digest}"), &json!({})).await.json(200);
    assert_eq!(tried["events"][0]["type"], json!(OTHER));
    for (named, said) in [("sha256:000000000000", "holds no version of `acme`"), ("00", "at least 6")] {
        let answer =
            platform.post(&format!("{path}?digest={named}"), &json!({})).await.problem(422, "invalid_field");
        assert_eq!(answer["pointer"], "/digest");
        assert!(text(&answer["detail"]).contains(said), "{answer}");
        let refused = shell.refuses(&format!("delivery normalize {delivery} --digest {named}")).await;
        assert!(refused.contains(said), "{refused}");
    }
    let misspelt = platform.post(&format!("{path}?diget={digest}"), &json!({})).await;
    assert_eq!(misspelt.status, 400, "{}", misspelt.text);
    assert_eq!(app.database.count("select count(*) from events").await, before);
}

async fn what_is_installed_is_listed(app: &TestApp, live: &str) {
    let shell = app.shell();
    let versions = shell.says("connector versions acme").await;
    for said in ["1.0.0", "2.0.0", &live[..19]] {
        assert!(versions.contains(said), "{said}: {versions}");
    }
    let server = app.url.strip_prefix("http://").unwrap();
    let listed = shell.json(&format!("connector list --server {server}")).await;
    let acme = listed.as_array().unwrap().iter().find(|status| status["id"] == "acme").unwrap();
    assert_eq!(acme["digest"], json!(live), "{acme}");
    // all servers of this process share their measurements, so another story may hold its own `acme` back
    assert!(acme["quarantined"].is_boolean(), "{acme}");
    let refused = shell.refuses("connector promote acme 000000000000").await;
    assert!(refused.contains("acme") || refused.contains("version"), "{refused}");
}

/// Sends an event to the source for any sender.
async fn send(app: &TestApp, source: &Source, secret: &str, id: &str) -> Answer {
    let body = events::quiet_login(id, "ana").to_string().into_bytes();
    let headers = sign::standard_webhooks(secret, id, sign::now(), &body);
    app.shop.platform.webhook(&source.url, &headers, &body).await
}

/// Waits until so many deliveries were read anew.
async fn read_anew(app: &TestApp, count: i64) {
    let replayed = "select count(*) from audit_entries where action = 'delivery.replayed'";
    until("what is read anew", || async { (app.database.count(replayed).await == count).then_some(()) })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn deliveries_are_found_shown_and_read_anew() {
    let app = TestApp::start().await;
    let (shell, platform) = (app.shell(), &app.shop.platform);
    let source = app.source("generic", json!({}), SECRET).await;
    for id in ["evt-1", "evt-2", "evt-3"] {
        send(&app, &source, SECRET, id).await.json(200);
    }
    let listed = shell.json(&format!("delivery list --source {} --status done --since 1h", source.id)).await;
    assert_eq!(listed.as_array().unwrap().len(), 3, "{listed}");
    assert_eq!(shell.json("delivery list --until 2020-01-01T00:00:00Z").await, json!([]));
    let id = text(&listed[0]["delivery_id"]);
    assert!(shell.says("delivery list").await.contains(&id));

    let shown = shell.json(&format!("delivery show {id}")).await;
    assert_eq!((&shown["request_kept"], shown.get("request")), (&json!(true), None));
    let shown = shell.json(&format!("delivery show {id} --request")).await;
    assert!(text(&shown["request"]["body"]).contains("evt-3"), "{shown}");
    let asked = platform.get(&format!("/deliveries/{id}/request")).await;
    assert_eq!(asked.header("cache-control"), "no-store");
    assert_eq!(asked.json(200), shown["request"], "the shell and the API show the same");
    let lookers: Vec<_> = told(&app, &["delivery.shown"]).await;
    let lookers: Vec<String> = lookers.iter().map(|entry| text(&entry["actor"]["id"])).collect();
    assert!(lookers.len() == 2 && lookers[0] == "cli" && lookers[1].starts_with("key_"), "{lookers:?}");
    let narrow = platform.with_key(&app.key(&[KeyScope::EventsWrite]).await);
    narrow.get(&format!("/deliveries/{id}/request")).await.problem(403, "missing_scope");

    // by source, by time, by status, and all of them by API
    let chosen = |line: String| {
        let shell = shell.clone();
        async move { shell.json(&format!("delivery replay {line}")).await["deliveries"].clone() }
    };
    assert_eq!(chosen(format!("--source {}", source.id)).await, 3);
    read_anew(&app, 3).await;
    assert_eq!(chosen("--since 1h".to_owned()).await, 3);
    read_anew(&app, 6).await;
    assert_eq!(chosen("--status done --until 2100-01-01T00:00:00Z".to_owned()).await, 3);
    read_anew(&app, 9).await;
    let filter = json!({ "source_id": source.id, "status": "done", "since": "2020-01-01T00:00:00Z" });
    assert_eq!(platform.post("/deliveries/replay", &filter).await.json(200)["deliveries"], 3);
    read_anew(&app, 12).await;
    for nothing in ["--status failed", "--source src_missing", "--until 2020-01-01T00:00:00Z"] {
        let refused = shell.refuses(&format!("delivery replay {nothing}")).await;
        assert!(refused.contains("no delivery"), "{nothing}: {refused}");
    }
    let misspelt = json!({ "sourceid": source.id, "status": "done" });
    platform.post("/deliveries/replay", &misspelt).await.problem(422, "invalid_field");
    assert_eq!(app.database.count("select count(*) from events").await, 3, "nothing is screened twice");
    let chose = told(&app, &["deliveries.chosen"]).await;
    assert_eq!(chose.len(), 4);
    assert_eq!(chose[0]["metadata"]["source_id"], json!(source.id), "{}", chose[0]);

    let kept = shell.json("org keep-deliveries --days 7").await;
    assert_eq!(kept["delivery_days"], 7);
    assert_eq!(platform.get("/sources").await.json(200)["delivery_days"], 7);
    app.database.run("update deliveries set received_at = received_at - interval '8 days'").await;
    while app.app.engine.forget_deliveries().await.unwrap() {}
    let gone = shell.refuses(&format!("delivery normalize {id}")).await;
    assert!(gone.contains("kept no longer"), "{gone}");
    platform.get(&format!("/deliveries/{id}/request")).await.problem(410, "request_gone");
}

/// The source as the API shows it.
async fn seen(app: &TestApp) -> Value {
    app.shop.platform.get("/sources").await.json(200)["sources"][0].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_silent_source_is_seen_until_it_speaks() {
    let app = TestApp::start().await;
    let shell = app.shell();
    let source = app.source("generic", json!({}), SECRET).await;
    assert_eq!(seen(&app).await["last_delivery_at"], Value::Null);
    send(&app, &source, SECRET, "evt-1").await.json(200);
    let expected = shell.json(&format!("source expect {} --within 60", source.id)).await;
    assert_eq!(expected["silence_minutes"], 60);
    let spoke = seen(&app).await;
    assert_eq!((&spoke["silence_minutes"], &spoke["silent_since"]), (&json!(60), &Value::Null));
    assert!(spoke["last_delivery_at"].is_string(), "{spoke}");

    // two hours go by
    app.database.run("update deliveries set received_at = received_at - interval '2 hours'").await;
    app.app.engine.silences().await.unwrap();
    let silent = seen(&app).await;
    assert_eq!(silent["silent_since"], silent["last_delivery_at"], "{silent}");
    assert_eq!(shell.json("source list").await[0]["silent_since"], silent["silent_since"]);
    send(&app, &source, SECRET, "evt-2").await.json(200);
    app.app.engine.silences().await.unwrap();
    assert_eq!(seen(&app).await["silent_since"], Value::Null);
    let noted: Vec<String> =
        told(&app, &["source.s"]).await.iter().map(|entry| text(&entry["action"])).collect();
    assert_eq!(noted, ["source.silent", "source.speaks"]);
    let never = shell.json(&format!("source expect {} --within 0", source.id)).await;
    assert_eq!(never["silence_minutes"], Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn secrets_take_turns() {
    let app = TestApp::start().await;
    let (shell, platform) = (app.shell(), &app.shop.platform);
    let source = app.source("generic", json!({}), SECRET).await;
    send(&app, &source, SECRET, "evt-1").await.json(200);
    let made = shell.json(&format!("source rotate {}", source.id)).await;
    let (second, second_id) = (text(&made["secret"]), text(&made["secret_id"]));
    let uses = || async { shell.json(&format!("source secrets {}", source.id)).await };
    let both = uses().await;
    assert_eq!(both.as_array().unwrap().len(), 2, "{both}");
    assert_eq!((&both[0]["secret_id"], &both[0]["not_after"]), (&json!(second_id), &Value::Null));
    assert_eq!(both[0]["last_matched_at"], Value::Null, "nothing came under it yet");
    assert!(both[1]["not_after"].is_string() && both[1]["last_matched_at"].is_string(), "{both}");
    until("the new secret to be known", || async {
        (send(&app, &source, &second, "evt-2").await.status == 200).then_some(())
    })
    .await;
    send(&app, &source, SECRET, "evt-3").await.json(200);
    assert!(uses().await[0]["last_matched_at"].is_string(), "now it proves deliveries");

    let path = format!("/sources/{}/secrets", source.id);
    let given = "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY=";
    let third = platform.post(&path, &json!({ "secret": given })).await;
    assert_eq!(third.header("cache-control"), "no-store");
    let third = third.json(201);
    assert_eq!((&third["secret"], &third["overlap_hours"]), (&Value::Null, &json!(24)), "{third}");
    let listed = platform.get(&path).await;
    assert_eq!(listed.json(200)["secrets"].as_array().unwrap().len(), 3);
    for secret in [SECRET, &*second, given] {
        assert!(!listed.text.contains(secret), "no secret is shown again");
    }
    assert_eq!(seen(&app).await["secrets"], listed.json(200)["secrets"]);

    // the oldest leaked: it ends at once
    let oldest = text(&both[1]["secret_id"]);
    let end = |id: String| Answer::of(platform.request("DELETE", &format!("{path}/{id}")));
    assert_eq!(end(oldest.clone()).await.status, 204);
    until("the old secret to prove nothing", || async {
        (send(&app, &source, SECRET, "evt-3").await.status == 401).then_some(())
    })
    .await;
    end(oldest).await.problem(404, "not_found");
    end(text(&third["secret_id"])).await.problem(422, "invalid");
    let ended = shell.json(&format!("source end-secret {} {second_id}", source.id)).await;
    assert_eq!(ended["ended"], true);
    until("the given secret alone", || async {
        (send(&app, &source, &second, "evt-2").await.status == 401).then_some(())
    })
    .await;
    send(&app, &source, given, "evt-4").await.json(200);

    let oldest = &both[1]["secret_id"];
    what_is_wrong_changes_nothing_and_the_rest_is_noted(&app, &path, oldest).await;
}

/// The source has one secret by now, and was changed four times.
async fn what_is_wrong_changes_nothing_and_the_rest_is_noted(app: &TestApp, path: &str, oldest: &Value) {
    let platform = &app.shop.platform;
    platform.post(path, &json!({ "secret": "" })).await.problem(422, "invalid_field");
    platform.post(path, &json!({ "secrets": "x" })).await.problem(422, "invalid_field");
    let reader = platform.with_key(&app.key(&[KeyScope::DeliveriesRead, KeyScope::DeliveriesWrite]).await);
    reader.post(path, &json!({})).await.problem(403, "missing_scope");
    for number in 0..7 {
        let answer = platform.post(path, &json!({})).await;
        assert_eq!(answer.status, 201, "{number}: {}", answer.text);
    }
    let many = platform.post(path, &json!({})).await.problem(422, "invalid");
    assert!(text(&many["detail"]).contains("at most 8"), "{many}");

    let changed = told(app, &["source.changed"]).await;
    assert_eq!(changed.len(), 11);
    assert_eq!(changed[0]["actor"]["id"], "cli", "{}", changed[0]);
    assert_eq!(changed[2]["metadata"]["secret_ended"], *oldest, "{}", changed[2]);
    assert!(!changed.iter().any(|entry| entry.to_string().contains("whsec_")), "no secret is in the log");
}
