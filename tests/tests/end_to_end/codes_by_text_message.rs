//! Codes by text message: one way among two, at a provider that may be slow, broken or lied about.

use ase_tests::harness::app::{Setup, wrong_code};
use ase_tests::harness::client::text;
use ase_tests::harness::policies::asks_everybody;
use ase_tests::harness::provider::{Sms, TOKEN, call_back, signed};
use ase_tests::harness::{Person, TestApp, events};
use chrono::DateTime;
use serde_json::{Value, json};

const HOST: &str = "127.0.0.1";
const NUMBER: &str = "+4930123456";

/// An application whose organisation sends text messages to German numbers first, and mails after that.
async fn texting() -> TestApp {
    let app = TestApp::start_with(Setup { texts: true, ..Setup::default() }).await;
    app.reach(&app.shop, &json!({ "channels": ["sms", "email"], "sms_prefixes": ["+49"] })).await;
    // whatever else is known of a subject, it is asked for a code
    app.publish(&asks_everybody()).await;
    app
}

/// A risky payout of a subject with a telephone.
fn payout(id: &str, subject: &str, number: &str) -> Value {
    let mut event = events::risky_payout(id, subject);
    event["subject"]["phone"] = json!(number);
    event
}

/// Has the organisation tell of a subject: from now on it is no stranger.
async fn known(app: &TestApp, subject: &str) {
    app.shop.platform.ingest(&events::quiet_login(&format!("login-{subject}"), subject)).await.json(201);
}

