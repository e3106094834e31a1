//! The Stop link of a mail, against those who follow links without being asked, and those who come too late.

use ase_tests::harness::client::text;
use ase_tests::harness::{Answer, Letter, Page, Person, TestApp, events};
use serde_json::json;

/// The link in both bodies of a mail.
fn stop_url(letter: &Letter) -> String {
    let text = letter.text();
    let link =
        text.split_whitespace().find(|word| word.contains("/stop/")).unwrap_or_else(|| panic!("{text}"));
    assert!(letter.html().contains(link), "the HTML has the same link");
    assert!(!letter.header("subject").contains("/stop/"));
    link.to_owned()
}

/// A session with its code sent, and the link that came along.
async fn sent(app: &TestApp, subject: &str) -> (String, Letter) {
    let decision =
        app.shop.platform.ingest(&events::risky_payout(&format!("evt-{subject}"), subject)).await.json(201);
    let session = text(&decision["session"]["id"]);
    app.shop.platform.intent(&session, "confirmed").await.json(200);
    (session, app.inbox.letter_to(&events::address(subject)).await)
}

async fn stage(app: &TestApp, session: &str) -> String {
    text(&app.shop.platform.get(&format!("/sessions/{session}")).await.json(200)["stage"])
}

async fn press(url: &str) -> Page {
    // another browser than the one that answers: the one of the mail program, without our cookies
    let reader = Person::new();
    let page = reader.open(url).await.showing(200, "Stop this action?");
    reader.submit(&page, "", &[]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_code_that_was_read_out_is_worth_nothing_after_stop() {
    let app = TestApp::start().await;
    let (session, letter) = sent(&app, "ana").await;
    let url = stop_url(&letter);
    press(&url).await.showing(200, "This was stopped");
    assert_eq!(stage(&app, &session).await, "break_contact");
    app.shop.platform.respond(&session, &letter.code()).await.problem(409, "invalid_transition");
    app.shop.platform.resend(&session).await.problem(409, "invalid_transition");
    let told = app.shop.platform.actions(&session).await;
    assert!(told.contains(&"session.revoked".to_owned()), "{told:?}");
    Person::new().open(&url).await.showing(200, "This was stopped");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_allow_that_nobody_used_is_taken_back() {
    let app = TestApp::start().await;
    let (session, letter) = sent(&app, "ana").await;
    let answer = app.shop.platform.respond(&session, &letter.code()).await.json(200);
    let token = text(&answer["decision_token"]);
    press(&stop_url(&letter)).await.showing(200, "This was stopped");
    assert_eq!(stage(&app, &session).await, "revoked");
    let verified = app.shop.platform.verify(&token).await;
    assert_eq!(verified, json!({ "valid": false, "proceed": false, "error": "session_revoked" }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_went_ahead_is_not_called_stopped() {
    let app = TestApp::start().await;
    let (session, letter) = sent(&app, "ana").await;
    let answer = app.shop.platform.respond(&session, &letter.code()).await.json(200);
    let (url, reader) = (stop_url(&letter), Person::new());
    let page = reader.open(&url).await.showing(200, "Stop this action?");
    assert_eq!(app.shop.platform.verify(&text(&answer["decision_token"])).await["proceed"], true);
    let late = reader.submit(&page, "", &[]).await.showing(200, "This already went ahead");
    assert!(late.html.contains("+49 30 1234567"), "the official way stands there");
    assert_eq!(stage(&app, &session).await, "allowed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_stop_and_32_uses_at_once_one_comes_first() {
    let app = TestApp::start().await;
    for round in 0..4 {
        let (session, letter) = sent(&app, &format!("ana{round}")).await;
        let answer = app.shop.platform.respond(&session, &letter.code()).await.json(200);
        let token = text(&answer["decision_token"]);
        let uses: Vec<_> = (0..32)
            .map(|_| {
                let (platform, token) = (app.shop.platform.clone(), token.clone());
                tokio::spawn(async move { platform.verify(&token).await["proceed"] == true })
            })
            .collect();
        let stopping = tokio::spawn({
            let url = stop_url(&letter);
            async move {
                let visitor = Person::new();
                let page = visitor.open(&url).await;
                if page.has_form("") { Some(visitor.submit(&page, "", &[]).await) } else { None }
            }
        });
        let mut redeemed = 0;
        for call in uses {
            redeemed += usize::from(call.await.unwrap());
        }
        stopping.await.unwrap();
        let expected = if redeemed == 1 { "allowed" } else { "revoked" };
        assert!(redeemed <= 1);
        assert_eq!(stage(&app, &session).await, expected, "redeemed {redeemed} times");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn scanners_and_forgers_stop_nothing() {
    let app = TestApp::start().await;
    let (session, letter) = sent(&app, "ana").await;
    let url = stop_url(&letter);
    app.settled().await;
    let before = app.shop.platform.audit(&session).await;
    let scanner = app.shop.platform.with_key("");
    for (method, headers) in [
        ("GET", vec![("sec-purpose", "prefetch")]),
        ("GET", vec![("user-agent", "SafeLinks")]),
        ("HEAD", vec![]),
        ("OPTIONS", vec![]),
    ] {
        let request = headers
            .iter()
            .fold(scanner.request(method, &url), |request, (name, value)| request.header(*name, *value));
        assert!(Answer::of(request).await.status < 500, "{method}");
    }
    let key = url.rsplit('/').next().unwrap().to_owned();
    let visitor = Person::new();
    let own = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin")];
    let evil = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    for (fields, headers) in [
        (vec![("form_token", key.as_str())], vec![]),
        (vec![("form_token", key.as_str())], evil.to_vec()),
        (vec![], own.to_vec()),
        (vec![("form_token", "forged")], own.to_vec()),
    ] {
        visitor.send(&url, &fields, &headers).await.showing(403, "");
    }
    let (base, _) = url.rsplit_once('/').unwrap();
    let (other, _) = sent(&app, "bob").await;
    for forged in
        [format!("{base}/{}", "A".repeat(43)), url.replace(&session, &other), url.replace("ses_", "ses_x")]
    {
        visitor.open(&forged).await.showing(404, "");
        visitor
            .send(&forged, &[("form_token", forged.rsplit('/').next().unwrap())], &own)
            .await
            .showing(404, "");
    }
    assert_eq!(app.shop.platform.audit(&session).await, before);
    app.shop.platform.respond(&session, &letter.code()).await.json(200);
}
