//! Double presses, headers full of rubbish, false names of the host, false origins of a request, and a stolen dump.

use ase_tests::harness::app::Setup;
use ase_tests::harness::client::text;
use ase_tests::harness::until::within;
use ase_tests::harness::{Answer, Person, TestApp, events, log};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

async fn challenged(app: &TestApp, subject: &str) -> (String, String) {
    let decision =
        app.shop.platform.ingest(&events::risky_payout(&format!("evt-{subject}"), subject)).await.json(201);
    (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_pressed_32_times_is_one_answer() {
    let app = TestApp::start().await;
    let (session, url) = challenged(&app, "ana").await;
    let ana = Person::new();
    let question = ana.open(&url).await;
    let presses: Vec<_> = (0..32)
        .map(|_| {
            let (ana, question) = (ana.clone(), question.clone());
            tokio::spawn(async move { ana.submit(&question, "/intent", &[("intent", "confirmed")]).await })
        })
        .collect();
    for press in presses {
        press.await.unwrap().showing(200, "Enter the code we sent you");
    }
    let told = app.shop.platform.actions(&session).await;
    for action in ["intent.answered", "otp.issued"] {
        assert_eq!(told.iter().filter(|told| *told == action).count(), 1, "{told:?}");
    }
    app.inbox.code_to("ana@example.com").await;
    app.settled().await;
    assert_eq!(app.inbox.letters_to("ana@example.com").len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn rubbish_in_headers_is_neither_shown_nor_fatal() {
    let app = TestApp::start().await;
    let (session, url) = challenged(&app, "ana").await;
    let visitor = app.shop.platform.with_key("");
    let rubbish =
        ["x".repeat(8192), "<script>alert(1)</script>".repeat(40), "de;q=".to_owned() + &"9".repeat(4000)];
    for name in ["accept-language", "user-agent", "referer", "x-forwarded-for", "x-request-id", "cookie"] {
        for value in &rubbish {
            let answer = Answer::of(visitor.request("GET", &url).header(name, value)).await;
            assert!(answer.status == 200 || (400..432).contains(&answer.status), "{name}: {}", answer.status);
            assert!(
                !answer.text.contains("<script>alert") && !answer.text.contains(&"x".repeat(100)),
                "{name}"
            );
        }
    }
    let shown = app.shop.platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!(shown["stage"], "question");
}

/// Sends a head as it is, and returns what comes back.
async fn raw(app: &TestApp, head: &[u8]) -> String {
    let mut stream = TcpStream::connect(app.url.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(head).await.unwrap();
    let mut answer = Vec::new();
    // the server may hang up before everything is read
    let _ = within("an answer", stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn bytes_that_no_header_may_hold_are_neither_shown_nor_logged() {
    const MARK: &str = "rubbish7f3a91";
    let app = TestApp::start().await;
    let (session, url) = challenged(&app, "ana").await;
    let path = url.strip_prefix(&app.url).unwrap();
    let rubbish: [&[u8]; 9] = [
        b"\0",
        b"\xff\xfe",
        b"\x7f",
        b"\x1b[31m",
        b"\r\nx-injected: 1",
        b"\rx-injected: 1",
        b"\nx-injected: 1",
        "\u{202e}\u{2028}".as_bytes(),
        b"=cmd|' /C calc'!A0",
    ];
    let names =
        ["accept-language", "user-agent", "referer", "x-forwarded-for", "x-request-id", "cookie", "origin"];
    for name in names {
        for bytes in rubbish {
            let begin = format!("GET {path} HTTP/1.1\r\nhost: ase\r\nconnection: close\r\n{name}: ! {MARK}");
            let head = [begin.as_bytes(), bytes, b" @", MARK.as_bytes(), b"\r\n\r\n"].concat();
            let answer = raw(&app, &head).await;
            let refused = answer.is_empty() || answer.starts_with("HTTP/1.1 4");
            assert!(refused || answer.starts_with("HTTP/1.1 200 "), "{name} {bytes:?}: {answer}");
            let head = answer.to_lowercase();
            assert!(!answer.contains(MARK) && !head.contains("x-injected"), "{name} {bytes:?}: {answer}");
        }
    }
    assert!(!log::lines().contains(MARK));
    let shown = app.shop.platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!(shown["stage"], "question");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn links_carry_our_own_name_whatever_a_request_calls_us() {
    let app = TestApp::start().await;
    let event = events::risky_payout("evt-1", "ana");
    let request = app.shop.platform.request("POST", "/events/ingest").json(&event);
    let request = request
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-proto", "https")
        .header("forwarded", "host=evil.example");
    let decision = Answer::of(request).await.json(201);
    let url = text(&decision["session"]["challenge_url"]);
    assert!(url.starts_with(&format!("{}/challenge/", app.url)), "{url}");
    app.shop.platform.intent(&text(&decision["session"]["id"]), "confirmed").await.json(200);
    let letter = app.inbox.letter_to("ana@example.com").await;
    assert!(!letter.raw.contains("evil.example"));
    assert!(letter.text().contains(&format!("{}/challenge/", app.url)), "{}", letter.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn nobody_makes_up_a_network_of_their_own() {
    let app = TestApp::start().await;
    let mut refused = 0;
    for number in 0..31 {
        let (_, url) = challenged(&app, &format!("s{number}")).await;
        let person = Person::new();
        let question = person.open(&url).await;
        let token = question.form("/intent").fields["form_token"].clone();
        let claimed = format!("198.51.100.{number}");
        let headers = [
            ("origin", app.url.as_str()),
            ("sec-fetch-site", "same-origin"),
            ("x-forwarded-for", claimed.as_str()),
        ];
        let fields = [("form_token", token.as_str()), ("intent", "confirmed")];
        refused += u32::from(person.send(&format!("{url}/intent"), &fields, &headers).await.status == 429);
    }
    assert_eq!(refused, 1, "who is no trusted proxy is counted by the address it comes from");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_dump_of_the_database_shows_no_code_and_no_way_to_a_person() {
    let app = TestApp::start_with(Setup { texts: true, ..Setup::default() }).await;
    app.reach(&app.shop, &json!({ "channels": ["sms", "email"], "sms_prefixes": ["+49"] })).await;
    let platform = &app.shop.platform;
    platform.ingest(&events::quiet_login("login", "ana")).await.json(201);
    // held, so that the dump is taken while both codes wait
    app.inbox.hold();
    app.provider().hold();
    let mut texted = events::risky_payout("evt-1", "ana");
    texted["subject"]["phone"] = json!("+4930123987");
    for event in [texted, events::risky_payout("evt-2", "bob")] {
        let decision = platform.ingest(&event).await.json(201);
        platform.intent(&text(&decision["session"]["id"]), "confirmed").await.json(200);
    }
    let tables = ["sessions", "events", "otp_codes", "outbox", "rate_limits", "decisions", "audit_entries"];
    let mut dumps = Vec::new();
    for table in tables {
        dumps.push(app.database.text(&format!("select string_agg(t::text, ' ') from {table} t")).await);
    }
    app.inbox.release();
    app.provider().release();
    let (by_text, by_mail) =
        (app.provider().text().await.code("127.0.0.1"), app.inbox.code_to("bob@example.com").await);
    for (table, dump) in tables.iter().zip(&dumps) {
        for secret in ["ana@example.com", "bob@example.com", "30123987", "Ana Lovelace"] {
            assert!(!dump.contains(secret), "`{secret}` stands in {table}");
        }
        // a code may be part of any longer number or time, so it is looked for as a word
        for code in [&by_text, &by_mail] {
            let found = dump.split(|c: char| !c.is_ascii_alphanumeric() && c != '.').any(|word| word == code);
            assert!(!found, "a code stands in {table}");
        }
    }
    assert!(dumps.iter().all(|dump| dump.len() > 20), "there was something to look at");
}
