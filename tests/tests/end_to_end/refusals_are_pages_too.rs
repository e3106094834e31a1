//! Whatever turns a person away on the way to a page: it is said on a page, in their language, and guarded like any other.

use ase_tests::harness::app::Setup;
use ase_tests::harness::client::text;
use ase_tests::harness::until::until;
use ase_tests::harness::{Answer, Person, TestApp, events};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

const FORM: &str = "application/x-www-form-urlencoded";

async fn challenged(app: &TestApp, subject: &str) -> (String, String) {
    let event = events::risky_payout(&format!("evt-{subject}"), subject);
    let decision = app.shop.platform.ingest(&event).await.json(201);
    (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]))
}

/// A request of a browser that goes somewhere.
fn going(app: &TestApp, method: &str, path: &str) -> reqwest::RequestBuilder {
    let request = app.shop.platform.with_key("").request(method, path);
    request.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8").header("origin", &app.url)
}

fn form(app: &TestApp, path: &str, body: &str) -> reqwest::RequestBuilder {
    going(app, "POST", path).header("content-type", FORM).body(body.to_owned())
}

/// What every answer says to a browser, whoever gave it and whatever it is.
fn assert_guarded(answer: &Answer, what: &str) {
    let policy = answer.header("content-security-policy");
    for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action '"] {
        assert!(policy.contains(part), "{what}: {part}: {policy}");
    }
    for (name, value) in [
        ("cache-control", "no-store"),
        ("cross-origin-resource-policy", "same-origin"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("x-robots-tag", "noindex, nofollow"),
        // the stories speak http, over which no browser takes it
        ("strict-transport-security", ""),
    ] {
        assert_eq!(answer.header(name), value, "{what}: {name}");
    }
    let powers = answer.header("permissions-policy");
    for power in ["camera", "display-capture", "geolocation", "microphone", "payment", "usb"] {
        assert!(powers.contains(&format!("{power}=()")), "{what}: {power}: {powers}");
    }
}

