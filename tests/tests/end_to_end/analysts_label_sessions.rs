//! What analysts say of a session counts before what machines made of it, and only their own organisation's.

use ase_engine::access::KeyScope;
use ase_tests::harness::app::operator;
use ase_tests::harness::client::text;
use ase_tests::harness::policies::{asks_everybody, asks_nobody};
use ase_tests::harness::{Answer, Page, Person, Platform, TestApp, events};
use secrecy::SecretString;
use serde_json::{Value, json};

const EMAIL: &str = "analyst@shop.example";
const PASSWORD: &str = "correct horse battery staple";

async fn label(platform: &Platform, session: &str, body: &Value) -> Answer {
    let path = format!("/sessions/{session}/label");
    Answer::of(platform.request("PUT", &path).json(body)).await
}

async fn unlabel(platform: &Platform, session: &str) -> Answer {
    Answer::of(platform.request("DELETE", &format!("/sessions/{session}/label"))).await
}

/// An event's session.
async fn session(platform: &Platform, event: &Value) -> String {
    text(&platform.ingest(event).await.json(201)["session"]["id"])
}

/// `scams_stopped`, `scams_missed`, `good_hit` and `good_spared` of a backtest.
async fn backtest(platform: &Platform, document: &Value) -> [i64; 4] {
    let report = platform.post("/policies/backtest", document).await.json(200)["report"].clone();
    ["scams_stopped", "scams_missed", "good_hit", "good_spared"].map(|name| report[name].as_i64().unwrap())
}

/// Signs a user of this role in.
async fn signed_in(app: &TestApp, email: &str, role: &str) -> Person {
    let password = SecretString::from(PASSWORD);
    app.app.engine.create_user(&app.shop.org_id, email, role, password, &operator()).await.unwrap();
    let person = Person::new();
    let gate = person.open(&format!("{}/dashboard", app.url)).await.showing(200, "Sign in");
    person.submit(&gate, "/dashboard/sign-in", &[("email", email), ("password", PASSWORD)]).await;
    person
}

