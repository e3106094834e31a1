//! Whoever said that somebody guides them is not asked again until they say otherwise: not in a new session, not in
//! one that was open already, not in a hurry.

use ase_tests::harness::client::text;
use ase_tests::harness::policies::{asks_everybody, asks_nobody};
use ase_tests::harness::until::until;
use ase_tests::harness::{Person, TestApp, events};
use chrono::DateTime;
use serde_json::{Value, json};

async fn opened(app: &TestApp, id: &str, subject: &str) -> (String, String) {
    let decision = app.shop.platform.ingest(&events::risky_payout(id, subject)).await.json(201);
    assert_eq!(decision["outcome"], "delay_verify", "{decision}");
    (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]))
}

async fn stage(app: &TestApp, session: &str) -> String {
    text(&app.shop.platform.get(&format!("/sessions/{session}")).await.json(200)["stage"])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn starting_again_after_broken_contact_never_ends_in_allow() {
    let app = TestApp::start().await;
    app.publish(&asks_everybody()).await;
    let platform = &app.shop.platform;
    let (first, _) = opened(&app, "evt-1", "ana").await;
    platform.intent(&first, "guided").await.json(200);
    assert!(app.inbox.letter_to("ana@example.com").await.header("subject").ends_with("this was stopped"));
    // the same payout once more, as a helpful voice on the telephone would have it
    let (session, _) = opened(&app, "evt-2", "ana").await;
    let answer = platform.intent(&session, "confirmed").await.json(200);
    assert_eq!(answer["next"], "otp");
    let code = app.inbox.code_to("ana@example.com").await;
    let answer = platform.respond(&session, &code).await.json(200);
    assert_eq!(answer["session"]["stage"], "held", "{answer}");
    let verified = platform.verify(&text(&answer["decision_token"])).await;
    assert_eq!(verified["proceed"], false);
    let created = &platform.audit(&session).await[0];
    assert_eq!(created["metadata"]["prior_break_contact"], true, "{created}");
    // somebody else is not held for it
    app.until_the_token(&events::risky_payout("evt-3", "bob")).await;
    // after a day the score alone weighs it
    app.database
        .run("update sessions set resolved_at = resolved_at - interval '25 hours' where intent = 'guided'")
        .await;
    let later = platform.ingest(&events::risky_payout("evt-4", "ana")).await.json(201);
    let created = &platform.audit(&text(&later["session"]["id"])).await[0];
    assert_eq!(created["metadata"]["prior_break_contact"], false, "{created}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn hopping_to_another_open_session_never_ends_in_allow() {
    let app = TestApp::start().await;
    app.publish(&asks_everybody()).await;
    let platform = &app.shop.platform;
    let (asked, _) = opened(&app, "evt-1", "ana").await;
    let (coded, code) = app.until_the_code(&events::risky_payout("evt-2", "ana")).await;
    let (broken, _) = opened(&app, "evt-3", "ana").await;
    platform.intent(&broken, "unsure").await.json(200);
    assert!(app.inbox.letter_to("ana@example.com").await.header("subject").ends_with("this was stopped"));
    let answer = platform.respond(&coded, &code).await.json(200);
    assert_eq!(answer["session"]["stage"], "held", "a right code clears nobody");
    platform.intent(&asked, "confirmed").await.json(200);
    let code = app.inbox.code_to("ana@example.com").await;
    let answer = platform.respond(&asked, &code).await.json(200);
    assert_eq!(answer["session"]["stage"], "held");
    for session in [&asked, &coded] {
        let told = platform.actions(session).await;
        let inherited = told.iter().filter(|action| *action == "session.break_contact_inherited").count();
        assert_eq!(inherited, 1, "{told:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_yes_here_and_a_right_code_there_at_once_are_in_one_order() {
    let app = TestApp::start().await;
    app.publish(&asks_everybody()).await;
    let node = app.node().await;
    let far = ase_tests::harness::Platform::new(&node.url, &app.shop.platform.key);
    for round in 0..8 {
        let subject = format!("ana{round}");
        let (coded, code) =
            app.until_the_code(&events::risky_payout(&format!("evt-{round}-1"), &subject)).await;
        let (broken, _) = opened(&app, &format!("evt-{round}-2"), &subject).await;
        let (here, far) = (app.shop.platform.clone(), far.clone());
        let (said, passed) = tokio::join!(
            tokio::spawn({
                let broken = broken.clone();
                async move { far.intent(&broken, "guided").await.json(200) }
            }),
            tokio::spawn({
                let coded = coded.clone();
                async move { here.respond(&coded, &code).await.json(200) }
            })
        );
        let (said, passed) = (said.unwrap(), passed.unwrap());
        let moment = |answer: &Value| {
            DateTime::parse_from_rfc3339(answer["session"]["resolved_at"].as_str().unwrap()).unwrap()
        };
        let (broken_at, passed_at) = (moment(&said), moment(&passed));
        // what was let through a moment before falls with the yes, as nobody went ahead with it yet
        let expected = if passed_at < broken_at { "revoked" } else { "held" };
        assert_eq!(stage(&app, &coded).await, expected, "broken {broken_at}, passed {passed_at}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn whoever_was_told_to_say_no_can_say_so() {
    let app = TestApp::start().await;
    let (session, url) = opened(&app, "evt-1", "ana").await;
    let ana = Person::new();
    let question = ana.open(&url).await.showing(200, "I was told to say no");
    ana.submit(&question, "/intent", &[("intent", "told")]).await.showing(200, "End the call");
    let shown = app.shop.platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!((&shown["stage"], &shown["intent"]), (&json!("break_contact"), &json!("guided")));
    let letter = app.inbox.letter_to("ana@example.com").await;
    assert!(letter.header("subject").ends_with("this was stopped") && !letter.text().contains("/challenge/"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn nothing_is_typed_before_the_pause_is_over() {
    let app = TestApp::start().await;
    let (session, url) = opened(&app, "evt-1", "ana").await;
    let ana = Person::new();
    let question = ana.open(&url).await;
    let token = question.form("/intent").fields["form_token"].clone();
    let stop =
        ana.submit(&question, "/intent", &[("intent", "guided")]).await.showing(200, "You can tell us here");
    assert!(!stop.has_form("/report"), "{}", stop.html);
    let own = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin")];
    let report = [("form_token", token.as_str()), ("channel", "phone"), ("narrative", "They called.")];
    // the page's word is not needed for it: the server keeps the time
    ana.send(&format!("{url}/report"), &report, &own).await.showing(200, "You can tell us here");
    assert_eq!(app.database.count("select count(*) from scam_reports").await, 0);
    let cookie = ana.cookies(&app.url);
    let ask = json!({ "session_id": session, "channel": "phone", "narrative": "They called." });
    let browser = app.shop.platform.with_key("");
    let request =
        browser.request("POST", "/checkpoint/report").header("cookie", &cookie).header("origin", &app.url);
    let paused = ase_tests::harness::Answer::of(request.json(&ask)).await;
    let seconds: u64 = paused.header("retry-after").parse().unwrap();
    assert!((1..=31).contains(&seconds), "{seconds}");
    paused.problem(429, "paused");
    app.database.run("update sessions set resolved_at = resolved_at - interval '31 seconds'").await;
    let page = ana.open(&url).await.showing(200, "Report this scam");
    ana.submit(&page, "/report", &[("channel", "phone"), ("narrative", "They called.")])
        .await
        .showing(200, "Thank you. Your report was sent.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn whoever_leaves_is_written_down_with_how_far_they_came() {
    let app = TestApp::start().await;
    let (coded, _) = app.until_the_code(&events::risky_payout("evt-1", "ana")).await;
    let (unanswered, _) = opened(&app, "evt-2", "bob").await;
    let (broken, _) = opened(&app, "evt-3", "cem").await;
    app.shop.platform.intent(&broken, "guided").await.json(200);
    app.database.run("update sessions set expires_at = clock_timestamp()").await;
    for (session, stage) in [(&coded, "code"), (&unanswered, "question")] {
        let told = until("the session's end in the log", || async {
            let told = app.shop.platform.audit(session).await;
            told.iter().any(|entry| entry["action"] == "session.expired").then_some(told)
        })
        .await;
        let left: Vec<_> = told.iter().filter(|entry| entry["action"] == "session.abandoned").collect();
        assert_eq!(left.len(), 1, "{told:?}");
        assert_eq!(left[0]["metadata"], json!({ "stage": stage }));
    }
    let told = app.shop.platform.actions(&broken).await;
    assert!(!told.contains(&"session.abandoned".to_owned()), "an answer is no leaving: {told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn above_the_hold_score_a_right_code_still_ends_in_a_hold() {
    let app = TestApp::start().await;
    let bands = json!({ "delay_from": 0, "hold_from": 30, "block_from": 101 });
    app.publish(&json!({ "name": "default", "thresholds": { "default": bands, "categories": {} } })).await;
    let (session, _) = opened(&app, "evt-1", "ana").await;
    app.shop.platform.intent(&session, "confirmed").await.json(200);
    let code = app.inbox.code_to("ana@example.com").await;
    let answer = app.shop.platform.respond(&session, &code).await.json(200);
    assert_eq!(
        (&answer["session"]["stage"], &answer["session"]["outcome"]),
        (&json!("held"), &json!("block"))
    );
    assert_eq!(app.shop.platform.verify(&text(&answer["decision_token"])).await["proceed"], false);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn whoever_is_held_can_still_say_that_somebody_guides_them() {
    let app = TestApp::start().await;
    let bands = json!({ "delay_from": 0, "hold_from": 30, "block_from": 101 });
    app.publish(&json!({ "name": "default", "thresholds": { "default": bands, "categories": {} } })).await;
    let platform = &app.shop.platform;
    let (session, url) = opened(&app, "evt-1", "ana").await;
    let ana = Person::new();
    let question = ana.open(&url).await;
    let page = ana.submit(&question, "/intent", &[("intent", "confirmed")]).await;
    let code = app.inbox.code_to("ana@example.com").await;
    let held = ana.submit(&page, "/code", &[("code", &code)]).await.showing(200, "Did someone tell you what");
    app.database.run("update sessions set resolved_at = resolved_at - interval '31 seconds'").await;
    // an answer given before is not taken back in the other direction
    platform.intent(&session, "confirmed").await.problem(409, "invalid_transition");
    let stop = ana.submit(&held, "/intent", &[("intent", "guided")]).await.showing(200, "End the call");
    assert!(!stop.has_form("/report"), "the pause begins now: {}", stop.html);
    assert_eq!(stage(&app, &session).await, "break_contact");
    let told = platform.actions(&session).await;
    assert_eq!(told.iter().filter(|action| *action == "token.issued").count(), 1, "{told:?}");
    assert_eq!(told.iter().filter(|action| *action == "session.resolved").count(), 2, "{told:?}");
    assert!(app.inbox.letter_to("ana@example.com").await.header("subject").ends_with("this was stopped"));
    platform.intent(&session, "confirmed").await.problem(409, "invalid_transition");
    let (again, _) = opened(&app, "evt-2", "ana").await;
    let created = &platform.audit(&again).await[0];
    assert_eq!(created["metadata"]["prior_break_contact"], true, "{created}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_harmless_looking_restart_after_broken_contact_is_held_whatever_the_policy_weighs() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let (first, _) = opened(&app, "evt-1", "ana").await;
    platform.intent(&first, "guided").await.json(200);
    assert!(app.inbox.letter_to("ana@example.com").await.header("subject").ends_with("this was stopped"));
    // nothing speaks against it but what was said before, and this policy gives nothing for that
    app.publish(&asks_nobody()).await;
    let order = |id: &str, subject: &str| {
        json!({
            "id": id, "type": "order.created",
            "subject": { "id": subject, "email": events::address(subject) },
            "action": { "amount": { "value": "20.00", "currency": "EUR" } },
        })
    };
    let decision = platform.ingest(&order("evt-2", "ana")).await.json(201);
    assert_eq!((&decision["outcome"], &decision["decision_token"]), (&json!("delay_verify"), &Value::Null));
    let session = text(&decision["session"]["id"]);
    platform.intent(&session, "confirmed").await.json(200);
    let code = app.inbox.code_to("ana@example.com").await;
    let answer = platform.respond(&session, &code).await.json(200);
    assert_eq!(answer["session"]["stage"], "held", "{answer}");
    assert_eq!(platform.ingest(&order("evt-3", "bob")).await.json(201)["outcome"], "allow");
    let login = platform.ingest(&events::quiet_login("evt-4", "ana")).await.json(201);
    assert_eq!(login["outcome"], "allow", "nobody is kept out of their account");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_was_let_through_and_not_used_falls_with_a_later_yes() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let (passed, token) = app.until_the_token(&events::risky_payout("evt-1", "ana")).await;
    let (used, spent) = app.until_the_token(&events::risky_payout("evt-2", "ana")).await;
    assert_eq!(platform.verify(&spent).await["proceed"], true);
    let (other, others) = app.until_the_token(&events::risky_payout("evt-3", "bob")).await;
    let login = platform.ingest(&events::quiet_login("evt-4", "ana")).await.json(201);
    let (session, _) = opened(&app, "evt-5", "ana").await;
    platform.intent(&session, "unsure").await.json(200);

    assert_eq!(stage(&app, &passed).await, "revoked");
    let refused = platform.verify(&token).await;
    assert_eq!((&refused["proceed"], &refused["error"]), (&json!(false), &json!("session_revoked")));
    let told = platform.audit(&passed).await;
    let told = told.iter().find(|entry| entry["action"] == "session.revoked").unwrap();
    assert_eq!(told["metadata"], json!({ "stage": "allowed", "told_in": session }));
    assert_eq!(stage(&app, &used).await, "allowed", "what went ahead went ahead");
    assert_eq!(stage(&app, &other).await, "allowed");
    assert_eq!(platform.verify(&others).await["proceed"], true, "somebody else's is theirs");
    assert_eq!(platform.verify(&text(&login["decision_token"])).await["proceed"], true);
}
