//! A version that suddenly stops everybody does not stay: the one before decides again, and the log says why.

use ase_tests::harness::app::operator;
use ase_tests::harness::client::text;
use ase_tests::harness::policies::{asks_everybody, asks_nobody};
use ase_tests::harness::until::until;
use ase_tests::harness::{TestApp, events};
use secrecy::SecretString;
use serde_json::{Value, json};

/// How many events are enough for the breaker to say something.
const ENOUGH: i64 = 60;

/// A calm week before: of every hundred decisions about `event_type`, one was delayed.
async fn calm_week(app: &TestApp, event_type: &str) {
    let statement = format!(
        "insert into decision_counts (org_id, policy_digest, event_type, minute, decisions, delayed, blocked)
        select p.org_id, p.digest, '{event_type}', date_trunc('minute', now()) - day * interval '1 day', 200, 2, 0
        from policies p, generate_series(1, 6) day where p.status = 'live' and p.org_id = '{}'",
        app.shop.org_id
    );
    app.database.run(&statement).await;
}

/// Sends enough events of one kind, and waits until all of them are counted, whichever version decided.
async fn enough(app: &TestApp, event: impl Fn(&str, &str) -> Value) {
    for number in 0..ENOUGH {
        let (id, subject) = (format!("evt-{number}"), format!("subject-{number}"));
        app.shop.platform.ingest(&event(&id, &subject)).await.json(201);
    }
    let database = &app.database;
    until("the count of every decision", || async move {
        let today = "select coalesce(sum(decisions), 0)::bigint from decision_counts
            where minute > now() - interval '1 hour'";
        (database.count(today).await == ENOUGH).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_breaker_takes_a_wild_version_back() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    calm_week(&app, "login.succeeded").await;
    let wild = app.publish(&asks_everybody()).await;
    enough(&app, events::quiet_login).await;
    // the server's own breaker may have been quicker
    app.app.engine.run_breaker().await.unwrap();

    let calm = platform.get("/policies/default/versions/1").await.json(200);
    assert_eq!((&calm["status"], &calm["publisher"]), (&json!("live"), &json!("breaker")), "{calm}");
    app.until_live(&calm).await;
    let after = platform.ingest(&events::quiet_login("evt-after", "ana")).await.json(201);
    assert_eq!((&after["outcome"], &after["policy"]["version"]), (&json!("allow"), &json!(1)), "{after}");

    let demoted = platform.version(&wild).await;
    assert_eq!(demoted["status"], "shadow", "its author sees what it would have done: {demoted}");
    assert!(demoted["demoted_at"].is_string(), "{demoted}");
    let seen = &demoted["demotion"]["seen"];
    assert_eq!((&seen["event_type"], &seen["share"]), (&json!("login.succeeded"), &json!(1.0)), "{seen}");
    assert!(seen["decisions"].as_i64().unwrap() >= 50 && seen["band_to"].as_f64().unwrap() < 0.07, "{seen}");
    assert_eq!(demoted["demotion"]["restored_digest"], calm["digest"]);
    let session = text(&after["session"]["id"]);
    until("the demoted version's word", || async {
        let explained = platform.explained(&session).await;
        (explained["candidates"][0]["policy_digest"] == wild["digest"]).then_some(())
    })
    .await;

    let log = platform.policy_log().await;
    let (action, entry) = log.last().unwrap();
    assert_eq!(action, "policy.demoted");
    assert_eq!(entry["actor"], json!({ "type": "system", "id": "breaker" }));
    assert_eq!(entry["metadata"]["policy_digest"], wild["digest"], "{entry}");

    // once is enough: what the breaker restored, it does not judge
    assert!(app.app.engine.run_breaker().await.unwrap().is_empty());
    platform.post("/policies/rollback", &json!({})).await.problem(404, "not_found");
}

/// A user of the shop's dashboard; the address tells the role.
async fn user(app: &TestApp, role: &str) -> (String, String) {
    let email = format!("{role}@shop.example");
    let password = SecretString::from("correct horse battery staple");
    let made = app.app.engine.create_user(&app.shop.org_id, &email, role, password, &operator()).await;
    (email, made.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn whoever_answers_for_the_organisation_is_written_to() {
    let app = TestApp::start().await;
    for role in ["owner", "admin", "analyst", "developer", "auditor"] {
        user(&app, role).await;
    }
    let stranger = app.organisation("Another Shop").await;
    let password = SecretString::from("correct horse battery staple");
    let theirs = "owner@another.example";
    app.app.engine.create_user(&stranger.org_id, theirs, "owner", password, &operator()).await.unwrap();
    calm_week(&app, "login.succeeded").await;
    app.publish(&asks_everybody()).await;
    enough(&app, events::quiet_login).await;
    app.app.engine.run_breaker().await.unwrap();

    for to in ["owner@shop.example", "admin@shop.example"] {
        let letter = app.inbox.letter_to(to).await;
        assert_eq!(letter.header("subject"), "Example Shop: default version 2 was taken back");
        let text = letter.text().split_whitespace().collect::<Vec<_>>().join(" ");
        for told in [
            "default version 2 delayed or blocked 100 % of login.succeeded",
            "default version 1 decides again",
            "/dashboard/policies",
        ] {
            assert!(text.contains(told), "{told}: {text}");
        }
        let whole = format!("{text} {}", letter.html());
        assert!(!whole.contains("subject-") && !whole.contains("example.com"), "nobody is named: {whole}");
    }
    app.settled().await;
    for to in ["analyst@shop.example", "developer@shop.example", "auditor@shop.example", theirs] {
        assert!(app.inbox.letters_to(to).is_empty(), "{to}");
    }
    let log = app.shop.platform.get("/audit/entries?limit=20").await.json(200).to_string();
    assert!(log.contains("email.queued") && log.contains("email.delivered"), "{log}");
    assert!(!log.contains("@shop.example"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn without_owner_and_admin_everybody_who_may_sign_in_is_written_to() {
    let app = TestApp::start().await;
    let (analyst, _) = user(&app, "analyst").await;
    let (owner, owner_id) = user(&app, "owner").await;
    app.app.engine.disable_user(&app.shop.org_id, &owner_id, &operator()).await.unwrap();
    calm_week(&app, "login.succeeded").await;
    app.publish(&asks_everybody()).await;
    enough(&app, events::quiet_login).await;
    app.app.engine.run_breaker().await.unwrap();
    app.inbox.letter_to(&analyst).await;
    app.settled().await;
    assert!(app.inbox.letters_to(&owner).is_empty(), "whoever is shut out is told nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_was_taken_back_and_decides_again_is_looked_at_again() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    calm_week(&app, "login.succeeded").await;
    let wild = app.publish(&asks_everybody()).await;
    enough(&app, events::quiet_login).await;
    app.app.engine.run_breaker().await.unwrap();
    assert_eq!(platform.version(&wild).await["status"], "shadow");
    // some minutes later: the same document as another version, and then the same version
    for (minutes, again) in [(20, "another"), (10, "the same")] {
        let later = format!(
            "update decision_counts set minute = minute - interval '{minutes} minutes'
            where minute > now() - interval '3 minutes'"
        );
        app.database.run(&later).await;
        let version = if again == "another" {
            platform.put_policy(&asks_everybody()).await.json(200)
        } else {
            platform.step(&wild, "publish").await.json(200)
        };
        assert_eq!((&version["status"], &version["digest"]), (&json!("live"), &wild["digest"]), "{version}");
        app.until_live(&version).await;
        assert!(
            app.app.engine.run_breaker().await.unwrap().is_empty(),
            "{again}: it has decided nothing yet"
        );
        enough_more(&app, again).await;
        app.app.engine.run_breaker().await.unwrap();
        assert_eq!(platform.version(&version).await["status"], "shadow", "{again}");
        app.until_tenant("the first version", |tenant| tenant.policy.version == 1).await;
    }
    let told = "select count(*) from audit_entries where action = 'policy.demoted'";
    assert_eq!(app.database.count(told).await, 3);
}

/// Sends enough events once more, and waits until all of the last minutes are counted.
async fn enough_more(app: &TestApp, round: &str) {
    for number in 0..ENOUGH {
        let event = events::quiet_login(&format!("{round}-{number}"), &format!("subject-{number}"));
        app.shop.platform.ingest(&event).await.json(201);
    }
    let recent = "select coalesce(sum(decisions), 0)::bigint from decision_counts
        where minute > now() - interval '3 minutes'";
    let database = &app.database;
    until(
        "the count of every decision",
        || async move { (database.count(recent).await == ENOUGH).then_some(()) },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_a_floor_demands_is_no_fault_of_a_version() {
    let app = TestApp::start().await;
    calm_week(&app, "account.password_changed").await;
    // it differs in nothing that counts here
    let document = json!({ "name": "default", "signals": { "NEW_COUNTRY": { "points": 11 } } });
    let version = app.publish(&document).await;
    let on_a_call = |id: &str, subject: &str| {
        let mut event = events::quiet_login(id, subject);
        event["type"] = json!("account.password_changed");
        event["device"] = json!({ "flags": ["call_active"] });
        event
    };
    enough(&app, on_a_call).await;
    let delayed = "select count(*) from decisions where outcome = 'delay_verify'";
    assert_eq!(app.database.count(delayed).await, ENOUGH, "a wave of scams: each is stopped");
    assert!(app.app.engine.run_breaker().await.unwrap().is_empty());
    assert_eq!(app.shop.platform.version(&version).await["status"], "live");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_version_that_stops_as_few_as_before_stays() {
    let app = TestApp::start().await;
    calm_week(&app, "login.succeeded").await;
    let version = app.publish(&asks_nobody()).await;
    enough(&app, events::quiet_login).await;
    assert!(app.app.engine.run_breaker().await.unwrap().is_empty());
    assert_eq!(app.shop.platform.version(&version).await["status"], "live");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn with_nothing_before_it_a_version_may_stop_half_and_no_more() {
    let app = TestApp::start().await;
    let version = app.publish(&asks_everybody()).await;
    let mut bands = asks_nobody();
    bands["thresholds"]["event_types"] =
        json!({ "login.failed": { "delay_from": 0, "hold_from": 101, "block_from": 101 } });
    let half = app.publish(&bands).await;
    assert_ne!(version["digest"], half["digest"]);
    // of this type all are stopped; each type is looked at by itself
    enough(&app, |id, subject| {
        let mut event = events::quiet_login(id, subject);
        event["type"] = json!("login.failed");
        event
    })
    .await;
    app.app.engine.run_breaker().await.unwrap();
    let demoted = app.shop.platform.version(&half).await;
    assert_eq!(demoted["demotion"]["seen"]["event_type"], "login.failed", "{demoted}");
    assert_eq!(demoted["demotion"]["seen"]["band_to"], 0.5, "{demoted}");
    let restored = app.shop.platform.version(&version).await;
    assert_eq!(restored["status"], "live", "the version before it, however young");
}
