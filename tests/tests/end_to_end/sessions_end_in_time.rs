//! Time that is over is over on every path, by the database's clock, and nothing of one session works in another.

use ase_tests::harness::app::wrong_code;
use ase_tests::harness::client::text;
use ase_tests::harness::until::until;
use ase_tests::harness::{Answer, Person, TestApp, events};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_expired_session_is_gone_on_every_path() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let decision = platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let (session, url) = (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]));
    let ana = Person::new();
    let question = ana.open(&url).await.showing(200, "Is anyone on a call");
    app.database.run("update sessions set expires_at = clock_timestamp()").await;
    ana.submit(&question, "/intent", &[("intent", "confirmed")]).await.showing(410, "help@shop.example");
    ana.open(&url).await.showing(410, "help@shop.example");
    platform.intent(&session, "confirmed").await.problem(410, "session_expired");
    platform.intent(&session, "guided").await.problem(410, "session_expired");
    let shown = platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!((&shown["status"], &shown["token"]), (&json!("expired"), &json!(null)), "{shown}");
    let repeated = platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(200);
    assert_eq!(repeated["decision_token"], json!(null));
    told(&app, &session).await;
    platform.intent(&session, "confirmed").await.problem(410, "session_expired");
    let next = platform.ingest(&events::quiet_login("evt-2", "ana")).await.json(201);
    let codes = next["reasons"].to_string();
    assert!(
        codes.contains("PRIOR_CHALLENGE_RISK"),
        "a challenge left unanswered weighs on what follows: {codes}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_expired_session_takes_no_right_code_and_sends_none() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let (session, code) = app.until_the_code(&events::risky_payout("evt-1", "ana")).await;
    app.database.run("update sessions set expires_at = clock_timestamp()").await;
    platform.respond(&session, &code).await.problem(410, "session_expired");
    platform.resend(&session).await.problem(410, "session_expired");
    told(&app, &session).await;
    platform.respond(&session, &code).await.problem(410, "session_expired");
}

/// Waits until the log tells of the session's end.
async fn told(app: &TestApp, session: &str) {
    until("the session's end in the log", || async {
        app.shop.platform.actions(session).await.contains(&"session.expired".to_owned()).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_expired_code_is_refused_on_the_page_and_in_the_api() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let decision = platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let (session, url) = (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]));
    let ana = Person::new();
    let question = ana.open(&url).await;
    let page =
        ana.submit(&question, "/intent", &[("intent", "confirmed")]).await.showing(200, "Enter the code");
    let code = app.inbox.code_to("ana@example.com").await;
    app.database.run("update otp_codes set expires_at = clock_timestamp()").await;
    platform.respond(&session, &code).await.problem(422, "otp_expired");
    let late = ana.submit(&page, "/code", &[("code", &code)]).await.showing(200, "Your code has expired");
    assert!(!late.has_form("/code"), "there is nothing to type it into any more");
    let shown = platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!(shown["stage"], "code");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_code_works_in_its_own_session_alone() {
    let app = TestApp::start().await;
    let stranger = app.organisation("Another Shop").await;
    let (first, first_code) = app.until_the_code(&events::risky_payout("evt-1", "ana")).await;
    let (second, second_code) = app.until_the_code(&events::risky_payout("evt-2", "bob")).await;
    if first_code != second_code {
        let problem = app.shop.platform.respond(&second, &first_code).await.problem(422, "otp_incorrect");
        assert_eq!(problem["attempts_remaining"], 4, "it counts as a wrong one");
    }
    stranger.platform.respond(&first, &first_code).await.problem(404, "not_found");
    stranger.platform.intent(&first, "guided").await.problem(404, "not_found");
    let answer = app.shop.platform.respond(&first, &first_code).await.json(200);
    assert_eq!(answer["session"]["outcome"], "allow", "a stranger's try did not count");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn steps_out_of_order_are_refused_and_change_nothing() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let decision = platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let session = text(&decision["session"]["id"]);
    platform.respond(&session, "123456").await.problem(409, "invalid_transition");
    platform.resend(&session).await.problem(409, "invalid_transition");
    let (passed, code) = app.until_the_code(&events::risky_payout("evt-2", "bob")).await;
    platform.intent(&passed, "confirmed").await.problem(409, "invalid_transition");
    platform.respond(&passed, &code).await.json(200);
    platform.intent(&passed, "guided").await.problem(409, "invalid_transition");
    let quiet = platform.ingest(&events::quiet_login("evt-3", "eve")).await.json(201);
    let resolved = text(&quiet["session"]["id"]);
    platform.intent(&resolved, "confirmed").await.problem(404, "not_found");
    let shown = platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!((&shown["stage"], &shown["intent"]), (&json!("question"), &json!(null)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_parallel_answers_one_counts_and_yes_wins_over_no() {
    let app = TestApp::start().await;
    let decision = app.shop.platform.ingest(&events::risky_payout("evt-1", "ana")).await.json(201);
    let session = text(&decision["session"]["id"]);
    let calls: Vec<_> = (0..32)
        .map(|number| {
            let (platform, session) = (app.shop.platform.clone(), session.clone());
            let intent = if number % 2 == 0 { "confirmed" } else { "guided" };
            tokio::spawn(async move { (intent, platform.intent(&session, intent).await) })
        })
        .collect();
    let mut taken = Vec::new();
    for call in calls {
        let (intent, answer) = call.await.unwrap();
        if answer.status == 200 {
            taken.push(intent);
        } else {
            answer.problem(409, "invalid_transition");
        }
    }
    assert_eq!(taken.iter().filter(|intent| **intent == "guided").count(), 1, "{taken:?}");
    assert!(taken.len() <= 2, "at most one `no` came before: {taken:?}");
    let shown = app.shop.platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!(shown["stage"], "break_contact");
}

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
