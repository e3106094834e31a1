//! Connectors that are installed once and run everywhere: versions side by side, a share for the new one, one step back,
//! and an entry in the log for each.

use ase_host::connectors::{new_key, sign as seal};
use ase_tests::harness::client::text;
use ase_tests::harness::guest::{self, ORDINARY, OTHER};
use ase_tests::harness::operator::{ACME_SECRET, Operator, deliver, readers, runs};
use ase_tests::harness::until::until;
use ase_tests::harness::{Platform, Setup, TestApp};
use serde_json::{Value, json};
use sqlx::Executor as _;

/// The live version of a node.
fn live(app: &ase_host::App) -> Option<String> {
    let status = app.connectors.list().into_iter().find(|status| status.id == "acme");
    status.and_then(|status| status.digest)
}

/// The entries of an organisation about connectors, oldest first.
async fn told(platform: &Platform) -> Vec<Value> {
    let answer = platform.get("/audit/entries?limit=200").await.json(200);
    let all = answer["entries"].as_array().unwrap().iter().rev();
    all.filter(|entry| text(&entry["action"]).starts_with("connector.")).cloned().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_version_reads_on_every_node_and_goes_back_in_one_step() {
    let app = TestApp::start().await;
    let node = app.node().await;
    let operator = Operator::of(&app).await;
    let source = app.source("acme", json!({}), ACME_SECRET).await;
    deliver(&app, &node.url, &source, 1).await.problem(404, "not_found");

    let first = operator.install("1.0.0", ORDINARY, "").await;
    let other = operator.at(&node.url);
    until("the version on the other node", || async {
        let seen = other.sees("acme").await?;
        (seen["digest"] == json!(first)).then_some(())
    })
    .await;
    assert_eq!(operator.sees("acme").await.unwrap()["digest"], json!(first), "whoever asks here has it here");
    assert_eq!(deliver(&app, &app.url, &source, 1).await.json(200)["status"], "accepted");
    assert_eq!(deliver(&app, &node.url, &source, 2).await.json(200)["status"], "accepted");

    let second = operator.install("2.0.0", OTHER, "").await;
    assert_ne!(first, second);
    runs(&app.app, &second).await;
    runs(&node.app, &second).await;
    deliver(&app, &node.url, &source, 3).await.json(200);

    let back = operator.step("rollback", &json!({})).await.json(200);
    assert_eq!((&back["taken_back"], &back["channel"]["live"]), (&json!("live"), &json!(first)));
    runs(&app.app, &first).await;
    runs(&node.app, &first).await;
    deliver(&app, &node.url, &source, 4).await.json(200);
    assert_eq!(readers(&app, &source).await, [&*first, &*first, &*second, &*first]);

    let entries = told(&app.shop.platform).await;
    let actions: Vec<String> = entries.iter().map(|entry| text(&entry["action"])).collect();
    assert_eq!(actions, ["connector.installed", "connector.installed", "connector.rolled_back"]);
    assert_eq!(entries[1]["metadata"]["connector_digest"], json!(second), "{}", entries[1]);
    assert!(text(&entries[2]["actor"]["id"]).starts_with("key_"), "{}", entries[2]);
    let history = operator.platform.get("/connectors/acme").await.json(200);
    assert_eq!(history["installed"]["changes"].as_array().unwrap().len(), 3, "{history}");
    assert_eq!(history["installed"]["versions"].as_array().unwrap().len(), 2, "{history}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_canary_reads_its_share_and_the_same_body_meets_the_same_version() {
    let app = TestApp::start().await;
    let node = app.node().await;
    let operator = Operator::of(&app).await;
    let source = app.source("acme", json!({}), ACME_SECRET).await;
    let live = operator.install("1.0.0", ORDINARY, "").await;
    let canary = operator.install("2.0.0", ORDINARY, "?canary=50").await;
    let status = operator.platform.get("/connectors/acme").await.json(200);
    assert_eq!(status["installed"]["channel"]["canary"], json!({ "digest": canary, "percent": 50 }));
    for app in [&app.app, &node.app] {
        until("the canary", || async {
            let status = app.connectors.list().into_iter().find(|status| status.id == "acme")?;
            status.channel?.held.contains(&canary).then_some(())
        })
        .await;
    }
    for number in 0..40 {
        deliver(&app, &app.url, &source, number).await.json(200);
    }
    let first = readers(&app, &source).await;
    let share = first.iter().filter(|digest| **digest == canary).count();
    assert!((5..=35).contains(&share), "{share} of 40 were read by the canary");
    assert!(first.iter().all(|digest| *digest == canary || *digest == live));
    for number in 0..40 {
        let again = deliver(&app, &node.url, &source, number).await.json(200);
        assert_eq!(again["duplicate"], true, "{again}");
    }
    assert_eq!(readers(&app, &source).await, first, "the other node reads each with the same version");

    let back = operator.step("rollback", &json!({})).await.json(200);
    assert_eq!((&back["taken_back"], &back["channel"]["live"]), (&json!("canary"), &json!(live)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_is_broken_or_not_allowed_changes_nothing() {
    let app = TestApp::start().await;
    let operator = Operator::of(&app).await;
    let first = operator.install("1.0.0", ORDINARY, "").await;
    let good = guest::rogue("acme", "2.0.0", ORDINARY);

    let broken = operator.send(&good[..good.len() / 2], "").await.problem(422, "connector_refused");
    assert!(text(&broken["detail"]).contains("is not a whole component"), "{broken}");
    operator.send(&good, "?canary=100").await.problem(422, "invalid");
    operator.send(&good, "?canary=5&shadow=true").await.problem(422, "invalid");
    operator.step("rollback", &json!({})).await.problem(422, "invalid");
    operator.step("promote", &json!({})).await.problem(422, "invalid");
    operator.step("promote", &json!({ "digest": "sha256:0000000000" })).await.problem(404, "not_found");
    operator.step("explode", &json!({})).await.problem(404, "not_found");

    // the keys of organisations do not reach so far, whatever they may do at home
    let tenant = Operator { platform: app.shop.platform.clone() };
    tenant.send(&good, "").await.problem(403, "missing_scope");
    tenant.platform.get("/connectors").await.problem(403, "missing_scope");
    tenant.step("rollback", &json!({})).await.problem(403, "missing_scope");

    let status = operator.platform.get("/connectors/acme").await.json(200);
    assert_eq!(status["installed"]["channel"]["live"], json!(first), "{status}");
    assert_eq!(app.database.count("select count(*) from connector_versions").await, 1);
    assert_eq!(app.database.count("select count(*) from connector_changes").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_node_keeps_the_last_good_version_of_what_was_tampered_with() {
    let app = TestApp::start().await;
    let operator = Operator::of(&app).await;
    let first = operator.install("1.0.0", ORDINARY, "").await;
    runs(&app.app, &first).await;
    let second = operator.install("2.0.0", OTHER, "").await;
    runs(&app.app, &second).await;
    // somebody with the owner's rights writes another component under a digest
    let third = format!("sha256:{}", "0".repeat(64));
    app.database
        .run(&format!(
            "insert into connector_versions (connector_id, digest, version, manifest, component, installed_by)
                select connector_id, '{third}', '3.0.0', manifest, component, 'somebody' from connector_versions
                where digest = '{second}';
            update connector_channels set live_digest = '{third}'"
        ))
        .await;
    let reason = until("the refusal", || async {
        let status = app.app.connectors.list().into_iter().find(|status| status.id == "acme")?;
        assert_eq!(status.digest.as_deref(), Some(&*second), "the last good one stays");
        status.last_error
    })
    .await;
    assert!(reason.contains("not what its digest says"), "{reason}");
    // a node that starts now goes back to what was live before
    let node = app.node().await;
    let before = live(&node.app);
    assert_eq!(before.as_deref(), Some(&*first), "a fresh node has the version before");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_shadow_is_compared_and_changes_no_answer() {
    let app = TestApp::start().await;
    let operator = Operator::of(&app).await;
    let source = app.source("acme", json!({}), ACME_SECRET).await;
    let live = operator.install("1.0.0", ORDINARY, "").await;
    let before = deliver(&app, &app.url, &source, 1).await.json(200);

    // one that reads alike, then one that reads otherwise
    let alike = operator.install("1.0.1", ORDINARY, "?shadow=true").await;
    let held = |digest: String| {
        let connectors = &app.app.connectors;
        async move {
            until("the shadow", || async {
                let status = connectors.list().into_iter().find(|status| status.id == "acme")?;
                status.channel?.held.contains(&digest).then_some(())
            })
            .await;
        }
    };
    held(alike.clone()).await;
    deliver(&app, &app.url, &source, 2).await.json(200);
    let otherwise = operator.install("2.0.0", OTHER, "?shadow=true").await;
    held(otherwise.clone()).await;
    let with = deliver(&app, &app.url, &source, 3).await.json(200);
    assert_eq!(with["decisions"][0]["outcome"], before["decisions"][0]["outcome"], "{with}");
    let changed = "select count(*) from events where event_type = 'order.changed'";

    let shown = until("both comparisons", || async {
        let shown = operator.platform.get("/connectors/acme/comparison").await.json(200);
        (shown["comparisons"].as_array().unwrap().len() == 2).then_some(shown)
    })
    .await;
    let of = |digest: &str| {
        let all = shown["comparisons"].as_array().unwrap();
        let pair = all.iter().find(|pair| pair["shadow_digest"] == digest).unwrap();
        assert_eq!(pair["live_digest"], json!(live));
        json!([pair["same"], pair["different"], pair["failed"]])
    };
    assert_eq!((of(&alike), of(&otherwise)), (json!([1, 0, 0]), json!([0, 1, 0])));
    let examples = shown["differences"].as_array().unwrap();
    assert_eq!(examples.len(), 1, "{shown}");
    assert_eq!(examples[0]["pointers"], json!(["/events/0/type"]));
    assert_eq!(app.database.count(changed).await, 0, "what a shadow reads is not screened");
    assert_eq!(readers(&app, &source).await, [&*live, &*live, &*live]);
    assert_eq!(app.database.count("select count(*) from events").await, 3);

    operator.step("promote", &json!({})).await.json(200);
    runs(&app.app, &otherwise).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn only_signed_versions_are_taken_where_a_signature_is_required() {
    let ((secret, public), (stranger, _)) = (new_key(), new_key());
    let dir = tempfile::tempdir().unwrap();
    let bare = guest::rogue("acme", "1.0.0", ORDINARY);
    guest::install(dir.path(), "acme.wasm", &bare);
    let setup = Setup {
        trusted_keys: vec![public.clone()],
        connectors_dir: Some(dir.path().to_owned()),
        ..Setup::default()
    };
    let app = TestApp::start_with(setup).await;
    let operator = Operator::of(&app).await;
    let status = app.app.connectors.list().into_iter().find(|status| status.id == "acme").unwrap();
    assert!(status.last_error.unwrap().contains("carries no signature"), "a file needs one, too");
    assert!(app.app.connectors.contains("generic"), "what is part of the program needs none");

    let unsigned = operator.send(&bare, "").await.problem(422, "connector_refused");
    assert!(text(&unsigned["detail"]).contains("ase connector sign"), "{unsigned}");
    let foreign = seal(&bare, &stranger).unwrap().0;
    let foreign = operator.send(&foreign, "").await.problem(422, "connector_refused");
    assert!(text(&foreign["detail"]).contains("connectors.trusted_keys"), "{foreign}");
    let (signed, by) = seal(&bare, &secret).unwrap();
    assert_eq!(by, public);
    let mut changed = signed.clone();
    changed[100] ^= 1;
    operator.send(&changed, "").await.problem(422, "connector_refused");
    assert_eq!(app.database.count("select count(*) from connector_versions").await, 0);

    let installed = operator.send(&signed, "").await.json(201);
    runs(&app.app, &text(&installed["digest"])).await;
    let shown = operator.platform.get("/connectors/acme").await.json(200);
    assert_eq!(shown["installed"]["versions"][0]["signed_by"], json!(public), "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_install_may_take_longer_than_other_requests() {
    let app = TestApp::start_with(Setup { request_seconds: Some(1), ..Setup::default() }).await;
    let operator = Operator::of(&app).await;
    let mut owner = app.database.owner().await;
    owner.execute("begin; lock table connector_versions in access exclusive mode").await.unwrap();
    let (component, sent) = (guest::rogue("acme", "1.0.0", ORDINARY), operator.clone());
    let install = tokio::spawn(async move { sent.send(&component, "").await });
    until("the install before the lock", || async {
        let waiting = "select count(*) from pg_locks where not granted and mode = 'RowExclusiveLock'";
        (app.database.count(waiting).await == 1).then_some(())
    })
    .await;
    // whatever began after it is given up before it
    operator.platform.get("/connectors/acme").await.problem(503, "timed_out");
    owner.execute("commit").await.unwrap();
    let installed = install.await.unwrap().json(201);
    runs(&app.app, &text(&installed["digest"])).await;
}
