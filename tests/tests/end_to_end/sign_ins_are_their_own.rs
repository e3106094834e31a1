//! Sessions of the dashboard: nobody brings one along, none outlives its end, and many sign-ins at once stand back
//! behind decisions.

use std::sync::Arc;

use ase_tests::harness::app::{Setup, operator};
use ase_tests::harness::client::text;
use ase_tests::harness::{Answer, TestApp, events};
use secrecy::SecretString;

const EMAIL: &str = "analyst@shop.example";
const PASSWORD: &str = "correct horse battery staple";
/// Sign-ins at one time.
const FLOOD: usize = 200;

async fn with_analysts(app: &TestApp, emails: &[&str]) {
    for email in emails {
        let password = SecretString::from(PASSWORD);
        app.app.engine.create_user(&app.shop.org_id, email, "analyst", password, &operator()).await.unwrap();
    }
}

/// The value of a cookie that an answer sets.
fn set_cookie(answer: &Answer, name: &str) -> Option<String> {
    let mut values = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let value = values.find_map(|cookie| cookie.strip_prefix(&format!("{name}=")))?;
    Some(value.split(';').next().unwrap().to_owned())
}

/// The token of a sign-in form, which is its cookie, too.
async fn form_token(app: &TestApp) -> String {
    let form = app.shop.platform.with_key("").get("/dashboard/sign-in").await;
    set_cookie(&form, "ase_sign_in").unwrap()
}

/// Sends the form from a browser that already carries `cookies`.
async fn attempt(app: &TestApp, (email, password): (&str, &str), token: &str, cookies: &str) -> Answer {
    let fields = [("email", email), ("password", password), ("form_token", token)];
    let request = app.shop.platform.with_key("").request("POST", "/dashboard/sign-in").form(&fields);
    let request = request.header("cookie", format!("{cookies}; ase_sign_in={token}"));
    Answer::of(request.header("origin", &app.url).header("sec-fetch-site", "same-origin")).await
}

/// Signs in from a browser that already carries `cookies`, and returns the answer.
async fn sign_in(app: &TestApp, email: &str, cookies: &str) -> Answer {
    attempt(app, (email, PASSWORD), &form_token(app).await, cookies).await
}

/// Where whoever carries this session ends up, and what they see.
async fn seen(app: &TestApp, session: &str) -> (u16, String) {
    let visitor = app.shop.platform.with_key("");
    let request = visitor.request("GET", "/dashboard/events");
    let answer = Answer::of(request.header("cookie", format!("ase_dashboard={session}"))).await;
    (answer.status, if answer.status == 303 { answer.header("location").to_owned() } else { answer.text })
}

async fn assert_signed_in(app: &TestApp, session: &str, email: &str) {
    let (status, page) = seen(app, session).await;
    assert!(status == 200 && page.contains(email), "{status}: {page}");
}

