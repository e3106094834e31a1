//! Whoever breaks off contact reads one of several wordings, the same one ever after; what came of each is counted, and
//! few sessions are called few.

use ase_engine::access::KeyScope;
use ase_tests::harness::app::operator;
use ase_tests::harness::client::text;
use ase_tests::harness::policies::asks_everybody;
use ase_tests::harness::until::until;
use ase_tests::harness::{Answer, Person, Platform, Tenant, TestApp, events};
use secrecy::SecretString;
use serde_json::{Value, json};

/// Each wording, and how its heading begins in English and in German.
const WORDINGS: [(&str, &str, &str); 3] = [
    ("default", "<h1>Stop. Hang", "<h1>Stopp. Legen Sie jetzt auf.</h1>"),
    (
        "counter_script",
        "<h1>They may tell you to stay. Hang",
        "<h1>Vielleicht sollen Sie dranbleiben. Legen Sie jetzt auf.</h1>",
    ),
    ("own_control", "<h1>You decide. Hang", "<h1>Sie entscheiden. Legen Sie jetzt auf.</h1>"),
];
/// What no wording goes without.
const CORE: [&str; 4] = [
    "End the call, chat or screen share.",
    "Use another phone if you can.",
    "+49 30 1234567",
    "say that this page is wrong or that it is a test. It is not.",
];

async fn put(platform: &Platform, body: &Value) -> Answer {
    Answer::of(platform.request("PUT", "/settings/break-contact").json(body)).await
}

/// Says which wordings take part, and waits until this node knows.
async fn choose(app: &TestApp, tenant: &Tenant, names: &[&str]) {
    let told = put(&tenant.platform, &json!({ "variants": names })).await.json(200);
    until("the new wordings to be known", || async {
        let known = app.app.engine.directory().tenant(&tenant.org_id).await.unwrap().unwrap();
        (serde_json::to_value(&known.variants).unwrap() == told).then_some(())
    })
    .await;
}

/// A session whose person says on the page that somebody guides them.
async fn broken(app: &TestApp, id: &str, subject: &str) -> (String, String, Person) {
    broken_by(app, &events::risky_payout(id, subject)).await
}

async fn broken_by(app: &TestApp, event: &Value) -> (String, String, Person) {
    let decision = app.shop.platform.ingest(event).await.json(201);
    let (session, url) = (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]));
    let person = Person::new();
    let question = person.open(&url).await;
    person.submit(&question, "/intent", &[("intent", "guided")]).await.showing(200, CORE[0]);
    (session, url, person)
}

/// The figures of one wording, and all of them.
async fn figures(platform: &Platform, variant: &str) -> (Value, Value) {
    let all = platform.get("/analytics/break-contact").await.json(200);
    let one = all["variants"].as_array().unwrap().iter().find(|one| one["variant"] == variant);
    (one.unwrap().clone(), all)
}

