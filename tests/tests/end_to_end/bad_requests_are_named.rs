//! Every refusal says what is wrong, where, and in one form.

use ase_engine::access::KeyScope;
use ase_tests::harness::{Answer, TestApp, events};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One byte more than a body may have.
const TOO_LARGE: usize = (1 << 20) + 1;

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_bad_field_is_named_by_its_pointer() {
    let app = TestApp::start().await;
    let table: Vec<(&str, Value)> = vec![
        ("/id", json!("")),
        ("/id", json!(7)),
        ("/id", Value::Null),
        ("/type", json!("")),
        ("/subject/id", json!("")),
        ("/subject/email", json!("not an address")),
        ("/subject/email", json!("ana@example.com\r\nBcc: eve@example.com")),
        ("/subject/created_at", json!("yesterday")),
        ("/occurred_at", json!("2026-13-01T00:00:00Z")),
        ("/action/amount/value", json!("12,50")),
        ("/action/amount/value", json!("1e400")),
        ("/action/amount/currency", json!("euro")),
        ("/device/country", json!("Germany")),
        ("/device/flags", json!("call_active")),
        ("/return_url", json!("javascript:alert(1)")),
        ("/return_url", json!("https://shop.example.evil.com/after")),
    ];
    for (pointer, value) in table {
        let mut event = events::risky_payout("evt-1", "ana");
        if pointer.starts_with("/action") {
            event["action"]["amount"] = json!({ "value": "900.00", "currency": "EUR" });
        }
        set(&mut event, pointer, value.clone());
        let problem = app.shop.platform.ingest(&event).await.problem(422, "invalid_field");
        let named = problem["pointer"].as_str().unwrap();
        assert!(
            named.starts_with(pointer) || pointer.starts_with(named) && !named.is_empty(),
            "{pointer} = {value}: {problem}"
        );
        assert_eq!(problem["errors"][0]["pointer"], problem["pointer"]);
    }
    assert_eq!(app.database.count("select count(*) from events").await, 0, "nothing was written");
}

