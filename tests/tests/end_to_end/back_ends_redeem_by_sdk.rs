//! The SDKs for back ends, each by its own tests: against servers that break, and against the real one.

use ase_engine::access::KeyScope;
use ase_tests::harness::sdk::{passed, ran, run};
use ase_tests::harness::{TestApp, events, sign};
use serde_json::{Map, Value, json};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// All that a program needs to try everything: keys, a challenge that was passed, a delivery that the server believed.
async fn set(app: &TestApp, subject: &str) -> Value {
    let event = events::risky_payout(&format!("evt-{subject}"), subject);
    let (session, _) = app.until_the_token(&event).await;
    let body =
        format!(r#"{{"id":"evt-signed-{subject}","type":"login.succeeded","subject":{{"id":"{subject}"}}}}"#);
    let source = app.source("generic", json!({}), SECRET).await;
    let headers = sign::standard_webhooks(SECRET, &format!("msg_{subject}"), sign::now(), body.as_bytes());
    let believed = app.shop.platform.webhook(&source.url, &headers, body.as_bytes()).await.json(200);
    assert_eq!(believed["status"], "accepted", "{believed}");
    let headers: Map<String, Value> = headers.into_iter().map(|(name, value)| (name, value.into())).collect();
    json!({
        "url": app.url,
        "key": app.shop.platform.key,
        "other_key": app.organisation("Another Shop").await.platform.key,
        "weak_key": app.key(&[KeyScope::EventsWrite]).await,
        "passed": {
            "session_id": session, "event_id": event["id"], "subject_id": subject, "action": event["type"],
            "amount": event["action"]["amount"],
        },
        "signed": { "body": body, "headers": headers, "secret": SECRET },
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_sdks_let_nobody_go_on_when_servers_break() {
    let tests = ["--test", "test/client.test.js", "test/webhook.test.js"];
    assert!(passed(&run("sdk/node", "node", &tests, &Value::Null).await) >= 16);
    let tests = ["-m", "unittest", "discover", "-s", "tests"];
    assert!(ran(&run("sdk/python", "python3", &tests, &Value::Null).await) >= 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn node_redeems_tokens_of_the_real_server() {
    let app = TestApp::start().await;
    let set = set(&app, "nora").await;
    let said = run("sdk/node", "node", &["--test", "test/live.test.js"], &set).await;
    assert_eq!(passed(&said), 8, "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn python_redeems_tokens_of_the_real_server() {
    let app = TestApp::start().await;
    let set = set(&app, "petra").await;
    assert_eq!(ran(&run("sdk/python", "python3", &["tests/live.py"], &set).await), 8);
}
