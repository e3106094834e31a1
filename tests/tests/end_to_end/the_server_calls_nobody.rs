//! Addresses that tenants, their platforms and strangers name: they are shown, kept or refused, and never called.

use ase_tests::harness::client::text;
use ase_tests::harness::trap::Trap;
use ase_tests::harness::{Answer, Person, TestApp, events, sign};
use serde_json::{Value, json};

const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

/// The trap as people spell loopback who want a server to call itself.
fn spellings(trap: &Trap) -> [String; 6] {
    let port = trap.port;
    [
        format!("http://127.0.0.1:{port}/a"),
        format!("https://localhost:{port}/b"),
        format!("http://0x7f.1:{port}/c"),
        format!("http://2130706433:{port}/d"),
        format!("http://[::ffff:127.0.0.1]:{port}/e"),
        format!("gopher://127.0.0.1:{port}/f"),
    ]
}

/// An event that names `url` wherever it can name anything.
fn naming(url: &str, id: &str, subject: &str) -> Value {
    let mut event = events::risky_payout(id, subject);
    event["action"]["description"] = json!(format!("Pay at {url}"));
    event["action"]["destination"]["label"] = json!(url);
    event["device"]["user_agent"] = json!(url);
    event["links"] = json!([{ "type": "order", "id": url }]);
    event["attributes"] = json!({ "image": url, "callback_url": url, "$ref": url });
    event
}

/// The whole way of one session, up to its token, by a person who was sent back to `return_url`.
async fn go_all_the_way(app: &TestApp, event: &Value) {
    let decision = app.shop.platform.ingest(event).await.json(201);
    let person = Person::new();
    let question = person.open(&text(&decision["session"]["challenge_url"])).await;
    let asked = person.submit(&question, "/intent", &[("intent", "confirmed")]).await;
    let letter = app.inbox.letter_to(&text(&event["subject"]["email"])).await;
    person.submit(&asked, "/code", &[("code", &letter.code())]).await.showing(200, "Thank you");
    let session = text(&decision["session"]["id"]);
    let shown = app.shop.platform.get(&format!("/sessions/{session}")).await.json(200);
    app.shop.platform.verify(&text(&shown["decision_token"])).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_address_that_a_tenant_names_is_called() {
    let app = TestApp::start().await;
    let trap = Trap::set().await;
    let platform = &app.shop.platform;
    let put = async |path: &str, body: &Value| Answer::of(platform.request("PUT", path).json(body)).await;
    let help = format!("https://127.0.0.1:{}/help", trap.port);
    put("/brand/texts/en", &json!({ "support_url": help, "policy_statement": help })).await.json(200);
    // a logo is bytes, never an address, and bytes that only name a picture are none
    for named in ["logo_url", "logo", "image"] {
        let refused = put("/brand", &json!({ named: help })).await;
        assert!(matches!(refused.status, 400 | 422), "{named}: {}", refused.text);
    }
    let drawing = format!("<svg xmlns='http://www.w3.org/2000/svg'><image href='{help}'/></svg>");
    for file in
        [drawing.clone(), format!("<!DOCTYPE a [<!ENTITY b SYSTEM '{help}'>]>{drawing}"), help.clone()]
    {
        let logo = platform.request("PUT", "/brand/logo").header("content-type", "image/svg+xml").body(file);
        assert_eq!(Answer::of(logo).await.status, 422);
    }
    for (number, url) in spellings(&trap).iter().enumerate() {
        go_all_the_way(&app, &naming(url, &format!("evt-{number}"), &format!("subject-{number}"))).await;
    }
    app.settled().await;
    assert_eq!(trap.touched().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_return_address_is_called() {
    let app = TestApp::start().await;
    let trap = Trap::set().await;
    let back = format!("http://127.0.0.1:{}/after", trap.port);
    let other = app.organisation_at("Another Shop", &[&back]).await;
    let mut event = events::risky_payout("evt-1", "ana");
    event["return_url"] = json!(back);
    let decision = other.platform.ingest(&event).await.json(201);
    let person = Person::new();
    let question = person.open(&text(&decision["session"]["challenge_url"])).await;
    let asked = person.submit(&question, "/intent", &[("intent", "confirmed")]).await;
    let code = app.inbox.code_to("ana@example.com").await;
    let done = person.submit(&asked, "/code", &[("code", &code)]).await;
    // the person's own browser would go there, by a button; the server never does
    assert!(done.html.contains(&back), "{}", done.html);
    app.settled().await;
    assert_eq!(trap.touched().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_address_in_a_webhook_a_header_or_a_report_is_called() {
    let app = TestApp::start().await;
    let trap = Trap::set().await;
    let platform = &app.shop.platform;
    let source = app.source("generic", json!({}), SECRET).await;
    let own = format!("127.0.0.1:{}", trap.port);
    for (number, url) in spellings(&trap).iter().enumerate() {
        let event = naming(url, &format!("evt-{number}"), &format!("subject-{number}"));
        let body = event.to_string().into_bytes();
        let mut headers = sign::standard_webhooks(SECRET, &format!("msg_{number}"), sign::now(), &body);
        for name in ["x-forwarded-host", "forwarded", "origin", "referer", "x-callback-url", "link"] {
            let value = if name == "forwarded" { format!("host={own}") } else { url.clone() };
            headers.push((name.to_owned(), value));
        }
        let taken = platform.webhook(&source.url, &headers, &body).await.json(200);
        let session = text(&taken["decisions"][0]["session_id"]);
        platform.intent(&session, "guided").await.json(200);
        let report = json!({ "session_id": session, "channel": "chat", "contact": url, "narrative": url });
        platform.post("/checkpoint/report", &report).await.json(201);
    }
    app.settled().await;
    assert_eq!(trap.touched().await, 0);
}