async fn open(app: &TestApp, person: &Person, session: &str) -> Page {
    person.open(&format!("{}/dashboard/sessions/{session}", app.url)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_backtest_counts_what_an_analyst_says_before_all_else() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let fine = session(platform, &events::quiet_login("evt-1", "ana")).await;
    let guided = session(platform, &events::risky_payout("evt-2", "bob")).await;
    platform.intent(&guided, "guided").await.json(200);
    assert_eq!(backtest(platform, &asks_everybody()).await, [0, 0, 1, 0], "nobody complained of the first");
    assert_eq!(backtest(platform, &asks_nobody()).await, [0, 1, 0, 0], "the second said to be guided");

    let said = label(platform, &fine, &json!({ "label": "scam", "note": " called back " })).await.json(200);
    let key = &app.app.engine.keys(&app.shop.org_id).await.unwrap()[0];
    assert_eq!((&said["label"], &said["note"]), (&json!("scam"), &json!("called back")), "{said}");
    assert_eq!(said["labelled_by"], json!(key.key_id), "{said}");
    assert_eq!(platform.get(&format!("/sessions/{fine}")).await.json(200)["label"], said);
    label(platform, &guided, &json!({ "label": "good" })).await.json(200);
    assert_eq!(backtest(platform, &asks_everybody()).await, [1, 0, 0, 0]);
    assert_eq!(backtest(platform, &asks_nobody()).await, [0, 0, 0, 1], "the analyst knows better");

    label(platform, &fine, &json!({ "label": "good" })).await.json(200);
    assert_eq!(backtest(platform, &asks_everybody()).await, [0, 0, 1, 0], "the last word counts");
    for _ in 0..2 {
        assert_eq!(unlabel(platform, &guided).await.status, 204);
    }
    assert_eq!(backtest(platform, &asks_nobody()).await, [0, 1, 0, 0], "the machine's word again");
    assert_eq!(platform.get(&format!("/sessions/{guided}")).await.json(200)["label"], Value::Null);
    let log = platform.audit(&fine).await;
    let told: Vec<_> = log.iter().filter(|entry| entry["action"] == "session.labelled").collect();
    let metadata: Vec<_> = told.iter().map(|entry| entry["metadata"].clone()).collect();
    let expected = [json!({ "label": "scam", "before": null }), json!({ "label": "good", "before": "scam" })];
    assert_eq!(metadata, expected, "who said what stays, and no note with it");
    assert_eq!(told[0]["actor"], json!({ "type": "platform", "id": key.key_id }));
    let taken_back = platform.actions(&guided).await;
    assert_eq!(taken_back.iter().filter(|action| *action == "session.unlabelled").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_later_dispute_does_not_outweigh_an_analyst() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let paid = session(platform, &events::quiet_login("evt-1", "ana")).await;
    app.database
        .run(&format!(
            "insert into confirmed_scams (org_id, session_id, told_by, told_at)
            values ('{}', '{paid}', 'dispute', now())",
            app.shop.org_id
        ))
        .await;
    assert_eq!(backtest(platform, &asks_everybody()).await, [1, 0, 0, 0]);
    label(platform, &paid, &json!({ "label": "good" })).await.json(200);
    assert_eq!(backtest(platform, &asks_everybody()).await, [0, 0, 1, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn nobody_labels_what_is_not_theirs_and_bad_labels_are_named() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let stranger = app.organisation("Another Shop").await.platform;
    let ours = session(platform, &events::quiet_login("evt-1", "ana")).await;
    let scam = json!({ "label": "scam" });
    let foreign = label(&stranger, &ours, &scam).await;
    foreign.problem(404, "not_found");
    let missing = label(&stranger, "ses_missing", &scam).await;
    assert_eq!((missing.status, missing.text), (foreign.status, foreign.text), "they look alike");
    unlabel(&stranger, &ours).await.problem(404, "not_found");
    let reader = platform.with_key(&app.key(&[KeyScope::SessionsRead]).await);
    label(&reader, &ours, &scam).await.problem(403, "missing_scope");
    unlabel(&reader, &ours).await.problem(403, "missing_scope");
    let table = [
        (json!({ "label": "honest" }), "/label"),
        (json!({ "note": "why" }), "/label"),
        (json!({ "label": "scam", "note": "x".repeat(501) }), "/note"),
        (json!({ "label": "scam", "by": "me" }), "/by"),
        (json!({ "label": 1 }), "/label"),
    ];
    for (body, pointer) in table {
        let refused = label(platform, &ours, &body).await.problem(422, "invalid_field");
        assert_eq!(refused["pointer"], pointer, "{refused}");
    }
    assert_eq!(app.database.count("select count(*) from session_labels").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn analysts_label_on_the_page_of_a_session() {
    let app = TestApp::start().await;
    let ours = session(&app.shop.platform, &events::quiet_login("evt-1", "ana")).await;
    let action = format!("/dashboard/sessions/{ours}/label");
    let analyst = signed_in(&app, EMAIL, "analyst").await;
    let page = open(&app, &analyst, &ours).await.showing(200, "Nobody has said so yet");
    let note = "<b>the bank</b> called 49{{7*7}}";
    let said = analyst.submit(&page, &action, &[("label", "scam"), ("note", note)]).await;
    let said = said.showing(200, "Confirmed scam</span>").showing(200, EMAIL);
    assert!(said.html.contains("session.labelled") && !said.html.contains("<b>the bank"), "{}", said.html);
    let changed = analyst.submit(&said, &action, &[("label", "good")]).await.showing(200, "Good</span>");
    let unlabelled = analyst.submit(&changed, &action, &[("label", "none")]).await;
    let unlabelled = unlabelled.showing(200, "Nobody has said so yet");
    let long = "x".repeat(501);
    let refused = analyst.submit(&unlabelled, &action, &[("label", "good"), ("note", &long)]).await;
    refused.showing(422, "must be at most 500 characters");

    let token = unlabelled.form(&action).fields["form_token"].clone();
    let url = format!("{}{action}", app.url);
    let own = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin")];
    let cross = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    let form = [("form_token", token.as_str()), ("label", "scam")];
    assert_eq!(analyst.send(&url, &form[1..], &own).await.status, 403, "without its token");
    assert_eq!(analyst.send(&url, &form, &cross).await.status, 403, "from elsewhere");
    let auditor = signed_in(&app, "auditor@shop.example", "auditor").await;
    let page = open(&app, &auditor, &ours).await;
    assert!(!page.has_form(&action), "an auditor looks");
    let token = page.form("/dashboard/sign-out").fields["form_token"].clone();
    let form = [("form_token", token.as_str()), ("label", "scam")];
    assert_eq!(auditor.send(&url, &form, &own).await.status, 403, "and says nothing");
    assert_eq!(app.database.count("select count(*) from session_labels").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_note_is_sealed_and_goes_with_the_person() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let ours = session(platform, &events::quiet_login("evt-1", "ana")).await;
    label(platform, &ours, &json!({ "label": "scam", "note": "Ana Lovelace called" })).await.json(200);
    let clear = "select count(*) from session_labels where position('Lovelace'::bytea in note) > 0";
    assert_eq!(app.database.count(clear).await, 0);
    let erasure = json!({ "id": "erase-1", "type": "privacy.erasure_requested", "subject": { "id": "ana" } });
    assert!(platform.ingest(&erasure).await.status < 300);
    let left = platform.get(&format!("/sessions/{ours}")).await.json(200)["label"].clone();
    assert_eq!((&left["label"], &left["note"]), (&json!("scam"), &Value::Null), "{left}");
}
