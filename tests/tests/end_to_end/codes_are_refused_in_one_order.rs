//! Whoever is refused hears the first thing that stands in their way, on the page and in the API alike: another site,
//! no such session, too many tries, its time, the code.

use ase_tests::harness::app::wrong_code;
use ase_tests::harness::client::text;
use ase_tests::harness::{Answer, Person, TestApp, events};
use serde_json::json;

/// What stands in the way of a code, in the order in which it is told. Each case is wrong in all that comes after it, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_stands_in_the_way_of_a_code_is_told_in_one_order() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let (over, _) = app.until_the_code(&events::risky_payout("evt-over", "ana")).await;
    let (open, right) = app.until_the_code(&events::risky_payout("evt-open", "bob")).await;
    let decision = platform.ingest(&events::risky_payout("evt-asked", "cem")).await.json(201);
    let asked = text(&decision["session"]["id"]);
    let (throttled, _) = app.until_the_code(&events::risky_payout("evt-throttled", "dan")).await;
    throttle(&app, &throttled).await;
    let past = format!("session_id in ('{over}', '{throttled}')");
    app.database.run(&format!("update sessions set expires_at = clock_timestamp() where {past}")).await;

    let malformed = "12";
    let body = |session: &str| json!({ "session_id": session, "code": malformed });
    // another site, on a browser's behalf: before it is known whether there is such a session
    let visitor = Person::new();
    visitor.open(&text(&decision["session"]["challenge_url"])).await;
    let foreign = platform.with_key("").request("POST", "/checkpoint/respond").json(&body("ses_missing"));
    let foreign =
        foreign.header("cookie", visitor.cookies(&app.url)).header("origin", "https://evil.example");
    Answer::of(foreign.header("sec-fetch-site", "cross-site")).await.problem(403, "cross_site");
    let key = platform.with_key("ase_sk_forged").post("/checkpoint/respond", &body("ses_missing")).await;
    key.problem(401, "unauthorized");
    for (session, status, code) in [
        ("ses_missing", 404, "not_found"),
        (&throttled, 429, "otp_tries_limited"),
        (&over, 410, "session_expired"),
        (&asked, 409, "invalid_transition"),
        (&open, 422, "otp_malformed"),
    ] {
        platform.post("/checkpoint/respond", &body(session)).await.problem(status, code);
    }
    let wrong = platform.respond(&open, &wrong_code(&right)).await;
    assert_eq!(wrong.problem(422, "otp_incorrect")["attempts_remaining"], 4, "nothing before it was a try");
    platform.respond(&open, &right).await.json(200);
    let tries = "select coalesce(sum(cardinality(hits)), 0)::bigint from rate_limits where scope = 'subject_tries' \
        and cardinality(hits) < 20";
    assert_eq!(app.database.count(tries).await, 1, "nor did it count against anybody");
}

/// The same order on the page, where a person sees a page instead of a status.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_page_tells_what_stands_in_the_way_of_a_code_in_the_same_order() {
    let app = TestApp::start().await;
    let decision = app.shop.platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let (session, url) = (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]));
    let ana = Person::new();
    let question = ana.open(&url).await;
    let page = ana.submit(&question, "/intent", &[("intent", "confirmed")]).await;
    app.inbox.code_to("ana@example.com").await;
    let token = page.form("/code").fields["form_token"].clone();
    let cross = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    let own = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin")];
    let (code, ours) = (("code", "12"), ("form_token", token.as_str()));
    let path = format!("{url}/code");
    let missing = format!("{}/challenge/ses_missing/code", app.url);
    assert_eq!(ana.send(&path, &[ours, code], &cross).await.status, 403, "another site");
    assert_eq!(ana.send(&path, &[code], &own).await.status, 403, "no form of ours");
    assert_eq!(ana.send(&missing, &[ours, code], &own).await.status, 403, "nor of that session");
    ana.send(&path, &[ours, code], &own).await.showing(200, "Enter the 6 digits");
    throttle(&app, &session).await;
    app.database.run("update sessions set expires_at = clock_timestamp()").await;
    assert_eq!(ana.send(&path, &[ours, code], &own).await.status, 429, "too many tries of late");
    app.database.run("delete from rate_limits where scope = 'subject_tries'").await;
    ana.send(&path, &[ours, code], &own).await.showing(410, "help@shop.example");
}

/// As many wrong codes as a subject has in a day: one is tried, and noted as twenty.
async fn throttle(app: &TestApp, session: &str) {
    app.shop.platform.respond(session, "000000").await;
    app.database
        .run("update rate_limits set hits = array_fill(clock_timestamp(), array[20]) where scope = 'subject_tries'")
        .await;
}
