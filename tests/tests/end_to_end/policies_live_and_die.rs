//! A policy version from the first draft to the day it decides, and back.

use ase_engine::access::KeyScope;
use ase_engine::signal::Mode;
use ase_tests::harness::app::operator;
use ase_tests::harness::client::text;
use ase_tests::harness::policies::{asks_everybody, asks_nobody, points};
use ase_tests::harness::until::until;
use ase_tests::harness::{TestApp, events};
use serde_json::{Value, json};

/// A document whose bands fall.
fn mistaken() -> Value {
    let bands = json!({ "delay_from": 50, "hold_from": 40, "block_from": 90 });
    json!({ "name": "default", "thresholds": { "default": bands } })
}

/// How a sign-in that nobody minds is decided.
async fn sign_in(app: &TestApp, id: &str) -> Value {
    app.shop.platform.ingest(&events::quiet_login(id, &format!("subject-of-{id}"))).await.json(201)
}

/// What the log tells of policies, without who and when.
async fn told(app: &TestApp) -> Vec<String> {
    app.shop.platform.policy_log().await.into_iter().map(|(action, _)| action).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_version_is_checked_tried_published_and_taken_back() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let version = platform.add_policy(&asks_everybody()).await.json(201);
    let stands = (&version["version"], &version["status"], &version["live"]);
    assert_eq!(stands, (&json!(2), &json!("checked"), &json!(false)), "{version}");
    assert_eq!(sign_in(&app, "evt-1").await["policy"]["version"], 1, "kept is not published");

    let on_trial = platform.step(&version, "shadow").await.json(200);
    assert_eq!(on_trial["status"], "shadow");
    app.until_on_trial(&version).await;
    let decision = sign_in(&app, "evt-2").await;
    assert_eq!((&decision["outcome"], &decision["policy"]["version"]), (&json!("allow"), &json!(1)));
    let report = until("the candidate's word", || async {
        let report = platform.get("/policies/default/versions/2/shadow-report").await.json(200);
        (report["transitions"] != json!([])).then_some(report)
    })
    .await;
    let expected = json!([{ "live": "allow", "shadow": "delay_verify", "decisions": 1 }]);
    assert_eq!(report["transitions"], expected, "{report}");

    let live = platform.step(&version, "publish").await.json(200);
    assert_eq!((&live["status"], &live["live"]), (&json!("live"), &json!(true)), "{live}");
    app.until_live(&version).await;
    let decision = sign_in(&app, "evt-3").await;
    assert_eq!(
        (&decision["outcome"], &decision["policy"]["digest"]),
        (&json!("delay_verify"), &version["digest"])
    );

    let back = platform.post("/policies/rollback", &json!({})).await.json(200);
    assert_eq!((&back["version"], &back["status"]), (&json!(1), &json!("live")), "{back}");
    app.until_live(&back).await;
    assert_eq!(sign_in(&app, "evt-4").await["outcome"], "allow");
    assert_eq!(platform.version(&version).await["status"], "retired");
    assert_eq!(app.database.count("select count(*) from policies where status = 'live'").await, 1);

    let log = platform.policy_log().await;
    let told: Vec<(&str, i64)> = log
        .iter()
        .map(|(action, entry)| (action.as_str(), entry["metadata"]["version"].as_i64().unwrap()))
        .collect();
    let expected =
        [("policy.added", 2), ("policy.moved", 2), ("policy.published", 2), ("policy.rolled_back", 1)];
    assert_eq!(told, expected);
    let key = &app.app.engine.keys(&app.shop.org_id).await.unwrap()[0];
    assert!(log.iter().all(|(_, entry)| entry["actor"]["id"] == key.key_id), "the log names who did it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_draft_with_a_mistake_is_kept_and_never_decides() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let refused = platform.add_policy(&mistaken()).await.problem(422, "invalid");
    assert!(text(&refused["detail"]).contains("/thresholds/default"), "it names the field: {refused}");
    let drafts = "/policies/default/versions?draft=true";
    let draft = platform.post(drafts, &mistaken()).await.json(201);
    assert_eq!((&draft["version"], &draft["status"]), (&json!(2), &json!("draft")), "{draft}");

    for step in ["publish", "shadow"] {
        let refused = platform.step(&draft, step).await.problem(422, "invalid");
        assert!(text(&refused["detail"]).contains("draft"), "{refused}");
    }
    let refused = platform.step(&draft, "check").await.problem(422, "invalid");
    assert!(text(&refused["detail"]).contains("/thresholds/default"), "it names the field: {refused}");
    platform.step(&draft, "retire").await.json(200);
    // what is put away may come back, and still not with its mistake
    let refused = platform.step(&draft, "publish").await.problem(422, "invalid");
    assert!(text(&refused["detail"]).contains("/thresholds/default"), "it names the field: {refused}");
    platform.step(&draft, "no-such-step").await.problem(404, "not_found");
    assert_eq!(sign_in(&app, "evt-1").await["policy"]["version"], 1);
    assert_eq!(told(&app).await, ["policy.added", "policy.moved"], "what was refused is not told as done");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_draft_decides_as_the_same_document_published_at_once() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    // it names one signal: the others have their defaults, and are not silent
    let document = json!({ "name": "default", "signals": { "NEW_COUNTRY": { "points": 20 } } });
    let draft = platform.post("/policies/default/versions?draft=true", &document).await.json(201);
    platform.step(&draft, "check").await.json(200);
    let live = platform.step(&draft, "publish").await.json(200);
    app.until_live(&live).await;
    let mut event = events::quiet_login("evt-1", "ana");
    event["device"] = json!({ "flags": ["call_active"] });
    let decision = platform.ingest(&event).await.json(201);
    assert_eq!(points(&decision, "REMOTE_OR_CALL_ACTIVE"), 15, "{decision}");
    let at_once = app.publish(&document).await;
    assert_eq!((&live["digest"], &live["document"]), (&at_once["digest"], &at_once["document"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn where_two_people_are_asked_for_the_author_may_not_publish() {
    let app = TestApp::start().await;
    let (engine, org) = (&app.app.engine, &app.shop.org_id);
    engine.ask_for_two_people(org, true, &operator()).await.unwrap();
    let author = &app.shop.platform;
    let waiting = author.put_policy(&asks_everybody()).await.json(200);
    assert_eq!((&waiting["status"], &waiting["live"]), (&json!("checked"), &json!(false)), "{waiting}");
    let refused = author.step(&waiting, "publish").await.problem(422, "invalid");
    assert!(text(&refused["detail"]).contains("two people"), "{refused}");
    assert_eq!(sign_in(&app, "evt-1").await["policy"]["version"], 1, "nothing was published");

    let reader = author.with_key(&app.key(&[KeyScope::PoliciesRead]).await);
    reader.step(&waiting, "publish").await.problem(403, "missing_scope");
    let second = author.with_key(&app.key(&[KeyScope::PoliciesWrite]).await);
    let live = second.step(&waiting, "publish").await.json(200);
    assert_eq!(live["status"], "live");
    assert_ne!(live["publisher"], live["author"], "{live}");
    app.until_live(&live).await;

    // a brake takes one person, whoever they are, and the log says who
    let back = author.post("/policies/rollback", &json!({})).await.json(200);
    assert_eq!((&back["version"], &back["status"]), (&json!(1), &json!("live")), "{back}");
    let (action, entry) = author.policy_log().await.pop().unwrap();
    let key = &engine.keys(org).await.unwrap()[0];
    let who = json!({ "type": "platform", "id": key.key_id });
    assert_eq!((action.as_str(), &entry["actor"]), ("policy.rolled_back", &who), "{entry}");
    author.step(&waiting, "publish").await.problem(422, "invalid");

    engine.ask_for_two_people(org, false, &operator()).await.unwrap();
    let at_once = app.publish(&asks_nobody()).await;
    assert_eq!(at_once["publisher"], at_once["author"], "one person is enough again");
    let expected = [
        "policy.two_person_changed",
        "policy.added",
        "policy.published",
        "policy.rolled_back",
        "policy.two_person_changed",
        "policy.added",
        "policy.published",
    ];
    assert_eq!(told(&app).await, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_word_of_an_address_is_no_name_of_a_policy() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    for name in ["backtest", "presets", "rollback", "schema", "shadow-report", "versions"] {
        let document = json!({ "name": name });
        for query in ["", "?draft=true"] {
            let refused = platform.post(&format!("/policies/{name}/versions{query}"), &document).await;
            let refused = refused.problem(422, "invalid");
            assert!(text(&refused["detail"]).contains(&format!("must not be `{name}`")), "{refused}");
        }
    }
    let refused = platform.put_policy(&json!({ "name": "schema" })).await.problem(422, "invalid");
    assert!(text(&refused["detail"]).contains("/name"), "it names the field: {refused}");
    let shapeless = platform.post("/policies/Own/versions?draft=true", &json!({})).await;
    shapeless.problem(422, "invalid");
    let listed = platform.get("/policies").await.json(200);
    assert_eq!(listed["policies"].as_array().unwrap().len(), 1, "nothing was kept: {listed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_sign_in_during_a_call_is_let_through_and_what_it_leads_to_is_asked_about() {
    let app = TestApp::start().await;
    let on_a_call = |id: &str, event_type: &str| {
        let mut event = events::quiet_login(id, "ana");
        event["type"] = json!(event_type);
        event["device"] = json!({ "flags": ["call_active"] });
        event
    };
    let table = [
        ("login.failed", "allow"),
        ("login.succeeded", "allow"),
        ("account.password_changed", "delay_verify"),
        ("order.created", "delay_verify"),
    ];
    for (event_type, outcome) in table {
        let decision = app.shop.platform.ingest(&on_a_call(event_type, event_type)).await.json(201);
        assert_eq!(decision["outcome"], outcome, "{event_type}: {decision}");
        assert_eq!(points(&decision, "REMOTE_OR_CALL_ACTIVE"), 15, "{decision}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn another_organisation_sees_none_of_it() {
    let app = TestApp::start().await;
    let stranger = app.organisation("Another Shop").await.platform;
    let candidate = app.put_on_trial(&asks_everybody()).await;
    sign_in(&app, "evt-1").await;
    let theirs = stranger.get("/policies").await.json(200);
    assert_eq!(theirs["policies"].as_array().unwrap().len(), 1, "their own default: {theirs}");
    for path in ["/policies/default/versions/2", "/policies/default/versions/2/shadow-report"] {
        stranger.get(path).await.problem(404, "not_found");
    }
    for step in ["check", "shadow", "publish", "retire"] {
        stranger.step(&candidate, step).await.problem(404, "not_found");
    }
    stranger.post("/policies/rollback", &json!({})).await.problem(404, "not_found");
    assert!(stranger.policy_log().await.is_empty());
    let decided = stranger.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
    let explained = stranger.explained(&text(&decided["session"]["id"])).await;
    assert_eq!(explained["candidates"], json!([]), "nobody else's candidate judges their events");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_version_written_before_a_signal_was_known_keeps_it_silent() {
    let app = TestApp::start().await;
    let on_a_call = |id: &str| {
        let mut event = events::quiet_login(id, &format!("subject-of-{id}"));
        event["device"] = json!({ "flags": ["call_active"] });
        event
    };
    let before = app.shop.platform.ingest(&on_a_call("evt-1")).await.json(201);
    assert_eq!(points(&before, "REMOTE_OR_CALL_ACTIVE"), 15, "{before}");
    app.database.run("update policies set document = document #- '{signals,REMOTE_OR_CALL_ACTIVE}'").await;
    app.until_tenant("the older document", |tenant| {
        tenant.policy.policy.signals.remote_or_call_active.mode == Mode::Off
    })
    .await;
    let after = app.shop.platform.ingest(&on_a_call("evt-2")).await.json(201);
    assert_eq!((&after["score"], &after["outcome"]), (&json!(0), &json!("allow")), "{after}");
}
