//! The whole path, then every line that was logged meanwhile, at the finest level.

use ase_tests::harness::app::{Setup, wrong_code};
use ase_tests::harness::client::text;
use ase_tests::harness::provider::TOKEN;
use ase_tests::harness::{Letter, Person, TestApp, events, log, sign};
use serde_json::json;

const SECRET: &str = "whsec_T1dKUFFkEzWfO8HU71e37ufMhLnbWd4p7F6LRrKnCqg=";

/// Of the dashboard.
const PASSWORD: &str = "leave no trace of these words";
const WRONG_PASSWORD: &str = "mistyped-but-nearly-right";
/// Of the mail server.
const MAIL_PASSWORD: &str = "mail-password-of-the-stories";
/// Who called, as a report names them.
const CONTACT: &str = "+49 171 5558127";

/// What stands in no log, whatever happens.
const NEVER: [&str; 17] = [
    "leaking",
    PASSWORD,
    // as a form spells it
    "leave+no+trace",
    WRONG_PASSWORD,
    MAIL_PASSWORD,
    // as SMTP spells it: what AUTH PLAIN sends
    "AG1haWxlcgBtYWlsLXBhc3N3b3JkLW9mLXRoZS1zdG9yaWVz",
    CONTACT,
    "the bank of the caller",
    "Ana Lovelace",
    "DE89",
    "a very private narrative",
    "30123987",
    SECRET,
    TOKEN,
    "ase_sk_",
    "whsec_",
    "eyJ0",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn nothing_leaks_into_logs() {
    let app =
        TestApp::start_with(Setup { texts: true, mail_password: Some(MAIL_PASSWORD), ..Setup::default() })
            .await;
    let platform = &app.shop.platform;
    let source = app.source("generic", json!({}), SECRET).await;
    let subject = "leaking-subject";
    let address = events::address(subject);

    let body = events::risky_payout("evt-by-webhook", subject).to_string();
    let headers = sign::standard_webhooks(SECRET, "msg_1", sign::now(), body.as_bytes());
    platform.webhook(&source.url, &headers, body.as_bytes()).await.json(200);
    let letter = app.inbox.letter_to(&address).await;
    let link = letter.challenge_url();
    let stop_key = stop_key(&letter);
    let person = Person::new();
    let question = person.open(&link).await;
    let asked = person.submit(&question, "/intent", &[("intent", "confirmed")]).await;
    let code = app.inbox.code_to(&address).await;
    person.submit(&asked, "/code", &[("code", &wrong_code(&code))]).await;
    person.submit(&asked, "/code", &[("code", &code)]).await.showing(200, "Thank you");

    let other = events::address("leaking-too");
    let (_, token) = app.until_the_token(&events::risky_payout("evt-by-api", "leaking-too")).await;
    platform.verify(&token).await;
    reported(&app).await;
    let dashboard = signed_in(&app).await;
    let tried = json!({ "settings": { "when": "item.a very private narrative" }, "body": { "a": "a very private narrative" } });
    platform.post("/connectors/generic/try", &tried).await.json(200);
    let by_text = texted(&app).await;
    go_wrong(&app).await;
    app.settled().await;

    let lines = log::lines();
    assert!(app.inbox.sign_ins() > 0, "the mail server was given the password");
    assert!(lines.contains("/decisions/verify") && lines.contains("mail sent"), "the log was kept");
    let cookie = person.cookies(&app.url);
    let cookie = cookie.split('=').nth(1).unwrap();
    let form_token = asked.form("/code").fields["form_token"].clone();
    let key_secret = platform.key.splitn(4, '_').nth(3).unwrap();
    let secrets = [
        address.as_str(),
        &other,
        &token,
        token.rsplit('.').next().unwrap(),
        &platform.key,
        key_secret,
        cookie,
        &form_token,
        link.rsplit('/').next().unwrap(),
        &stop_key,
        &dashboard,
    ];
    for secret in secrets.into_iter().chain(NEVER) {
        let found = lines.lines().find(|line| line.contains(secret));
        assert_eq!(found, None, "`{secret}` is in the log");
    }
    for code in [&code, &by_text] {
        let found = lines.lines().find(|line| tells(line, code));
        assert_eq!(found, None, "a code is in the log");
    }
}

/// A report with everything that a person may write into one, also where it is refused.
async fn reported(app: &TestApp) {
    let platform = &app.shop.platform;
    let decision = platform.ingest(&events::risky_payout("evt-reported", "leaking-reporter")).await.json(201);
    let session = text(&decision["session"]["id"]);
    let report = json!({ "session_id": session, "channel": "phone", "contact": CONTACT,
        "claimed_identity": "the bank of the caller", "narrative": "a very private narrative" });
    platform.post("/checkpoint/report", &report).await.problem(409, "nothing_to_report");
    platform.intent(&session, "guided").await.json(200);
    platform.post("/checkpoint/report", &report).await.json(201);
    let mut refused = report;
    refused["channel"] = json!(CONTACT);
    platform.post("/checkpoint/report", &refused).await.problem(422, "invalid_field");
    platform.get("/reports").await.json(200);
}

/// Signs an analyst in, wrongly and then rightly, looks around and signs out; what the session's cookie held.
async fn signed_in(app: &TestApp) -> String {
    let (email, operator) = ("leaking-analyst@shop.example", ase_tests::harness::app::operator());
    let engine = &app.app.engine;
    engine.create_user(&app.shop.org_id, email, "owner", PASSWORD.into(), &operator).await.unwrap();
    let analyst = Person::new();
    for (password, shown) in [(WRONG_PASSWORD, "Sign in"), (PASSWORD, email)] {
        let gate = analyst.open(&format!("{}/dashboard", app.url)).await;
        let page =
            analyst.submit(&gate, "/dashboard/sign-in", &[("email", email), ("password", password)]).await;
        assert!(page.html.contains(shown), "{}", page.html);
    }
    let cookies = analyst.cookies(&app.url);
    let session = cookies.split("ase_dashboard=").nth(1).unwrap().split(';').next().unwrap().to_owned();
    let reports = analyst.open(&format!("{}/dashboard/reports", app.url)).await;
    let reports = reports.showing(200, "a very private narrative");
    analyst.submit(&reports, "/dashboard/sign-out", &[]).await;
    session
}

/// What the Stop link of a mail ends in.
fn stop_key(letter: &Letter) -> String {
    let text = letter.text();
    let (_, key) = text.split_once("/stop/").unwrap();
    key.split_whitespace().next().unwrap().to_owned()
}

/// A code by text message, refused once, told of and used; it is returned.
async fn texted(app: &TestApp) -> String {
    let platform = &app.shop.platform;
    app.reach(&app.shop, &json!({ "channels": ["sms", "email"], "sms_prefixes": ["+49"] })).await;
    let mut event = events::risky_payout("evt-by-text", "leaking-subject");
    event["subject"]["phone"] = json!("+49 30 123987");
    let decision = platform.ingest(&event).await.json(201);
    app.provider().refuse_next(&[(503, 0)]);
    platform.intent(&text(&decision["session"]["id"]), "confirmed").await.json(200);
    let sms = app.provider().text().await;
    app.provider().tell(&sms, "delivered").await;
    let code = sms.code("127.0.0.1");
    platform.respond(&text(&decision["session"]["id"]), &code).await.json(200);
    code
}

/// What goes wrong is logged, too.
async fn go_wrong(app: &TestApp) {
    let platform = &app.shop.platform;
    platform.with_key("ase_sk_forged_key").get("/sessions").await.problem(401, "unauthorized");
    platform
        .ingest(
            &json!({ "id": "bad", "type": "x", "subject": { "id": "x", "email": "leaking bad address" } }),
        )
        .await;
    app.inbox.refuse_next(&["550 no mailbox for leaking-refused@example.com"]);
    let refused = platform.ingest(&events::risky_payout("evt-refused", "leaking-refused")).await.json(201);
    platform.intent(&text(&refused["session"]["id"]), "confirmed").await.json(200);
}

/// Six digits may be part of any number, so the code is looked for as a word of its own, and no duration.
fn tells(line: &str, code: &str) -> bool {
    let words: Vec<&str> = line.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let timed = |place: usize| words[..place].iter().rev().take(3).any(|word| *word == "micros");
    words.iter().enumerate().any(|(place, word)| *word == code && !timed(place))
}