fn set(event: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    event.pointer_mut(parent).unwrap()[name] = value;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_is_no_json_is_malformed() {
    let app = TestApp::start().await;
    for body in ["", "{", "[]", "nonsense", "{\"id\":\"a\"} trailing", "\u{feff}{}"] {
        let request = app.shop.platform.request("POST", "/events/ingest").body(body.to_owned());
        let answer = Answer::of(request).await;
        assert!(matches!(answer.status, 400 | 422), "{body}: {} {}", answer.status, answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    let request = app.shop.platform.request("POST", "/events/ingest").body(vec![0xff, 0xfe]);
    Answer::of(request).await.problem(400, "malformed_body");
    for path in [
        "/checkpoint/intent",
        "/checkpoint/respond",
        "/checkpoint/resend",
        "/checkpoint/report",
        "/decisions/verify",
    ] {
        Answer::of(app.shop.platform.request("POST", path).body("{")).await.problem(400, "malformed_body");
        let missing = app.shop.platform.post(path, &json!({})).await.problem(422, "invalid_field");
        assert!(missing["pointer"].as_str().unwrap().starts_with('/'), "{path}: {missing}");
    }
    let wrong = json!({ "session_id": "ses_1", "intent": "yes" });
    let problem = app.shop.platform.post("/checkpoint/intent", &wrong).await.problem(422, "invalid_field");
    assert_eq!(problem["pointer"], "/intent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_body_beyond_one_mebibyte_is_too_large_also_in_chunks() {
    let app = TestApp::start().await;
    let source = app.source("generic", json!({}), "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=").await;
    let large = "x".repeat(TOO_LARGE);
    for path in ["/events/ingest", "/decisions/verify", source.url.strip_prefix(&app.url).unwrap()] {
        let request = app.shop.platform.request("POST", path).body(large.clone());
        Answer::of(request).await.problem(413, "body_too_large");
        let chunked = chunked(&app, path, large.as_bytes()).await;
        assert!(chunked.starts_with("HTTP/1.1 413 "), "{path}: {chunked}");
        assert!(chunked.contains("body_too_large"), "{path}: {chunked}");
    }
    let mut event = events::quiet_login("evt-1", "ana");
    let room = (1 << 20) - event.to_string().len() - r#","attributes":{"filling":""}"#.len();
    event["attributes"] = json!({ "filling": "x".repeat(room) });
    assert_eq!(event.to_string().len(), 1 << 20);
    let answer = app.shop.platform.ingest(&event).await;
    assert_ne!(answer.status, 413, "exactly one mebibyte is read: {}", answer.text);
}

/// Sends a body in chunks, its length untold, and returns what comes back.
async fn chunked(app: &TestApp, path: &str, body: &[u8]) -> String {
    let address = app.url.strip_prefix("http://").unwrap();
    let (mut reader, mut writer) = TcpStream::connect(address).await.unwrap().into_split();
    let key = &app.shop.platform.key;
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\n\
        content-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    );
    let body = body.to_vec();
    let sending = tokio::spawn(async move {
        writer.write_all(head.as_bytes()).await?;
        for chunk in body.chunks(64 << 10) {
            writer.write_all(format!("{:x}\r\n", chunk.len()).as_bytes()).await?;
            writer.write_all(chunk).await?;
            writer.write_all(b"\r\n").await?;
        }
        writer.write_all(b"0\r\n\r\n").await?;
        // kept open until the answer is there
        Ok::<_, std::io::Error>(writer)
    });
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    while let Ok(read @ 1..) = reader.read(&mut piece).await {
        answer.extend_from_slice(&piece[..read]);
    }
    // the server may stop listening before everything is sent
    let _ = sending.await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn keys_that_are_none_and_scopes_that_are_missing_are_told_apart() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let right = platform.key.clone();
    let wrong = format!("{}x", &right[..right.len() - 1]);
    for key in ["", "nonsense", "ase_sk_", "ase_sk_a_b", &wrong] {
        let answer = platform.with_key(key).ingest(&events::quiet_login("evt-1", "ana")).await;
        answer.problem(401, "unauthorized");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    let reader = platform.with_key(&app.key(&[KeyScope::SessionsRead]).await);
    assert_eq!(reader.get("/sessions").await.status, 200);
    let session = json!({ "session_id": "ses_1", "intent": "confirmed" });
    let refused = [
        reader.ingest(&events::quiet_login("evt-1", "ana")).await,
        reader.post("/decisions/verify", &json!({ "token": "x" })).await,
        reader.post("/checkpoint/intent", &session).await,
        reader.get("/sessions/ses_1/audit").await,
        reader.get("/audit/entries").await,
        reader.get("/reports").await,
        reader.get("/policies").await,
        Answer::of(reader.request("PUT", "/policies/default").body("{}")).await,
    ];
    for answer in refused {
        let problem = answer.problem(403, "missing_scope");
        assert!(problem["detail"].as_str().unwrap().contains(':'), "it names the scope: {problem}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn paths_and_methods_that_are_none_are_problems_too() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    platform.get("/nothing/here").await.problem(404, "not_found");
    platform.get("/sessions/ses_1").await.problem(404, "not_found");
    platform.get("/demo/mailbox.json").await.problem(404, "not_found");
    platform.post("/webhooks/generic/src_none", &json!({})).await.problem(404, "not_found");
    platform.post("/webhooks/nobody/src_none", &json!({})).await.problem(404, "not_found");
    let wrong = platform.get("/events/ingest").await;
    wrong.problem(405, "method_not_allowed");
    assert_eq!(wrong.header("allow"), "POST");
    Answer::of(platform.request("DELETE", "/sessions")).await.problem(405, "method_not_allowed");
    for bad in
        ["/sessions?limit=0", "/sessions?limit=201", "/sessions?after=nonsense", "/sessions?outcome=maybe"]
    {
        platform.get(bad).await.problem(422, "invalid_field");
    }
    let answer = platform.get("/sessions?limit=many").await;
    assert_eq!(
        (answer.status / 100, answer.header("content-type")),
        (4, "application/problem+json"),
        "{}",
        answer.text
    );
    let policy =
        Answer::of(platform.request("PUT", "/policies/default").body(r#"{"name":"default","unknown":1}"#))
            .await;
    assert_eq!(
        (policy.status / 100, policy.header("content-type")),
        (4, "application/problem+json"),
        "{}",
        policy.text
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_unknown_type_is_scored_as_other_and_a_disabled_source_is_gone() {
    let app = TestApp::start().await;
    let mut event = events::quiet_login("evt-1", "ana");
    event["type"] = json!("llama.groomed");
    let decision = app.shop.platform.ingest(&event).await.json(201);
    assert_eq!(decision["outcome"], "allow");
    let source = app.source("generic", json!({}), "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=").await;
    let operator = ase_tests::harness::app::operator();
    app.app.engine.disable_source(&app.shop.org_id, &source.id, &operator).await.unwrap();
    ase_tests::harness::until::until("the end of the source", || async {
        (app.shop.platform.webhook(&source.url, &Vec::new(), b"{}").await.status == 404).then_some(())
    })
    .await;
}
