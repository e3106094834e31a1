//! Clients that take their time, and requests that are larger, deeper or longer than any that means something.

use std::time::Duration;

use ase_tests::harness::app::Setup;
use ase_tests::harness::client::text;
use ase_tests::harness::until::within;
use ase_tests::harness::{Answer, Person, TestApp, events, sign};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
/// Between two bytes of a client that drips.
const DRIP: Duration = Duration::from_millis(20);

async fn hasty() -> TestApp {
    TestApp::start_with(Setup { request_seconds: Some(2), ..Setup::default() }).await
}

/// Sends `begin` at once and then a byte at a time, for ever; what came back when the server hung up is returned.
async fn drip(app: &TestApp, begin: String) -> String {
    let address = app.url.strip_prefix("http://").unwrap();
    let (mut reader, mut writer) = TcpStream::connect(address).await.unwrap().into_split();
    let dripping = tokio::spawn(async move {
        let mut sent = writer.write_all(begin.as_bytes()).await;
        while sent.is_ok() {
            tokio::time::sleep(DRIP).await;
            sent = writer.write_all(b"a").await;
        }
    });
    let reading = async {
        let (mut answer, mut piece) = (Vec::new(), [0; 4096]);
        while let Ok(read @ 1..) = reader.read(&mut piece).await {
            answer.extend_from_slice(&piece[..read]);
        }
        String::from_utf8_lossy(&answer).into_owned()
    };
    let answer = within("the server to hang up", reading).await;
    dripping.abort();
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_never_ends_is_cut() {
    let app = hasty().await;
    let head = "POST /events/ingest HTTP/1.1\r\nhost: ase\r\nx-slow: ".to_owned();
    let answer = drip(&app, head).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    app.shop.platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_never_ends_is_cut() {
    let app = hasty().await;
    let decision = app.shop.platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let session = text(&decision["session"]["id"]);
    let form = "application/x-www-form-urlencoded";
    let paths = [
        ("/events/ingest".to_owned(), "application/json"),
        (format!("/challenge/{session}/intent"), form),
        ("/dashboard/sign-in".to_owned(), form),
    ];
    for (path, kind) in paths {
        let key = &app.shop.platform.key;
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: ase\r\nauthorization: Bearer {key}\r\ncontent-type: {kind}\r\n\
            content-length: 100000\r\n\r\n"
        );
        let answer = drip(&app, head).await;
        assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("timed_out"), "{path}: {answer}");
    }
    app.shop.platform.intent(&session, "guided").await.json(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn json_that_is_nested_without_end_is_malformed() {
    let app = TestApp::start().await;
    let source = app.source("generic", json!({}), SECRET).await;
    let (arrays, objects) = ("[".repeat(200_000), r#"{"a":"#.repeat(100_000));
    let closed = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let within_an_event =
        format!(r#"{{"id":"evt-1","type":"other","subject":{{"id":"ana"}},"attributes":{{"a":{closed}}}}}"#);
    let bodies = [arrays, objects, closed, within_an_event];
    let paths = [
        ("POST", "/events/ingest"),
        ("POST", "/checkpoint/intent"),
        ("POST", "/checkpoint/respond"),
        ("POST", "/checkpoint/report"),
        ("POST", "/decisions/verify"),
        ("POST", "/lists/entries"),
        ("PUT", "/policies/default"),
        ("PUT", "/settings/channels"),
        ("POST", "/deliveries/replay"),
    ];
    for body in &bodies {
        for (method, path) in paths {
            let answer = Answer::of(app.shop.platform.request(method, path).body(body.clone())).await;
            assert!(matches!(answer.status, 400 | 422), "{path}: {} {}", answer.status, answer.text);
            assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        }
        let headers = sign::standard_webhooks(SECRET, "msg_1", sign::now(), body.as_bytes());
        let answer = app.shop.platform.webhook(&source.url, &headers, body.as_bytes()).await;
        assert!(answer.status < 500, "a connector that gives up is no failure of ours: {}", answer.status);
    }
    app.shop.platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_list_of_languages_without_end_changes_no_page() {
    let app = TestApp::start().await;
    let decision = app.shop.platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let url = text(&decision["session"]["challenge_url"]);
    let visitor = app.shop.platform.with_key("");
    let bombs = [
        "zz;q=0.1,".repeat(3_000),
        ('a'..='z').flat_map(|letter| [letter, letter, '-', 'y', ',']).collect::<String>().repeat(200),
        ",".repeat(16_000),
        "zz-".repeat(9_000),
        format!("zz;q={}", "0".repeat(20_000)),
        ";;q==".repeat(4_000),
    ];
    for bomb in bombs {
        let answer = Answer::of(visitor.request("GET", &url).header("accept-language", &bomb)).await;
        assert_eq!(answer.status, 200, "{}", bomb.chars().take(40).collect::<String>());
        assert!(answer.text.contains("Is anyone on a call"), "{}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn forms_and_heads_without_end_are_too_large() {
    let app = TestApp::start().await;
    let decision = app.shop.platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let (session, url) = (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]));
    let visitor = app.shop.platform.with_key("");
    let (huge, many) = ("a".repeat((1 << 20) + 1), "a=1&".repeat((1 << 18) - 1));
    for path in ["intent", "code", "resend", "report"] {
        let ask = |body: &str| {
            let request = visitor.request("POST", &format!("{url}/{path}")).body(body.to_owned());
            Answer::of(request.header("content-type", "application/x-www-form-urlencoded"))
        };
        ask(&huge).await.problem(413, "body_too_large");
        assert_eq!(ask(&many).await.status, 403, "a quarter of a million fields are no form of ours");
    }
    let many = (0..500).fold(visitor.request("GET", &url), |request, number| {
        request.header(format!("x-filling-{number}"), "x")
    });
    assert_eq!(Answer::of(many).await.status, 431);
    let long = visitor.request("GET", &url).header("x-filling", "x".repeat(64 << 10));
    // who is still sending when the server hangs up may miss its answer
    let told = Answer::try_of(long).await.map_or(431, |answer| answer.status);
    assert_eq!(told, 431);
    let shown = app.shop.platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!(shown["stage"], "question");
    Person::new().open(&url).await.showing(200, "Is anyone on a call");
}
