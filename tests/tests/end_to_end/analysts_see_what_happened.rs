//! The dashboard: who may look, and what they see.

use ase_tests::harness::app::{Tenant, operator};
use ase_tests::harness::client::text;
use ase_tests::harness::{Page, Person, TestApp, events};
use secrecy::SecretString;
use serde_json::json;

const EMAIL: &str = "analyst@shop.example";
const PASSWORD: &str = "correct horse battery staple";

async fn with_analyst() -> TestApp {
    let app = TestApp::start().await;
    make_analyst(&app, &app.shop, EMAIL).await;
    app
}

async fn make_analyst(app: &TestApp, tenant: &Tenant, email: &str) {
    let password = SecretString::from(PASSWORD);
    app.app.engine.create_user(&tenant.org_id, email, "analyst", password, &operator()).await.unwrap();
}

async fn sign_in(app: &TestApp, email: &str, password: &str) -> (Person, Page) {
    let person = Person::new();
    let gate = person.open(&format!("{}/dashboard", app.url)).await.showing(200, "Sign in");
    let page = person.submit(&gate, "/dashboard/sign-in", &[("email", email), ("password", password)]).await;
    (person, page)
}

/// Names and values of a form or of headers.
type Fields<'a> = &'a [(&'a str, &'a str)];

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_analyst_signs_in_looks_and_signs_out() {
    let app = with_analyst().await;
    let (session, token) = app.until_the_token(&events::risky_payout("evt-1", "ana")).await;
    app.shop.platform.verify(&token).await;
    let guided = app.shop.platform.ingest(&events::risky_payout("evt-2", "bob")).await.json(201);
    let guided = text(&guided["session"]["id"]);
    app.shop.platform.intent(&guided, "guided").await.json(200);
    let report = json!({ "session_id": guided, "channel": "phone", "contact": "+49 30 999", "claimed_identity": "<b>the bank</b>",
        "narrative": "<script>alert(1)</script> the code was 123456" });
    app.shop.platform.post("/checkpoint/report", &report).await.json(201);

    let (analyst, list) = sign_in(&app, EMAIL, PASSWORD).await;
    let list = list.showing(200, "evt-1").showing(200, "evt-2").showing(200, EMAIL);
    assert_eq!(list.url.path(), "/dashboard/events");
    let blocked = analyst.open(&format!("{}/dashboard/events?outcome=block_escalate", app.url)).await;
    assert!(!blocked.showing(200, "Nothing with this outcome").html.contains("evt-1"));

    let record = analyst.open(&format!("{}/dashboard/sessions/{session}", app.url)).await;
    for shown in ["REMOTE_OR_CALL_ACTIVE", "token.verified", "Answer and email code", "DE89 … 3000"] {
        assert!(record.html.contains(shown), "{shown}: {}", record.html);
    }
    let reports =
        analyst.open(&format!("{}/dashboard/reports", app.url)).await.showing(200, "the code was ••••");
    assert!(
        !reports.html.contains("<script>alert") && !reports.html.contains("<b>the bank"),
        "{}",
        reports.html
    );
    analyst.open(&format!("{}/dashboard/connectors", app.url)).await.showing(200, "Any sender");

    let end = analyst.submit(&reports, "/dashboard/sign-out", &[]).await.showing(200, "You are signed out.");
    assert!(end.has_form("/dashboard/sign-in"));
    let outside = analyst.open(&format!("{}/dashboard/sessions/{session}", app.url)).await;
    assert_eq!(outside.url.path(), "/dashboard/sign-in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn nobody_else_signs_in() {
    let app = with_analyst().await;
    let mut pages = Vec::new();
    for (email, password) in
        [(EMAIL, "wrong password"), ("nobody@shop.example", PASSWORD), (EMAIL, ""), ("", "")]
    {
        let (person, page) = sign_in(&app, email, password).await;
        let page = page.showing(401, "Email or password is not right.");
        pages.push(page.html.replace(email, "").len() / 100);
        let outside = person.open(&format!("{}/dashboard/events", app.url)).await;
        assert_eq!(outside.url.path(), "/dashboard/sign-in");
    }
    assert!(pages.iter().all(|length| *length == pages[0]), "an unknown address looks like a wrong password");
    let told = app.shop.platform.get("/audit/entries").await.json(200);
    assert_eq!(told["entries"][0]["action"], "analyst.sign_in_failed");
    let users = app.app.engine.users(&app.shop.org_id).await.unwrap();
    app.app.engine.disable_user(&app.shop.org_id, &users[0].user_id, &operator()).await.unwrap();
    let (_, page) = sign_in(&app, EMAIL, PASSWORD).await;
    page.showing(401, "Email or password is not right.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn forms_that_are_not_ours_are_refused() {
    let app = with_analyst().await;
    let sign_in_url = format!("{}/dashboard/sign-in", app.url);
    let fields = [("email", EMAIL), ("password", PASSWORD), ("form_token", "x")];
    let own = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin")];
    Person::new().send(&sign_in_url, &fields, &own).await.showing(403, "Sign in");

    let (analyst, list) = sign_in(&app, EMAIL, PASSWORD).await;
    let sign_out = format!("{}/dashboard/sign-out", app.url);
    let token = list.form("/dashboard/sign-out").fields["form_token"].clone();
    let token = [("form_token", token.as_str())];
    let forged: [(Fields<'_>, Fields<'_>); 5] = [
        (&[], &own),
        (&[("form_token", "forged")], &own),
        (&token, &[]),
        (&token, &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")]),
        (&token, &[("sec-fetch-site", "same-site")]),
    ];
    for (fields, headers) in forged {
        assert_eq!(analyst.send(&sign_out, fields, headers).await.status, 403, "{headers:?}");
    }
    let still = analyst.open(&format!("{}/dashboard/events", app.url)).await;
    assert_eq!(still.url.path(), "/dashboard/events", "still signed in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let app = with_analyst().await;
    let gate = Person::new();
    let form = gate.open(&format!("{}/dashboard/sign-in", app.url)).await;
    let token = form.form("/dashboard/sign-in").fields["form_token"].clone();
    let fields = [("email", EMAIL), ("password", PASSWORD), ("form_token", token.as_str())];
    let request = app.shop.platform.with_key("").request("POST", "/dashboard/sign-in").form(&fields);
    let cookie = gate.cookies(&app.url);
    let answer =
        ase_tests::harness::Answer::of(request.header("cookie", cookie).header("origin", &app.url)).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/dashboard/events"));
    let set: Vec<&str> =
        answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let session = set.iter().find(|cookie| cookie.starts_with("ase_dashboard=")).unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(session.contains(attribute), "{attribute}: {session}");
    }
    let value = session.trim_start_matches("ase_dashboard=").split(';').next().unwrap();
    assert!(value.len() >= 43, "256 random bits");
    let kept = app
        .database
        .count(&format!(
            "select count(*) from sign_ins where position('{value}' in encode(sign_in_hash, 'escape')) > 0"
        ))
        .await;
    assert_eq!(kept, 0, "only a digest of it is kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn analysts_see_their_own_organisation_alone() {
    let app = with_analyst().await;
    let stranger = app.organisation("Another Shop").await;
    make_analyst(&app, &stranger, "analyst@another.example").await;
    let decision = app.shop.platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
    let session = text(&decision["session"]["id"]);
    let (theirs, list) = sign_in(&app, "analyst@another.example", PASSWORD).await;
    assert!(!list.showing(200, "No events yet").html.contains("evt-1"));
    let foreign = theirs.open(&format!("{}/dashboard/sessions/{session}", app.url)).await;
    let missing = theirs.open(&format!("{}/dashboard/sessions/ses_missing", app.url)).await;
    assert_eq!((foreign.status, missing.status), (404, 404));
}