/// A refusal that a person reads: a guarded page.
fn assert_page(answer: &Answer, status: u16, shown: &str, what: &str) {
    assert_eq!(answer.status, status, "{what}: {}", answer.text);
    assert!(answer.header("content-type").starts_with("text/html"), "{what}: {}", answer.text);
    assert!(answer.text.contains(shown), "{what}: `{shown}`: {}", answer.text);
    assert!(
        answer.header("content-security-policy").contains("require-trusted-types-for 'script'"),
        "{what}"
    );
    assert_guarded(answer, what);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_the_framework_turns_away_is_said_on_a_page() {
    let app = TestApp::start().await;
    let (session, _) = challenged(&app, "ana").await;
    let path = |step: &str| format!("/challenge/{session}{step}");
    let (huge, twice) = ("a".repeat((1 << 20) + 1), "form_token=a&form_token=b");
    let plain = |path: &str| going(&app, "POST", path).header("content-type", "text/plain").body("x");
    let unread = "We could not read that";
    let table = [
        (going(&app, "GET", &path("?lang=en&lang=en")), 400, unread),
        (going(&app, "GET", &path("/intent")), 405, unread),
        (going(&app, "DELETE", &path("")), 405, unread),
        (form(&app, &path("/code"), &huge), 413, "too much text"),
        (plain(&path("/intent")), 415, unread),
        (form(&app, &path("/intent"), twice), 422, unread),
        (going(&app, "GET", &path("/nothing")), 404, "We cannot find this page"),
        (going(&app, "PUT", "/dashboard/sign-in"), 405, "Not understood"),
        (form(&app, "/dashboard/sign-in", &huge), 413, "Not understood"),
        (form(&app, "/dashboard/sign-in", "email=a&email=b"), 422, "Not understood"),
        (going(&app, "GET", "/dashboard/nothing"), 404, "There is no such page here"),
    ];
    for (request, status, shown) in table {
        let sent = request.try_clone().unwrap().build().unwrap();
        let what = format!("{} {}", sent.method(), sent.url());
        let answer = Answer::of(request).await;
        assert_page(&answer, status, shown, &what);
        let again = format!("<a class=\"button\" href=\"{}", path(""));
        let leads_back = what.contains("/challenge/") && status != 404;
        assert_eq!(answer.text.contains(&again), leads_back, "{what}: {}", answer.text);
        let opener = if what.contains("/dashboard/") { "same-origin-allow-popups" } else { "" };
        assert_eq!(answer.header("cross-origin-opener-policy"), opener, "{what}");
        assert_eq!(answer.header("allow").is_empty(), status != 405, "{what}");
    }
    // in the language that the address or the browser names
    let german = going(&app, "GET", &path("/intent?lang=de")).header("accept-language", "ar");
    assert_page(&Answer::of(german).await, 405, "Das konnten wir nicht lesen", "?lang=de");
    let arabic = going(&app, "GET", &path("/intent")).header("accept-language", "ar");
    assert_page(&Answer::of(arabic).await, 405, "<html lang=\"ar\" dir=\"rtl\">", "Accept-Language");
    // a program hears of it as programs do
    let program = app.shop.platform.with_key("").get(&path("/intent")).await;
    program.problem(405, "method_not_allowed");
    assert_guarded(&program, "a program");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn redirects_and_answers_with_tokens_are_kept_by_nobody() {
    let app = TestApp::start().await;
    for path in ["/dashboard", "/dashboard/events"] {
        let away = Answer::of(going(&app, "GET", path)).await;
        assert_eq!(away.status, 303, "{path}");
        assert_guarded(&away, path);
        assert_eq!(away.header("cross-origin-opener-policy"), "same-origin-allow-popups");
    }
    let (session, url) = challenged(&app, "ana").await;
    let ana = Person::new();
    let fields = ana.open(&url).await.form("/intent").fields;
    let body = [("form_token", fields["form_token"].as_str()), ("intent", "guided")];
    let answered = going(&app, "POST", &format!("{url}/intent")).header("cookie", ana.cookies(&app.url));
    let answered = Answer::of(answered.header("sec-fetch-site", "same-origin").form(&body)).await;
    assert_eq!(answered.status, 303, "{}", answered.text);
    assert_guarded(&answered, "an answer");

    let platform = &app.shop.platform;
    let login = platform.ingest(&events::quiet_login("evt-1", "bob")).await;
    let token = login.json(201)["decision_token"].clone();
    let ask = json!({ "session_id": session, "code": "123456" });
    for (what, answer) in [
        ("ingest", login),
        ("verify", platform.post("/decisions/verify", &json!({ "token": token })).await),
        ("session", platform.get(&format!("/sessions/{session}")).await),
        ("sessions", platform.get("/sessions").await),
        ("explained", platform.get(&format!("/decisions/{session}")).await),
        ("respond", platform.post("/checkpoint/respond", &ask).await),
        ("status", platform.get(&format!("/challenge/{session}/status")).await),
        ("nothing", platform.get("/nothing").await),
        ("no key", platform.with_key("").get("/sessions").await),
    ] {
        assert_guarded(&answer, what);
        assert_eq!(answer.header("content-encoding"), "", "{what}");
    }
    // what is the same for everybody is kept for as long as before
    let page = ana.open(&url).await;
    let style = page.html.split("href=\"").find(|rest| rest.starts_with("/assets/challenge.css")).unwrap();
    let style = platform.with_key("").get(style.split('"').next().unwrap()).await;
    assert_eq!(style.header("cache-control"), "public, max-age=31536000, immutable");
    let script = platform.with_key("").get("/sdk/v1/ase.js").await;
    assert_eq!(script.header("cache-control"), "public, max-age=3600");
    assert_eq!(script.header("cross-origin-resource-policy"), "cross-origin", "other sites load it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn over_https_browsers_are_told_to_stay_there() {
    let app = TestApp::start().await;
    let node = app.node_called("https://ase.example").await;
    for (path, status) in [
        ("/dashboard/sign-in", 200),
        ("/dashboard/events", 303),
        ("/challenge/ses_none", 404),
        ("/nothing", 404),
    ] {
        let answer = app.shop.platform.with_key("").get(&format!("{}{path}", node.url)).await;
        assert_eq!(answer.status, status, "{path}");
        let told = answer.header("strict-transport-security");
        assert_eq!(told, "max-age=31536000; includeSubDomains", "{path}");
    }
}

/// A connection with the beginning of a form.
async fn unfinished(app: &TestApp, session: &str) -> TcpStream {
    let mut stream = TcpStream::connect(app.url.strip_prefix("http://").unwrap()).await.unwrap();
    let head = format!(
        "POST /challenge/{session}/intent HTTP/1.1\r\nhost: ase\r\ncontent-type: {FORM}\r\n\
         content-length: 99\r\n\r\na"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_at_its_limit_says_so_on_a_page() {
    let app = TestApp::start_with(Setup { concurrent_requests: Some(1), ..Setup::default() }).await;
    let (session, url) = challenged(&app, "ana").await;
    // somebody who never sends the rest of a form has the only place
    let mut idle = Vec::new();
    let full = loop {
        idle.push(unfinished(&app, &session).await);
        let answer = Answer::of(going(&app, "GET", &url)).await;
        if answer.status == 503 {
            break answer;
        }
        assert!(idle.len() < 100, "the place is never taken");
    };
    assert_page(&full, 503, "We cannot check this right now", "a challenge");
    assert!(full.text.contains(&format!("href=\"/challenge/{session}\"")), "{}", full.text);
    assert_eq!(full.header("retry-after"), "1");
    let dashboard = Answer::of(going(&app, "GET", "/dashboard/sign-in")).await;
    assert_page(&dashboard, 503, "Not available right now", "the dashboard");
    drop(idle);
    until("the place", || async { (Answer::of(going(&app, "GET", &url)).await.status == 200).then_some(()) })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_store_that_fails_is_told_on_a_page() {
    let app = TestApp::start().await;
    let (session, url) = challenged(&app, "ana").await;
    let ana = Person::new();
    let question = ana.open(&url).await;
    app.database.run("alter table sessions rename to sessions_away").await;
    let failed = Answer::of(going(&app, "GET", &url)).await;
    let sent = ana.submit(&question, "/intent", &[("intent", "guided")]).await;
    app.database.run("alter table sessions_away rename to sessions").await;
    assert_page(&failed, 500, "We cannot check this right now", "a page");
    assert!(failed.text.contains(&format!("href=\"/challenge/{session}\"")), "{}", failed.text);
    assert_eq!((sent.status, sent.header("referrer-policy")), (500, "no-referrer"), "{}", sent.html);
    let shown: Value = app.shop.platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!(shown["stage"], "question", "nothing was taken");
}