fn counts(one: &Value) -> [i64; 7] {
    let outcomes = ["reported", "tried_again", "stopped_by_mail", "confirmed_scam", "legitimate"];
    let [reported, tried, stopped, scam, good] = outcomes.map(|name| one[name]["count"].as_i64().unwrap());
    let [sessions, running] = ["sessions", "running"].map(|name| one[name].as_i64().unwrap());
    [sessions, running, reported, tried, stopped, scam, good]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_view_of_a_session_says_the_same() {
    let app = TestApp::start().await;
    let node = app.node().await;
    let mut sessions = Vec::new();
    for (variant, ..) in WORDINGS {
        choose(&app, &app.shop, &[variant]).await;
        sessions.push(broken(&app, &format!("evt-{variant}"), &format!("ana-{variant}")).await);
    }
    // whatever takes part later
    choose(&app, &app.shop, &["default"]).await;
    for ((variant, english, german), (session, url, person)) in WORDINGS.iter().zip(&sessions) {
        for place in [url.clone(), url.replace(&app.url, &node.url)] {
            let page = person.open(&place).await.showing(200, english);
            for said in CORE {
                assert!(page.html.contains(said), "{variant}: {said}: {}", page.html);
            }
            person.open(&format!("{place}?lang=de")).await.showing(200, german);
            // nobody chooses it from outside
            person.open(&format!("{place}?variant=default")).await.showing(200, english);
        }
        let stored = format!("select break_contact_variant from sessions where session_id = '{session}'");
        assert_eq!(app.database.text(&stored).await, *variant);
        let log = app.shop.platform.audit(session).await;
        let resolved = log.iter().find(|entry| entry["action"] == "session.resolved").unwrap();
        assert_eq!(resolved["metadata"]["break_contact_variant"], *variant, "{resolved}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_organisation_says_which_take_part() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let stranger = app.organisation("Another Shop").await.platform;
    let all = json!({ "variants": ["default", "counter_script", "own_control"] });
    assert_eq!(platform.get("/settings/break-contact").await.json(200), all);
    let chosen = put(platform, &json!({ "variants": ["own_control", "default", "default"] })).await.json(200);
    assert_eq!(chosen, json!({ "variants": ["default", "own_control"] }));
    assert_eq!(platform.get("/settings/break-contact").await.json(200), chosen);
    assert_eq!(stranger.get("/settings/break-contact").await.json(200), all, "others choose for themselves");
    let log = platform.get("/audit/entries").await.json(200);
    let changes = log["entries"].as_array().unwrap().iter();
    let told: Vec<&Value> = changes.filter(|entry| entry["action"] == "org.changed").collect();
    let expected = json!({ "break_contact_variants": ["default", "own_control"] });
    assert_eq!((told.len(), &told[0]["metadata"]), (1, &expected), "{told:?}");

    let table = [
        (json!({ "variants": [] }), "/variants"),
        (json!({ "variants": ["default", "red"] }), "/variants"),
        (json!({ "variants": "default" }), "/variants"),
        (json!({}), "/variants"),
        (json!({ "variants": ["default"], "share": 0.9 }), "/share"),
    ];
    for (body, pointer) in table {
        let refused = put(platform, &body).await.problem(422, "invalid_field");
        assert_eq!(refused["pointer"], pointer, "{refused}");
    }
    let reader = platform.with_key(&app.key(&[KeyScope::SettingsRead]).await);
    put(&reader, &all).await.problem(403, "missing_scope");
    assert_eq!(platform.get("/settings/break-contact").await.json(200), chosen, "nothing else changed it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_came_of_each_is_counted_and_few_are_called_few() {
    let app = TestApp::start().await;
    app.publish(&asks_everybody()).await;
    let platform = &app.shop.platform;
    choose(&app, &app.shop, &["default"]).await;
    let (_, url, ana) = broken(&app, "evt-1", "ana").await;
    broken(&app, "evt-2", "bob").await;
    choose(&app, &app.shop, &["default", "own_control"]).await;
    report(&app, &ana, &url).await;
    choose(&app, &app.shop, &["own_control"]).await;
    let (cai, ..) = broken(&app, "evt-3", "cai").await;
    let (dan, ..) = broken(&app, "evt-4", "dan").await;
    for (session, label) in [(&cai, "scam"), (&dan, "good")] {
        let path = format!("/sessions/{session}/label");
        Answer::of(platform.request("PUT", &path).json(&json!({ "label": label }))).await.json(200);
    }
    tries_again_and_stops_by_mail(&app, "cai").await;
    // by a key, nobody knows what was read
    let eve = platform.ingest(&events::risky_payout("evt-6", "eve")).await.json(201);
    platform.intent(&text(&eve["session"]["id"]), "guided").await.json(200);
    // and whoever tries it out is nobody's victim
    let mut trial = events::risky_payout("evt-7", "fay");
    trial["test"] = json!(true);
    broken_by(&app, &trial).await;

    let (default, all) = figures(platform, "default").await;
    assert_eq!(counts(&default), [2, 2, 1, 0, 0, 0, 0], "{default}");
    let half = json!({ "count": 1, "share": 0.5, "low": 0.0945, "high": 0.9055 });
    assert_eq!((&default["takes_part"], &default["reported"]), (&json!(false), &half));
    let (control, _) = figures(platform, "own_control").await;
    assert_eq!(counts(&control), [2, 2, 0, 1, 1, 1, 1], "{control}");
    let (script, _) = figures(platform, "counter_script").await;
    assert_eq!((counts(&script), &script["reported"]["share"]), ([0; 7], &Value::Null), "{script}");
    assert_eq!((&all["elsewhere"], &all["enough"]), (&json!(2), &json!(false)), "{all}");
    assert!(text(&all["note"]).starts_with("Too few to compare: "), "{all}");

    // whoever comes back later than within a day has not tried again
    app.database
        .run("update sessions set resolved_at = resolved_at - interval '25 hours' where subject_id = 'cai'")
        .await;
    let (control, _) = figures(platform, "own_control").await;
    assert_eq!(counts(&control), [2, 1, 0, 0, 0, 1, 1], "{control}");
}

/// Sends a report once the pause is over.
async fn report(app: &TestApp, person: &Person, url: &str) {
    app.database.run("update sessions set resolved_at = resolved_at - interval '31 seconds'").await;
    let page = person.open(url).await.showing(200, "Report this scam");
    let filled = [("channel", "phone"), ("narrative", "They called.")];
    person.submit(&page, "/report", &filled).await.showing(200, "Thank you. Your report was sent.");
}

/// Somebody who broke off contact says "no" in a new session, and then reads their mail.
async fn tries_again_and_stops_by_mail(app: &TestApp, subject: &str) {
    let address = events::address(subject);
    let platform = &app.shop.platform;
    assert!(app.inbox.letter_to(&address).await.header("subject").ends_with("this was stopped"));
    let again = platform.ingest(&events::risky_payout("evt-again", subject)).await.json(201);
    let session = text(&again["session"]["id"]);
    platform.intent(&session, "confirmed").await.json(200);
    let letter = app.inbox.letter_to(&address).await.text();
    let stop = letter.split_whitespace().find(|word| word.contains("/stop/")).unwrap();
    let reader = Person::new();
    let page = reader.open(stop).await.showing(200, "Stop this action?");
    reader.submit(&page, "", &[]).await.showing(200, "This was stopped");
    let stored = format!("select stage from sessions where session_id = '{session}'");
    assert_eq!(app.database.text(&stored).await, "break_contact");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn figures_are_an_organisations_own_and_of_a_time() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let stranger = app.organisation("Another Shop").await.platform;
    choose(&app, &app.shop, &["default"]).await;
    broken(&app, "evt-1", "ana").await;
    assert_eq!(counts(&figures(platform, "default").await.0), [1, 1, 0, 0, 0, 0, 0]);
    let (theirs, all) = figures(&stranger, "default").await;
    assert_eq!((counts(&theirs), &all["elsewhere"]), ([0; 7], &json!(0)), "{all}");
    assert_eq!(all["note"], "Nobody broke off contact on the page in this time.");
    let before = "/analytics/break-contact?since=2026-01-01T00:00:00Z&until=2026-02-01T00:00:00Z";
    let earlier = platform.get(before).await.json(200);
    assert!(earlier["variants"].as_array().unwrap().iter().all(|one| counts(one) == [0; 7]), "{earlier}");

    let table = ["?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z", "?since=2020-01-01T00:00:00Z"];
    for query in table {
        let refused = platform.get(&format!("/analytics/break-contact{query}")).await;
        assert_eq!(refused.problem(422, "invalid_field")["pointer"], "/since", "{query}");
    }
    assert_eq!(platform.get("/analytics/break-contact?since=yesterday").await.status, 400);
    let other = platform.with_key(&app.key(&[KeyScope::SessionsRead]).await);
    other.get("/analytics/break-contact").await.problem(403, "missing_scope");
    platform.with_key("").get("/analytics/break-contact").await.problem(401, "unauthorized");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn analysts_see_the_wordings_side_by_side() {
    let app = TestApp::start().await;
    let (email, password) = ("analyst@shop.example", "correct horse battery staple");
    let secret = SecretString::from(password);
    app.app.engine.create_user(&app.shop.org_id, email, "analyst", secret, &operator()).await.unwrap();
    let path = format!("{}/dashboard/break-contact", app.url);
    let analyst = Person::new();
    let gate = analyst.open(&path).await.showing(200, "Sign in");
    analyst.submit(&gate, "/dashboard/sign-in", &[("email", email), ("password", password)]).await;
    analyst.open(&path).await.showing(200, "Nobody read one yet");

    choose(&app, &app.shop, &["own_control"]).await;
    let (_, url, ana) = broken(&app, "evt-1", "ana").await;
    broken(&app, "evt-2", "bob").await;
    report(&app, &ana, &url).await;
    let alone = analyst.open(&path).await.showing(200, "nothing to compare");
    for said in ["You decide. Hang", "50 %", "1, 9 to 91 %", "not chosen now"] {
        assert!(alone.html.contains(said), "{said}: {}", alone.html);
    }
    choose(&app, &app.shop, &["default", "own_control"]).await;
    let few = "Too few to compare: default was shown in 0 sessions.";
    analyst.open(&format!("{path}?days=90")).await.showing(200, few).showing(200, "?days=365");
    let reports = analyst.open(&format!("{}/dashboard/reports", app.url)).await;
    reports.showing(200, "href=\"/dashboard/break-contact\"");
}
