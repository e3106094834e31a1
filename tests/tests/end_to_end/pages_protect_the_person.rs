//! The hosted page against scanners, other browsers and other sites.

use ase_tests::harness::client::text;
use ase_tests::harness::{Answer, Page, Person, TestApp, events};
use serde_json::{Value, json};

async fn challenged(app: &TestApp, subject: &str) -> (String, String) {
    let decision =
        app.shop.platform.ingest(&events::risky_payout(&format!("evt-{subject}"), subject)).await.json(201);
    (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]))
}

async fn stage(app: &TestApp, session: &str) -> Value {
    app.shop.platform.get(&format!("/sessions/{session}")).await.json(200)["stage"].clone()
}

/// What a browser must be told with every page, whatever its status.
fn assert_protected(page: &Page) -> String {
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.contains(part), "{part} on {} {}: {policy}", page.status, page.url);
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    for (name, value) in [
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-robots-tag", "noindex, nofollow"),
        ("cross-origin-resource-policy", "same-origin"),
        // whoever opened the page in a window waits to hear of its end
        ("cross-origin-opener-policy", ""),
        ("content-encoding", ""),
    ] {
        assert_eq!(page.header(name), value, "{name} on {} {}", page.status, page.url);
    }
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
    assert!(nonce.len() >= 22 && page.html.contains(&format!("nonce=\"{nonce}\"")), "{policy}");
    nonce.to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_page_has_its_headers_on_every_status() {
    let app = TestApp::start().await;
    let (session, url) = challenged(&app, "ana").await;
    let (ana, eve) = (Person::new(), Person::new());
    let question = ana.open(&url).await;
    let first = assert_protected(&question);
    let again = assert_protected(&ana.open(&url).await);
    assert_ne!(first, again, "a nonce is used once");
    let missing = ana.open(&format!("{}/challenge/ses_missing", app.url)).await;
    assert_eq!(missing.status, 404);
    assert_protected(&missing);
    let stale = eve.send(&format!("{url}/intent"), &[("intent", "confirmed")], &[("origin", &app.url)]).await;
    // a form that is none of ours is refused with the official ways beside it
    assert_protected(&stale.showing(403, "help@shop.example"));
    assert_protected(
        &ana.submit(&question, "/intent", &[("intent", "confirmed")]).await.showing(200, "Enter the code"),
    );
    assert_protected(&eve.open(&url).await.showing(403, "open in another browser"));
    app.inbox.code_to("ana@example.com").await;
    app.database.run("update sessions set expires_at = clock_timestamp()").await;
    assert_protected(&ana.open(&url).await.showing(410, "help@shop.example"));
    let (_, guided) = challenged(&app, "bob").await;
    let bob = Person::new();
    let question = bob.open(&guided).await;
    assert_protected(
        &bob.submit(&question, "/intent", &[("intent", "unsure")]).await.showing(200, "End the call"),
    );
    assert!(!session.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn unknown_sessions_all_look_alike() {
    let app = TestApp::start().await;
    let resolved = app.shop.platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
    let resolved = text(&resolved["session"]["id"]);
    let person = Person::new();
    let mut seen = Vec::new();
    for id in ["ses_missing", "ses_00000000000000000000000000", "nonsense", "..%2f..", resolved.as_str()] {
        let page = person.open(&format!("{}/challenge/{id}", app.url)).await;
        let nonce = assert_protected(&page);
        seen.push((page.status, page.html.replace(&nonce, "")));
    }
    assert!(seen.iter().all(|page| *page == seen[0] && page.0 == 404), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn scanners_change_nothing() {
    let app = TestApp::start().await;
    let (session, url) = challenged(&app, "ana").await;
    let before = app.shop.platform.audit(&session).await;
    let scanner = app.shop.platform.with_key("");
    for (method, headers) in [
        ("GET", vec![("sec-purpose", "prefetch")]),
        ("GET", vec![("purpose", "prefetch"), ("user-agent", "SafeLinks")]),
        ("HEAD", vec![]),
        ("OPTIONS", vec![]),
        ("GET", vec![]),
    ] {
        let request = headers
            .iter()
            .fold(scanner.request(method, &url), |request, (name, value)| request.header(*name, *value));
        let answer = Answer::of(request).await;
        assert!(answer.status < 500, "{method}: {}", answer.status);
    }
    // a scanner that presses every button it finds, without a browser's headers
    let (visitor, mut held) = (Person::new(), Vec::new());
    let page = visitor.open(&url).await;
    let token = page.form("/intent").fields["form_token"].clone();
    for intent in ["confirmed", "guided"] {
        let fields = [("form_token", token.as_str()), ("intent", intent)];
        held.push(visitor.send(&format!("{url}/intent"), &fields, &[]).await.status);
        let request =
            scanner.request("POST", &format!("{url}/intent")).form(&fields).header("origin", &app.url);
        held.push(Answer::of(request).await.status);
    }
    assert_eq!(held, [403, 403, 403, 403]);
    assert_eq!(stage(&app, &session).await, "question");
    assert_eq!(app.shop.platform.audit(&session).await, before, "looking is no event");
    assert!(app.inbox.letters_to("ana@example.com").is_empty());
    let ana = Person::new();
    let question = ana.open(&url).await;
    ana.submit(&question, "/intent", &[("intent", "confirmed")]).await.showing(200, "Enter the code");
    app.inbox.code_to("ana@example.com").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn another_browser_cannot_answer() {
    let app = TestApp::start().await;
    let (session, url) = challenged(&app, "ana").await;
    let (ana, thief) = (Person::new(), Person::new());
    // both look before either answers, so both hold a form that is good
    let theirs = thief.open(&url).await;
    let question = ana.open(&url).await;
    let asked =
        ana.submit(&question, "/intent", &[("intent", "confirmed")]).await.showing(200, "Enter the code");
    let code = app.inbox.code_to("ana@example.com").await;

    thief.submit(&theirs, "/intent", &[("intent", "guided")]).await.showing(403, "open in another browser");
    let fields = theirs.form("/intent").fields;
    let token = ("form_token", fields["form_token"].as_str());
    let own = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin")];
    let tried = thief.send(&format!("{url}/code"), &[token, ("code", &code)], &own).await;
    tried.showing(403, "open in another browser");
    let hidden = thief.open(&url).await;
    assert!(!hidden.html.contains("a••@example.com") && !hidden.html.contains("DE89"), "{}", hidden.html);
    let actions = app.shop.platform.actions(&session).await;
    assert_eq!(
        actions.iter().filter(|action| *action == "session.binding_mismatch").count(),
        2,
        "{actions:?}"
    );
    assert_eq!(stage(&app, &session).await, "code");
    ana.submit(&asked, "/code", &[("code", &code)]).await.showing(200, "Thank you. You can go on.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn another_site_cannot_answer_for_the_browser() {
    let app = TestApp::start().await;
    let (session, url) = challenged(&app, "ana").await;
    let ana = Person::new();
    let question = ana.open(&url).await;
    let token = question.form("/intent").fields["form_token"].clone();
    let fields = [("form_token", token.as_str()), ("intent", "confirmed")];
    let evil = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    ana.send(&format!("{url}/intent"), &fields, &evil).await.showing(403, "");
    let own = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin")];
    ana.send(&format!("{url}/intent"), &[("form_token", "forged"), ("intent", "confirmed")], &own)
        .await
        .showing(403, "");

    let cookie = ana.cookies(&app.url);
    let ask = json!({ "session_id": session, "intent": "confirmed" });
    let browser = app.shop.platform.with_key("");
    let call = |origin: &str, kind: &str| {
        let request = browser.request("POST", "/checkpoint/intent").header("cookie", &cookie);
        Answer::of(request.header("origin", origin).header("content-type", kind).body(ask.to_string()))
    };
    call("https://evil.example", "application/json").await.problem(403, "cross_site");
    call(&app.url, "text/plain").await.problem(403, "cross_site");
    browser.post("/checkpoint/intent", &ask).await.problem(401, "unauthorized");
    assert_eq!(stage(&app, &session).await, "question");
    let answer = call(&app.url, "application/json").await.json(200);
    assert_eq!(answer["next"], "otp", "the same browser, from our own page, may");
    app.inbox.code_to("ana@example.com").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn words_of_others_are_words_and_nothing_else() {
    let app = TestApp::start().await;
    let mut event = events::risky_payout("evt-1", "ana");
    event["action"]["description"] = json!("<script>alert(1)</script>{{ 7 * 7 }}\" onload=\"x");
    event["action"]["destination"]["label"] = json!("<img src=x onerror=alert(1)>");
    let decision = app.shop.platform.ingest(&event).await.json(201);
    let page = Person::new()
        .open(&text(&decision["session"]["challenge_url"]))
        .await
        .showing(200, "Is anyone on a call");
    assert!(!page.html.contains("<script>alert") && !page.html.contains("<img src=x"), "{}", page.html);
    assert!(!page.html.contains(" onload=\"x"), "{}", page.html);
    app.shop.platform.intent(&text(&decision["session"]["id"]), "confirmed").await.json(200);
    let html = app.inbox.letter_to("ana@example.com").await.html();
    assert!(!html.contains("<script>") && !html.contains("<img src=x"), "{html}");
}
