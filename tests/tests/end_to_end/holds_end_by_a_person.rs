//! A hold ends by somebody who looked at it, not before its time, and by nobody else.

use ase_engine::access::KeyScope;
use ase_tests::harness::app::operator;
use ase_tests::harness::client::text;
use ase_tests::harness::{Answer, Page, Person, Platform, TestApp, events};
use secrecy::SecretString;
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse battery staple";

/// A shop whose holds can be released after so many minutes.
async fn holding(minutes: u32) -> TestApp {
    let app = TestApp::start().await;
    let bands = json!({ "delay_from": 0, "hold_from": 0, "block_from": 101 });
    let thresholds = json!({ "default": bands, "categories": {} });
    app.publish(&json!({ "name": "default", "thresholds": thresholds, "cool_off_minutes": minutes })).await;
    app
}

/// A payout that passed its challenge and is held, and the token that says so.
async fn held(app: &TestApp, id: &str) -> (String, String) {
    let (session, token) = app.until_the_token(&events::risky_payout(id, "ana")).await;
    assert_eq!(shown(app, &session).await["stage"], "held");
    (session, token)
}

async fn shown(app: &TestApp, session: &str) -> Value {
    app.shop.platform.get(&format!("/sessions/{session}")).await.json(200)
}

async fn rule(platform: &Platform, session: &str, ruling: &str) -> Answer {
    platform.post(&format!("/sessions/{session}/ruling"), &json!({ "ruling": ruling })).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_released_hold_goes_ahead_once_with_a_token_of_its_own() {
    let app = holding(0).await;
    let platform = &app.shop.platform;
    let (session, blocked) = held(&app, "evt-1").await;
    let listed = platform.get("/sessions?stage=held").await.json(200);
    assert_eq!(listed["sessions"].as_array().unwrap().len(), 1, "{listed}");
    platform.get("/sessions?stage=stuck").await.problem(422, "invalid_field");

    let released = rule(platform, &session, "release").await.json(200);
    assert_eq!((&released["stage"], &released["outcome"]), (&json!("allowed"), &json!("allow")));
    assert_eq!(platform.get("/sessions?stage=held").await.json(200)["sessions"], json!([]));
    let void = platform.verify(&blocked).await;
    assert_eq!((&void["proceed"], &void["error"]), (&json!(false), &json!("token_invalid")));
    let token = text(&shown(&app, &session).await["decision_token"]);
    let first = platform.verify(&token).await;
    assert_eq!((&first["proceed"], &first["assurance"]), (&json!(true), &json!("email_otp")), "{first}");
    assert_eq!(platform.verify(&token).await["error"], "token_used");
    rule(platform, &session, "release").await.problem(409, "invalid_transition");
    rule(platform, &session, "deny").await.problem(409, "invalid_transition");
    let log = platform.audit(&session).await;
    let told = log.iter().find(|entry| entry["action"] == "hold.released").unwrap();
    assert_eq!(told["actor"]["type"], "platform", "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_hold_is_not_released_before_its_time() {
    let app = holding(30).await;
    let platform = &app.shop.platform;
    let (session, blocked) = held(&app, "evt-1").await;
    let refused = rule(platform, &session, "release").await.problem(409, "hold_not_over");
    let available = chrono::DateTime::parse_from_rfc3339(&text(&refused["available_at"])).unwrap();
    let resolved = text(&shown(&app, &session).await["resolved_at"]);
    let resolved = chrono::DateTime::parse_from_rfc3339(&resolved).unwrap();
    assert_eq!((available - resolved).num_minutes(), 30);
    assert_eq!(platform.verify(&blocked).await["proceed"], false, "nothing came of the attempt");
    app.database.run("update sessions set resolved_at = resolved_at - interval '30 minutes'").await;
    assert_eq!(rule(platform, &session, "release").await.json(200)["stage"], "allowed");
}

async fn renewed(platform: &Platform, session: &str) -> Answer {
    platform.post(&format!("/sessions/{session}/token"), &json!({})).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_was_released_goes_ahead_hours_later_once_and_for_a_day() {
    let app = holding(0).await;
    let platform = &app.shop.platform;
    let (session, _) = held(&app, "evt-1").await;
    renewed(platform, &session).await.problem(409, "invalid_transition");
    rule(platform, &session, "release").await.json(200);
    let first = text(&shown(&app, &session).await["decision_token"]);
    assert_eq!(
        text(&renewed(platform, &session).await.json(200)["decision_token"]),
        first,
        "it is still good"
    );

    let passed = "update decision_tokens set expires_at = now() - interval '1 second'";
    app.database.run(passed).await;
    assert_eq!(platform.verify(&first).await["error"], "token_expired");
    let second = text(&renewed(platform, &session).await.json(200)["decision_token"]);
    assert_eq!(platform.verify(&first).await["error"], "token_invalid", "the one before is void");
    assert_eq!(platform.verify(&second).await["proceed"], true);
    renewed(platform, &session).await.problem(409, "went_ahead");

    let (late, _) = held(&app, "evt-2").await;
    rule(platform, &late, "release").await.json(200);
    app.database.run(passed).await;
    app.database
        .run("update sessions set reviewed_at = reviewed_at - interval '1 day' where reviewed_at is not null")
        .await;
    renewed(platform, &late).await.problem(410, "session_expired");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_token_is_renewed_for_who_said_yes_since() {
    let app = holding(0).await;
    let platform = &app.shop.platform;
    let (session, _) = held(&app, "evt-1").await;
    rule(platform, &session, "release").await.json(200);
    app.database.run("update decision_tokens set expires_at = now() - interval '1 second'").await;
    let next = platform.ingest(&events::risky_payout("evt-2", "ana")).await.json(201);
    platform.intent(&text(&next["session"]["id"]), "guided").await.json(200);
    assert_eq!(shown(&app, &session).await["stage"], "revoked");
    renewed(platform, &session).await.problem(409, "invalid_transition");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_denied_hold_stays_blocked_and_is_denied_at_once() {
    let app = holding(30).await;
    let platform = &app.shop.platform;
    let (session, token) = held(&app, "evt-1").await;
    let denied = rule(platform, &session, "deny").await.json(200);
    assert_eq!((&denied["stage"], &denied["outcome"]), (&json!("blocked"), &json!("block")));
    let verified = platform.verify(&token).await;
    assert_eq!((&verified["valid"], &verified["proceed"]), (&json!(true), &json!(false)), "{verified}");
    rule(platform, &session, "release").await.problem(409, "invalid_transition");
    assert!(platform.actions(&session).await.contains(&"hold.denied".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_released_hold_can_still_be_stopped_by_its_person() {
    let app = holding(0).await;
    let platform = &app.shop.platform;
    let (session, _) = held(&app, "evt-1").await;
    rule(platform, &session, "release").await.json(200);
    let token = text(&shown(&app, &session).await["decision_token"]);
    let next = platform.ingest(&events::risky_payout("evt-2", "ana")).await.json(201);
    platform.intent(&text(&next["session"]["id"]), "guided").await.json(200);
    let refused = platform.verify(&token).await;
    assert_eq!(refused["error"], "session_revoked", "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn nobody_rules_on_what_is_not_held_or_not_theirs() {
    let app = holding(0).await;
    let platform = &app.shop.platform;
    let (session, _) = held(&app, "evt-1").await;
    let stranger = app.organisation("Another Shop").await.platform;
    rule(&stranger, &session, "release").await.problem(404, "not_found");
    let labeller = platform.with_key(&app.key(&[KeyScope::SessionsRead, KeyScope::LabelsWrite]).await);
    rule(&labeller, &session, "release").await.problem(403, "missing_scope");
    let refused = rule(platform, &session, "maybe").await.problem(422, "invalid_field");
    assert_eq!(refused["pointer"], "/ruling");
    let asked = platform.ingest(&events::risky_payout("evt-2", "bob")).await.json(201);
    let asked = text(&asked["session"]["id"]);
    rule(platform, &asked, "release").await.problem(409, "invalid_transition");
    platform.intent(&asked, "guided").await.json(200);
    rule(platform, &asked, "release").await.problem(409, "invalid_transition");
    assert_eq!(shown(&app, &session).await["stage"], "held");
}

async fn signed_in(app: &TestApp, email: &str, role: &str) -> Person {
    let password = SecretString::from(PASSWORD);
    app.app.engine.create_user(&app.shop.org_id, email, role, password, &operator()).await.unwrap();
    let person = Person::new();
    let gate = person.open(&format!("{}/dashboard", app.url)).await.showing(200, "Sign in");
    person.submit(&gate, "/dashboard/sign-in", &[("email", email), ("password", PASSWORD)]).await;
    person
}

async fn open(app: &TestApp, person: &Person, path: &str) -> Page {
    person.open(&format!("{}/dashboard/{path}", app.url)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn analysts_find_holds_and_rule_on_their_page() {
    let app = holding(30).await;
    let (session, _) = held(&app, "evt-1").await;
    let (path, action) = (format!("sessions/{session}"), format!("/dashboard/sessions/{session}/ruling"));
    let auditor = signed_in(&app, "auditor@shop.example", "auditor").await;
    let page = open(&app, &auditor, &path).await.showing(200, "On hold");
    assert!(!page.has_form(&action), "an auditor looks");

    let analyst = signed_in(&app, "analyst@shop.example", "analyst").await;
    open(&app, &analyst, "events?outcome=held").await.showing(200, &session).showing(200, "On hold</span>");
    let early = open(&app, &analyst, &path).await.showing(200, "haste helps only those");
    assert!(!early.html.contains("Let it go ahead"), "{}", early.html);
    let refused = analyst.submit(&early, &action, &[("ruling", "release")]).await;
    refused.showing(422, "It cannot be released yet.");
    app.database.run("update sessions set resolved_at = resolved_at - interval '30 minutes'").await;
    let late = open(&app, &analyst, &path).await.showing(200, "Let it go ahead");
    let done = analyst.submit(&late, &action, &[("ruling", "release")]).await;
    let done = done.showing(200, "hold.released").showing(200, "Allowed</span>");
    assert!(!done.has_form(&action));
    open(&app, &analyst, "events?outcome=held").await.showing(200, "Nothing with this outcome");
}