async fn assert_signed_out(app: &TestApp, session: &str) {
    assert_eq!(seen(app, session).await, (303, "/dashboard/sign-in".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_session_that_somebody_brings_along_is_never_theirs() {
    let app = TestApp::start().await;
    with_analysts(&app, &[EMAIL, "mallory@shop.example"]).await;
    let mallory = sign_in(&app, "mallory@shop.example", "").await;
    let theirs = set_cookie(&mallory, "ase_dashboard").unwrap();
    let made_up = "A".repeat(43);
    for brought in [made_up.as_str(), theirs.as_str()] {
        let answer = sign_in(&app, EMAIL, &format!("ase_dashboard={brought}")).await;
        let own = set_cookie(&answer, "ase_dashboard").unwrap();
        assert_eq!(answer.status, 303);
        assert_ne!(own, brought, "a session begins with its sign-in");
        assert_signed_in(&app, &own, EMAIL).await;
    }
    assert_signed_out(&app, &made_up).await;
    // who planted their own session sees themselves in it, as before
    let (_, page) = seen(&app, &theirs).await;
    assert!(page.contains("mallory@shop.example") && !page.contains(EMAIL), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_session_outlives_its_end() {
    let app = TestApp::start().await;
    with_analysts(&app, &[EMAIL]).await;
    let fresh = async || {
        let session = set_cookie(&sign_in(&app, EMAIL, "").await, "ase_dashboard").unwrap();
        assert_signed_in(&app, &session, EMAIL).await;
        session
    };
    // its holder signed out: whoever kept a copy is out, too
    let session = fresh().await;
    let page = seen(&app, &session).await.1;
    let token = page.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let request = app.shop.platform.with_key("").request("POST", "/dashboard/sign-out");
    let request = request.form(&[("form_token", token)]).header("cookie", format!("ase_dashboard={session}"));
    let out = Answer::of(request.header("origin", &app.url).header("sec-fetch-site", "same-origin")).await;
    assert_eq!((out.status, set_cookie(&out, "ase_dashboard").unwrap().as_str()), (200, ""));
    assert_signed_out(&app, &session).await;
    // nobody was there for half an hour, or half a day is over
    for gone in ["last_seen_at = last_seen_at - interval '31 minutes'", "expires_at = clock_timestamp()"] {
        let session = fresh().await;
        app.database.run(&format!("update sign_ins set {gone}")).await;
        assert_signed_out(&app, &session).await;
    }
    // the user is disabled
    let session = fresh().await;
    let users = app.app.engine.users(&app.shop.org_id).await.unwrap();
    app.app.engine.disable_user(&app.shop.org_id, &users[0].user_id, &operator()).await.unwrap();
    assert_signed_out(&app, &session).await;
    assert_eq!(sign_in(&app, EMAIL, "").await.status, 401);
    assert_eq!(
        app.database.count("select count(*) from sign_ins where expires_at > clock_timestamp()").await,
        0
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_form_without_a_session_does_nothing() {
    let app = TestApp::start().await;
    let decision = app.shop.platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
    let session = text(&decision["session"]["id"]);
    let visitor = app.shop.platform.with_key("");
    for path in [
        format!("/dashboard/sessions/{session}/label"),
        "/dashboard/deliveries/dlv_1".to_owned(),
        "/dashboard/deliveries/dlv_1/replay".to_owned(),
        "/dashboard/deliveries/replay".to_owned(),
        "/dashboard/connectors/generic/try".to_owned(),
        "/dashboard/sign-out".to_owned(),
    ] {
        let request = visitor.request("POST", &path).form(&[("label", "scam"), ("form_token", "x")]);
        let request = request.header("origin", &app.url).header("sec-fetch-site", "same-origin");
        let answer = Answer::of(request.header("cookie", format!("ase_dashboard={}", "A".repeat(43)))).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/dashboard/sign-in"), "{path}");
    }
    assert_eq!(app.database.count("select count(*) from session_labels").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn cookies_belong_to_one_host_under_https() {
    let app = TestApp::start().await;
    let decision = app.shop.platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let node = app.node_called("https://ase.example").await;
    let path = text(&decision["session"]["challenge_url"]).replace(&app.url, "");
    for (path, name) in [("/dashboard/sign-in", "ase_sign_in"), (path.as_str(), "ase_browser")] {
        let request = app.shop.platform.with_key("").request("GET", &format!("{}{path}", node.url));
        let answer = Answer::of(request).await;
        let set = answer.header("set-cookie");
        assert!(set.starts_with(&format!("__Host-{name}=")), "{set}");
        for attribute in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/;"] {
            assert!(set.contains(attribute), "{attribute}: {set}");
        }
        assert!(!set.to_lowercase().contains("domain="), "{set}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_sign_ins_leaves_decisions_their_place() {
    // fewer requests at one time than there are sign-ins: were they all let in to wait, nobody else would be
    let app = TestApp::start_with(Setup { concurrent_requests: Some(150), ..Setup::default() }).await;
    let app = Arc::new(app);
    with_analysts(&app, &[EMAIL]).await;
    let mut tokens = Vec::new();
    for number in 0..20 {
        let login = events::quiet_login(&format!("evt-{number}"), &format!("s{number}"));
        tokens.push(text(&app.shop.platform.ingest(&login).await.json(201)["decision_token"]));
    }
    let form = form_token(&app).await;
    let flood: Vec<_> = (0..FLOOD)
        .map(|number| {
            let (app, form) = (Arc::clone(&app), form.clone());
            let email = if number % 2 == 0 { EMAIL } else { "nobody@shop.example" };
            tokio::spawn(async move { attempt(&app, (email, "wrong password"), &form, "").await.status })
        })
        .collect();
    for token in &tokens {
        assert_eq!(app.shop.platform.verify(token).await["proceed"], true, "decisions go on");
    }
    let (mut refused, mut turned_away) = (0, 0);
    for sign_in in flood {
        match sign_in.await.unwrap() {
            401 => refused += 1,
            429 | 503 => turned_away += 1,
            other => panic!("{other}"),
        }
    }
    assert_eq!(refused + turned_away, FLOOD);
    assert!(refused > 0 && turned_away > 0, "some had their turn ({refused}), some none ({turned_away})");
    // nobody is locked out by it
    assert_eq!(sign_in(&app, EMAIL, "").await.status, 303);
}
