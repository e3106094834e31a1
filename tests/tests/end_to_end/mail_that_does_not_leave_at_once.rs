//! A mail server that is slow, busy or says no.

use ase_tests::harness::client::text;
use ase_tests::harness::until::{until, within};
use ase_tests::harness::{Page, Person, TestApp, events, sign};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_refused_mail_is_tried_again_and_leaves_once() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    app.inbox.refuse_next(&["451 try again", "421 too busy"]);
    let decision = platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let session = text(&decision["session"]["id"]);
    platform.intent(&session, "confirmed").await.json(200);
    for refusals in [1, 2] {
        app.inbox.refused(refusals).await;
        bring_forward(&app, i64::try_from(refusals).unwrap()).await;
    }
    let code = app.inbox.code_to("ana@example.com").await;
    app.settled().await;
    assert_eq!(app.inbox.letters_to("ana@example.com").len(), 1, "the code leaves once");
    assert_eq!(platform.respond(&session, &code).await.json(200)["session"]["outcome"], "allow");
}

/// Has the refused mail tried at once instead of after its pause.
async fn bring_forward(app: &TestApp, tries: i64) {
    let noted = format!("select count(*) from outbox where tries = {tries} and last_error is not null");
    until("the refusal to be noted", || async { (app.database.count(&noted).await == 1).then_some(()) })
        .await;
    app.database
        .run("update outbox set next_try_at = clock_timestamp() where status = 'pending'; notify ase_outbox")
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_mail_refused_for_good_is_given_up_and_told() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    app.inbox.refuse_next(&["550 no such mailbox ana@example.com"]);
    let decision = platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let session = text(&decision["session"]["id"]);
    assert_eq!(
        platform.intent(&session, "confirmed").await.json(200)["next"],
        "otp",
        "nobody learns of the mailbox"
    );
    let failed = until("the failure in the log", || async {
        let entries = platform.audit(&session).await;
        entries.into_iter().find(|entry| entry["action"] == "email.failed")
    })
    .await;
    assert!(!failed.to_string().contains("@example.com"), "{failed}");
    let dead =
        "select count(*) from outbox where status = 'dead' and payload is null and last_error not like '%@%'";
    assert_eq!(app.database.count(dead).await, 1, "the code is wiped, the reason kept");
    let shown = platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!(shown["stage"], "code", "another code can still be sent");
    app.database.run("update otp_codes set issued_at = issued_at - interval '61 seconds'").await;
    platform.resend(&session).await.json(200);
    let code = app.inbox.code_to("ana@example.com").await;
    assert_eq!(platform.respond(&session, &code).await.json(200)["session"]["outcome"], "allow");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_mail_server_that_does_not_answer_keeps_nobody_waiting() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    app.inbox.hold();
    let decision = platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let url = text(&decision["session"]["challenge_url"]);
    let ana = Person::new();
    let question = ana.open(&url).await;
    let asked = within("the page", ana.submit(&question, "/intent", &[("intent", "confirmed")])).await;
    asked.showing(200, "Enter the code we sent you");
    for number in 0..8 {
        let event = events::risky_payout(&format!("more-{number}"), &format!("subject-{number}"));
        let decision = platform.ingest(&event).await.json(201);
        let answer = platform.intent(&text(&decision["session"]["id"]), "confirmed").await.json(200);
        assert_eq!(answer["next"], json!("otp"));
    }
    app.inbox.release();
    app.inbox.code_to("ana@example.com").await;
    for number in 0..8 {
        app.inbox.code_to(&format!("subject-{number}@example.com")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_mailbox_that_does_not_exist_looks_like_any_other() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let mut seen = Vec::new();
    app.inbox.refuse_next(&["550 no such mailbox"]);
    // their addresses begin alike, so that they are masked alike
    for (subject, fate) in [("anna", "email.failed"), ("anka", "email.delivered")] {
        let decision =
            platform.ingest(&events::risky_payout(&format!("evt-{subject}"), subject)).await.json(201);
        let (session, url) = (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]));
        let person = Person::new();
        let question = person.open(&url).await;
        let asked = person.submit(&question, "/intent", &[("intent", "confirmed")]).await;
        until("the fate of the mail", || async {
            platform.actions(&session).await.contains(&fate.to_owned()).then_some(())
        })
        .await;
        let again = person.open(&url).await.showing(200, "Enter the code we sent you");
        seen.push([bare(&asked, &session), bare(&again, &session)]);
    }
    assert_eq!(seen[0], seen[1]);
}

/// A page without what is new on every page: names of sessions, tokens, nonces and times.
fn bare(page: &Page, session: &str) -> (u16, String) {
    let token = page.form("/code").fields["form_token"].clone();
    let policy = page.header("content-security-policy").to_owned();
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    let html = page.html.replace(&token, "").replace(nonce, "").replace(session, "");
    (page.status, html.chars().filter(|c| !c.is_ascii_digit()).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn names_and_addresses_start_no_header_of_their_own() {
    let app = TestApp::start().await;
    let mut event = events::risky_payout("evt-1", "ana");
    event["subject"]["name"] = json!("Ana\r\nBcc: eve@example.com\u{0}\u{2028}\u{202e}");
    let refused = app.shop.platform.ingest(&event).await.problem(422, "invalid_field");
    assert_eq!(refused["pointer"], "/subject/name");
    // a webhook is not refused for a name: the name is left out
    let source = app.source("generic", json!({}), "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=").await;
    let body = event.to_string().into_bytes();
    let headers = sign::standard_webhooks(&source.secret, "msg_1", sign::now(), &body);
    let taken = app.shop.platform.webhook(&source.url, &headers, &body).await.json(200);
    assert_eq!(taken["decisions"][0]["outcome"], "delay_verify", "{taken}");
    let letter = app.inbox.letter_to("ana@example.com").await;
    assert_eq!(letter.header("bcc"), "");
    assert!(app.inbox.letters_to("eve@example.com").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_subject_without_an_address_is_held_for_a_person_to_look_at() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let mut event = events::risky_payout("evt-1", "ana");
    event["subject"].as_object_mut().unwrap().remove("email");
    let decision = platform.ingest(&event).await.json(201);
    let session = text(&decision["session"]["id"]);
    let answer = platform.intent(&session, "confirmed").await.json(200);
    assert_eq!((&answer["next"], &answer["session"]["stage"]), (&json!("resolved"), &json!("held")));
    let verified = platform.verify(&text(&answer["decision_token"])).await;
    assert_eq!((&verified["valid"], &verified["proceed"]), (&json!(true), &json!(false)), "{verified}");
}
