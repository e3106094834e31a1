//! The SDKs for back ends, each by its own tests: against servers that break, and against the real one.

use std::process::Stdio;

use ase_engine::access::KeyScope;
use ase_tests::harness::shop::folder;
use ase_tests::harness::until::within;
use ase_tests::harness::{TestApp, events, sign};
use serde_json::{Map, Value, json};
use tokio::process::Command;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Runs a program below `sdk/` and returns what it wrote. It is told of nothing but `set`.
async fn run(dir: &str, program: &str, arguments: &[&str], set: &Value) -> String {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder(dir))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("PYTHONPATH", "src")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("ASE_SET", set.to_string())
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = within(program, command.output())
        .await
        .unwrap_or_else(|error| panic!("{program}: {error}; `make test` installs node and python3"));
    let said =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(output.status.success(), "{dir} {arguments:?}: {said}");
    said
}

/// How many tests node's reporter counted; a run without any is no success.
fn passed(said: &str) -> usize {
    let count = said.lines().find_map(|line| line.split_once("pass ")?.1.trim().parse().ok());
    count.unwrap_or_else(|| panic!("no count: {said}"))
}

/// The same of Python's.
fn ran(said: &str) -> usize {
    let count = said.lines().find_map(|line| line.strip_prefix("Ran ")?.split(' ').next()?.parse().ok());
    count.unwrap_or_else(|| panic!("no count: {said}"))
}

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
    assert!(ran(&run("sdk/python", "python3", &tests, &Value::Null).await) >= 14);
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
