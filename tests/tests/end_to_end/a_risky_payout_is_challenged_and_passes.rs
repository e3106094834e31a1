//! The whole path as a platform sees it, by the API alone.

use ase_tests::harness::client::text;
use ase_tests::harness::leaf::leaf_hash;
use ase_tests::harness::{TestApp, events};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_risky_payout_is_challenged_and_passes() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let event = events::risky_payout("evt-1", "ana");

    let decision = platform.ingest(&event).await.json(201);
    assert_eq!(decision["outcome"], "delay_verify", "{decision}");
    assert_eq!(decision["duplicate"], false);
    assert_eq!(decision["decision_token"], Value::Null, "no token before the challenge ends");
    assert_points_add_up(&decision);
    let session = text(&decision["session"]["id"]);
    assert_eq!(decision["session"]["challenge_url"], format!("{}/challenge/{session}", app.url));
    assert!(session.trim_start_matches("ses_").len() >= 22, "at least 128 random bits: {session}");

    let answer = platform.intent(&session, "confirmed").await.json(200);
    assert_eq!(answer["next"], "otp");
    assert_eq!(answer["otp"]["destination"], "a••@example.com");
    assert_eq!(answer["otp"]["attempts_remaining"], 5);
    assert_eq!(answer["session"]["status"], "pending");

    let letter = app.inbox.letter_to("ana@example.com").await;
    assert_eq!(letter.header("subject"), "Your security code from Example Shop");
    assert!(letter.text().contains("Send payouts to DE89 … 3000"), "{}", letter.text());
    assert!(letter.text().contains("900.00"), "{}", letter.text());
    app.settled().await;

    let answer = platform.respond(&session, &letter.code()).await.json(200);
    assert_eq!(answer["session"]["outcome"], "allow");
    assert_eq!(answer["session"]["assurance"], "email_otp");
    let shown = platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!(answer["session"]["resolved_at"], shown["resolved_at"], "one moment, whoever is asked");
    let token = text(&answer["decision_token"]);

    let verified = platform.verify(&token).await;
    assert_eq!((&verified["valid"], &verified["proceed"]), (&json!(true), &json!(true)), "{verified}");
    assert_eq!((&verified["outcome"], &verified["assurance"]), (&json!("allow"), &json!("email_otp")));
    assert_eq!((&verified["event_id"], &verified["subject_id"]), (&json!("evt-1"), &json!("ana")));
    assert_eq!(verified["action"], "payout.destination_changed");
    assert_eq!((&verified["session_id"], &verified["org_id"]), (&json!(session), &json!(app.shop.org_id)));

    let again = platform.verify(&token).await;
    let expected =
        json!({ "valid": false, "proceed": false, "error": "token_used", "used_at": verified["used_at"] });
    assert_eq!(again, expected, "a token is good once");

    assert_timeline(&app, &session).await;
}

/// The points of the reasons add up to the score.
fn assert_points_add_up(decision: &Value) {
    let reasons = decision["reasons"].as_array().unwrap();
    let sum: i64 = reasons.iter().map(|reason| reason["points"].as_i64().unwrap()).sum();
    assert_eq!(Some(sum), decision["score"].as_i64(), "{decision}");
    let codes: Vec<&str> = reasons.iter().map(|reason| reason["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"ACTION_SENSITIVE") && codes.contains(&"REMOTE_OR_CALL_ACTIVE"), "{codes:?}");
}

/// Every step stands in the log, in order, with the hash that anybody can work out.
async fn assert_timeline(app: &TestApp, session: &str) {
    let entries = app.shop.platform.audit(session).await;
    let told: Vec<(&str, &str)> = entries
        .iter()
        .map(|entry| (entry["action"].as_str().unwrap(), entry["actor"]["type"].as_str().unwrap()))
        .collect();
    let expected = [
        ("checkpoint.created", "platform"),
        ("event.scored", "system"),
        ("intent.answered", "platform"),
        ("otp.issued", "platform"),
        ("email.delivered", "system"),
        ("otp.accepted", "platform"),
        ("session.resolved", "system"),
        ("token.issued", "system"),
        ("token.verified", "platform"),
        ("token.refused", "platform"),
    ];
    assert_eq!(told, expected);
    for entry in &entries {
        assert_eq!(entry["leaf_hash"], leaf_hash(entry), "{entry}");
        assert!(!entry.to_string().contains("@example.com"), "no personal data in the clear: {entry}");
    }
    let times: Vec<&str> = entries.iter().map(|entry| entry["occurred_at"].as_str().unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");
}