/// Up to the code that is awaited; the session and what was answered.
async fn asked(app: &TestApp, event: &Value) -> (String, Value) {
    let decision = app.shop.platform.ingest(event).await.json(201);
    let session = text(&decision["session"]["id"]);
    let answer = app.shop.platform.intent(&session, "confirmed").await.json(200);
    (session, answer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_code_by_text_message_confirms_and_is_bound_to_the_page() {
    let app = texting().await;
    let platform = &app.shop.platform;
    known(&app, "ana").await;
    let (session, answer) = asked(&app, &payout("evt-1", "ana", "0049 (0)30 123-456")).await;
    assert_eq!(
        (&answer["otp"]["channel"], &answer["otp"]["destination"]),
        (&json!("sms"), &json!("•••• 56"))
    );
    let sms = app.provider().text().await;
    assert_eq!(sms.to(), NUMBER, "in its one spelling");
    for said in ["Example Shop", "Send payouts to DE89", "900.00 EUR", "Never read it to anyone"] {
        assert!(sms.body().contains(said), "{said}: {}", sms.body());
    }
    assert!(!sms.body().contains("http"), "a link looks like what we warn of");
    let valid: i64 = sms.fields["ValidityPeriod"].parse().unwrap();
    assert!((1..=300).contains(&valid), "a late code is of no use: {valid}");
    app.settled().await;
    app.provider().tell(&sms, "sent").await;
    assert_eq!(app.provider().tell(&sms, "delivered").await.status, 204);
    let answer = platform.respond(&session, &sms.code(HOST)).await.json(200);
    assert_eq!(answer["session"]["assurance"], "sms_otp");
    let verified = platform.verify(&text(&answer["decision_token"])).await;
    assert_eq!(
        (&verified["proceed"], &verified["assurance"]),
        (&json!(true), &json!("sms_otp")),
        "{verified}"
    );
    let actions = platform.actions(&session).await;
    for action in ["sms.sent", "sms.delivered"] {
        assert_eq!(actions.iter().filter(|told| *told == action).count(), 1, "{actions:?}");
    }
    let wiped = "select count(*) from outbox where channel = 'sms' and status = 'sent' and payload is null \
        and provider_id like 'SM%' and fate = 'delivered'";
    assert_eq!(app.database.count(wiped).await, 1);
    assert!(app.inbox.letters_to("ana@example.com").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_text_that_does_not_arrive_is_followed_by_a_mail() {
    let app = texting().await;
    let platform = &app.shop.platform;
    known(&app, "ana").await;
    let (session, _) = asked(&app, &payout("evt-1", "ana", NUMBER)).await;
    let sms = app.provider().text().await;
    app.provider().tell(&sms, "undelivered").await;
    let code = app.inbox.code_to("ana@example.com").await;
    if code != sms.code(HOST) {
        platform.respond(&session, &sms.code(HOST)).await.problem(422, "otp_incorrect");
    }
    // told once more, or another way, nothing more happens
    app.provider().tell(&sms, "undelivered").await;
    app.provider().tell(&sms, "delivered").await;
    app.settled().await;
    assert_eq!(app.inbox.letters_to("ana@example.com").len(), 1);
    let answer = platform.respond(&session, &code).await.json(200);
    assert_eq!(answer["session"]["assurance"], "email_otp");
    let failed = platform.audit(&session).await.into_iter().find(|entry| entry["action"] == "sms.failed");
    assert_eq!(failed.unwrap()["metadata"]["reason"], "30003");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_refused_text_is_followed_by_a_mail_at_once_and_no_number_is_told() {
    let app = texting().await;
    known(&app, "ana").await;
    app.provider().refuse_next(&[(400, 21610)]);
    let (session, _) = asked(&app, &payout("evt-1", "ana", NUMBER)).await;
    let code = app.inbox.code_to("ana@example.com").await;
    let answer = app.shop.platform.respond(&session, &code).await.json(200);
    assert_eq!(answer["session"]["assurance"], "email_otp");
    let told = app.shop.platform.audit(&session).await;
    assert!(!json!(told).to_string().contains("123456"), "{told:?}");
    let dead = "select count(*) from outbox where status = 'dead' and payload is null \
        and last_error like '%21610%' and last_error not like '%+%'";
    assert_eq!(app.database.count(dead).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_provider_that_is_down_is_tried_again_and_then_passed_over() {
    let app = texting().await;
    known(&app, "ana").await;
    app.provider().refuse_next(&[(503, 0), (429, 20429)]);
    let (session, _) = asked(&app, &payout("evt-1", "ana", NUMBER)).await;
    let sms = app.provider().text().await;
    assert_eq!(app.provider().texts().len(), 1, "it leaves once");
    app.shop.platform.respond(&session, &sms.code(HOST)).await.json(200);

    known(&app, "bob").await;
    // a wrong token is our own fault: no message is lost for it while there is another way
    app.provider().refuse_next(&[(500, 0), (401, 20003), (502, 0), (503, 0)]);
    let (session, _) = asked(&app, &payout("evt-2", "bob", "+4930765432")).await;
    let code = app.inbox.code_to("bob@example.com").await;
    app.shop.platform.respond(&session, &code).await.json(200);
    assert_eq!(app.provider().texts().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_provider_that_does_not_answer_keeps_nobody_waiting() {
    let app = texting().await;
    known(&app, "ana").await;
    app.provider().hold();
    let (session, answer) = asked(&app, &payout("evt-1", "ana", NUMBER)).await;
    assert_eq!(answer["next"], "otp");
    assert_eq!(answer["otp"]["channel"], "sms");
    let (by_mail, code) = app.until_the_code(&events::risky_payout("evt-2", "bob")).await;
    app.shop.platform.respond(&by_mail, &code).await.json(200);
    let code = app.inbox.code_to("ana@example.com").await;
    let told = app.shop.platform.audit(&session).await;
    let moment = |action: &str| {
        let entry = told.iter().find(|entry| entry["action"] == action).unwrap_or_else(|| panic!("{told:?}"));
        DateTime::parse_from_rfc3339(&text(&entry["occurred_at"])).unwrap()
    };
    let waited = (moment("sms.failed") - moment("otp.issued")).num_seconds();
    // a quarter of a minute, and a little for a machine that does other things as well
    assert!((4..20).contains(&waited), "{waited} seconds: {told:?}");
    let answer = app.shop.platform.respond(&session, &code).await.json(200);
    assert_eq!(answer["session"]["assurance"], "email_otp");
    app.provider().release();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_forged_callback_changes_nothing() {
    let app = texting().await;
    known(&app, "ana").await;
    let (session, _) = asked(&app, &payout("evt-1", "ana", NUMBER)).await;
    let sms = app.provider().text().await;
    app.settled().await;
    let before = app.shop.platform.audit(&session).await;
    let (url, form) = (&sms.fields["StatusCallback"], sms.told("undelivered"));
    let mut changed = sms.told("delivered");
    let signature = signed(TOKEN, url, &changed);
    changed[2].1 = "undelivered".to_owned();
    let elsewhere = url.replace("/status", "/status?x=1");
    for (form, signature) in [
        (&form, String::new()),
        (&form, "AAAAAAAAAAAAAAAAAAAAAAAAAAA=".to_owned()),
        (&form, signed("another token", url, &form)),
        (&form, signed(TOKEN, &elsewhere, &form)),
        (&form, signed(TOKEN, url, &form[1..])),
        (&changed, signature),
    ] {
        call_back(url, form, &signature).await.problem(403, "invalid_signature");
    }
    let strange = url.replace("msg_", "msg_x");
    assert_eq!(call_back(&strange, &form, &signed(TOKEN, &strange, &form)).await.status, 204, "told nothing");
    assert_eq!(app.shop.platform.audit(&session).await, before);
    assert!(app.inbox.letters_to("ana@example.com").is_empty(), "nobody can turn a code into a mail");
    app.shop.platform.respond(&session, &sms.code(HOST)).await.json(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn nobody_pays_for_strangers_or_for_foreign_numbers() {
    let app = texting().await;
    for subject in ["foreign", "changed", "nonsense"] {
        known(&app, subject).await;
    }
    let mut changed = payout("evt-changed", "changed", NUMBER);
    changed["changes"] = json!([{ "field": "phone" }]);
    for event in [
        payout("evt-stranger", "stranger", NUMBER),
        payout("evt-foreign", "foreign", "+18761234567"),
        payout("evt-nonsense", "nonsense", "030 123456"),
        changed,
    ] {
        let (_, answer) = asked(&app, &event).await;
        assert_eq!(answer["otp"]["channel"], "email", "{event}");
        app.inbox.code_to(&text(&event["subject"]["email"])).await;
    }
    app.reach(&app.shop, &json!({ "channels": ["sms"] })).await;
    let (_, answer) = asked(&app, &payout("evt-only", "foreign", "+18761234567")).await;
    assert_eq!(answer["session"]["stage"], "held", "without a way a person looks at it");
    assert!(app.provider().texts().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_block_of_rented_numbers_and_a_prefix_run_dry() {
    let app = texting().await;
    for number in 0..12 {
        let subject = format!("rented-{number}");
        known(&app, &subject).await;
        let (_, answer) =
            asked(&app, &payout(&format!("evt-{number}"), &subject, &format!("+4915110{number:03}"))).await;
        let expected = if number < 10 { "sms" } else { "email" };
        assert_eq!(answer["otp"]["channel"], expected, "number {number} of one block");
    }
    app.reach(&app.shop, &json!({ "sms_hourly": 11 })).await;
    for (number, expected) in [(0, "sms"), (1, "email")] {
        let subject = format!("spread-{number}");
        known(&app, &subject).await;
        let (_, answer) =
            asked(&app, &payout(&format!("evt-s{number}"), &subject, &format!("+49160{number}5550000")))
                .await;
        assert_eq!(answer["otp"]["channel"], expected, "message {} below +49", 11 + number);
    }
    app.settled().await;
    assert_eq!(app.provider().texts().len(), 11);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_person_can_have_the_next_code_on_the_other_way() {
    let app = texting().await;
    known(&app, "ana").await;
    let decision = app.shop.platform.ingest(&payout("evt-1", "ana", NUMBER)).await.json(201);
    let ana = Person::new();
    let question = ana.open(&text(&decision["session"]["challenge_url"])).await;
    ana.submit(&question, "/intent", &[("intent", "confirmed")]).await.showing(200, "•••• 56");
    // the provider took it, and will never say what became of it
    let first = app.provider().text().await;
    app.settled().await;
    let untold = "select count(*) from outbox where channel = 'sms' and status = 'sent' and fate is null";
    assert_eq!(app.database.count(untold).await, 1);
    app.database.run("update otp_codes set issued_at = issued_at - interval '61 seconds'").await;
    let page = ana.open(&text(&decision["session"]["challenge_url"])).await.showing(200, "Send it by email");
    let page = ana.submit(&page, "/resend", &[("channel", "email")]).await.showing(200, "a••@example.com");
    let code = app.inbox.code_to("ana@example.com").await;
    if first.code(HOST) != code {
        ana.submit(&page, "/code", &[("code", &first.code(HOST))]).await.showing(200, "4 attempts left");
    }
    ana.submit(&page, "/code", &[("code", &code)]).await.showing(200, "Thank you. You can go on.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_text_message_speaks_the_language_of_its_receiver() {
    let app = texting().await;
    for (subject, locale, said) in [
        ("ana", "pl", "Nie podawaj go nikomu: Example Shop nigdy o niego nie poprosi."),
        ("bob", "ar", "إن وجّهك أحد فأغلق الخط."),
    ] {
        known(&app, subject).await;
        let mut event = payout(&format!("evt-{subject}"), subject, NUMBER);
        event["subject"]["locale"] = json!(locale);
        asked(&app, &event).await;
        let sms = app.provider().text().await;
        assert!(sms.body().contains(said), "{}", sms.body());
        assert!(sms.body().ends_with(&format!("\n\n@{HOST} #{}", sms.code(HOST))), "{}", sms.body());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_ways_are_checked_written_down_and_of_the_organisation_alone() {
    let app = texting().await;
    let platform = &app.shop.platform;
    let put = |wanted: Value| {
        let request = platform.request("PUT", "/settings/channels").json(&wanted);
        ase_tests::harness::Answer::of(request)
    };
    for (wanted, pointer) in [
        (json!({ "channels": [] }), "/channels"),
        (json!({ "channels": ["pigeon"] }), "/channels"),
        (json!({ "channels": ["sms", "sms"] }), "/channels"),
        (json!({ "sms_prefixes": ["Germany"] }), "/sms_prefixes"),
        (json!({ "sms_prefixes": [] }), "/sms_prefixes"),
        (json!({ "codes_hourly": 0 }), "/codes_hourly"),
    ] {
        let problem = put(wanted.clone()).await.problem(422, "invalid_field");
        assert_eq!(problem["pointer"], pointer, "{wanted}");
    }
    let shown = platform.get("/settings/channels").await.json(200);
    assert_eq!((&shown["channels"], &shown["sms_prefixes"]), (&json!(["sms", "email"]), &json!(["+49"])));
    let other = app.organisation("Another Shop").await;
    let theirs = other.platform.get("/settings/channels").await.json(200);
    assert_eq!(theirs["channels"], json!(["email"]));
    let told = "select count(*) from audit_entries where action = 'org.changed' and metadata->>'sms_prefixes' = '[\"+49\"]'";
    assert_eq!(app.database.count(told).await, 1);
    let plain = TestApp::start().await;
    let request = plain.shop.platform.request("PUT", "/settings/channels");
    let wanted = json!({ "channels": ["sms"], "sms_prefixes": ["+49"] });
    let problem = ase_tests::harness::Answer::of(request.json(&wanted)).await.problem(422, "invalid_field");
    assert!(problem["detail"].as_str().unwrap().contains("ASE_SMS_ACCOUNT_SID"), "{problem}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn wrong_codes_by_text_message_count_like_all_others() {
    let app = texting().await;
    known(&app, "ana").await;
    let (session, _) = asked(&app, &payout("evt-1", "ana", NUMBER)).await;
    let sms: Sms = app.provider().text().await;
    let right = sms.code(HOST);
    for left in (0..5).rev() {
        let problem =
            app.shop.platform.respond(&session, &wrong_code(&right)).await.problem(422, "otp_incorrect");
        assert_eq!(problem["attempts_remaining"], left);
    }
    app.shop.platform.respond(&session, &right).await.problem(429, "otp_attempts_exhausted");
}
