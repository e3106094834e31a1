//! A person who is on the telephone with a scammer, in a browser that runs no script.

use ase_tests::harness::client::text;
use ase_tests::harness::{Page, Person, TestApp, events};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_guided_user_is_led_out_and_blocked() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let event = events::risky_payout("evt-1", "bob");
    let decision = platform.ingest(&event).await.json(201);
    let (session, url) = (text(&decision["session"]["id"]), text(&decision["session"]["challenge_url"]));

    let bob = Person::new();
    let question = bob.open(&url).await.showing(200, "Is anyone on a call, chat or screen share guiding you");
    let question = question.showing(200, "Example Shop never calls you to move money.");
    let stop = bob.submit(&question, "/intent", &[("intent", "guided")]).await.showing(200, "End the call");
    assert_leads_out(&stop);

    let filled = [
        ("channel", "phone"),
        ("contact", "+49 30 999"),
        ("claimed_identity", "the bank"),
        ("narrative", "They asked for the code 123456."),
    ];
    // the pause is over
    app.database.run("update sessions set resolved_at = resolved_at - interval '31 seconds'").await;
    let stop = bob.open(&url).await;
    // what is refused comes back as it was typed
    let untold = [filled[1], filled[2], filled[3]];
    let stop = bob.submit(&stop, "/report", &untold).await.showing(422, "Choose how they reached you");
    let stop = stop.showing(422, "They asked for the code 123456.").showing(422, "+49 30 999");
    let nothing = bob.submit(&bob.open(&url).await, "/report", &[("channel", "phone")]).await;
    nothing.showing(422, "Fill in at least one field").showing(422, "value=\"phone\" checked");
    bob.submit(&stop, "/report", &filled).await.showing(200, "Thank you. Your report was sent.");
    let reports = platform.get("/reports").await.json(200);
    assert_eq!(reports["reports"][0]["session_id"], json!(session));
    assert_eq!(reports["reports"][0]["narrative"], "They asked for the code ••••.", "codes are masked");

    assert_nothing_leads_back(&app, &session, &bob, &question).await;

    let repeated = platform.ingest(&event).await.json(200);
    let verified = platform.verify(&text(&repeated["decision_token"])).await;
    assert_eq!((&verified["valid"], &verified["proceed"]), (&json!(true), &json!(false)), "{verified}");
    assert_eq!((&verified["outcome"], &verified["assurance"]), (&json!("block"), &json!("intent_only")));

    let next = platform.ingest(&events::quiet_login("evt-2", "bob")).await.json(201);
    let remembered =
        next["reasons"].as_array().unwrap().iter().find(|reason| reason["code"] == "PRIOR_CHALLENGE_RISK");
    assert_eq!(remembered.map(|reason| &reason["points"]), Some(&json!(30)), "{next}");
    // the person hears of it at their own address, and gets no code and no link to hand on
    let letter = app.inbox.letter_to("bob@example.com").await;
    assert_eq!(letter.header("subject"), "Example Shop: this was stopped");
    assert!(letter.text().contains("Nothing has been sent and nobody is in trouble."), "{}", letter.text());
    assert!(!letter.text().contains("/challenge/"), "{}", letter.text());
    app.settled().await;
    assert_eq!(app.inbox.letters_to("bob@example.com").len(), 1);
}

/// What somebody on the telephone needs: to stop, and the official way to help.
fn assert_leads_out(page: &Page) {
    for said in ["Hang\u{a0}up\u{a0}now", "+49 30 1234567", "https://shop.example/help", "help@shop.example"]
    {
        assert!(page.html.contains(said), "{said}: {}", page.html);
    }
    assert!(!page.has_form("/intent") && !page.has_form("/code"), "nothing can be answered any more");
    let (session, rest) =
        page.url.path().trim_start_matches("/challenge/").split_once('/').unwrap_or(("", ""));
    assert_eq!((session, rest), ("", ""), "the person is back on the one page");
}

/// "Yes" is absorbing: neither the page nor the API takes a "no" afterwards.
async fn assert_nothing_leads_back(app: &TestApp, session: &str, bob: &Person, question: &Page) {
    let platform = &app.shop.platform;
    for intent in ["confirmed", "unsure", "guided"] {
        platform.intent(session, intent).await.problem(409, "invalid_transition");
    }
    platform.respond(session, "123456").await.problem(409, "invalid_transition");
    platform.resend(session).await.problem(409, "invalid_transition");
    // the old page is still open in another tab
    let after = bob.submit(question, "/intent", &[("intent", "confirmed")]).await;
    assert_leads_out(&after.showing(200, "End the call"));
    let shown: Value = platform.get(&format!("/sessions/{session}")).await.json(200);
    let state = (&shown["status"], &shown["stage"], &shown["intent"], &shown["outcome"]);
    assert_eq!(state, (&json!("resolved"), &json!("break_contact"), &json!("guided"), &json!("block")));
}
