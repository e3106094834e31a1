//! Decision tokens: one organisation, one action, one use.

use ase_tests::harness::client::text;
use ase_tests::harness::{TestApp, events};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn replayed_token_tells_when_it_was_used() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let decision = platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
    assert_eq!(decision["outcome"], "allow", "{decision}");
    let token = text(&decision["decision_token"]);
    let first = platform.verify(&token).await;
    assert_eq!((&first["proceed"], &first["assurance"]), (&json!(true), &json!("score_only")), "{first}");
    for _ in 0..3 {
        let again = platform.verify(&token).await;
        assert_eq!((&again["error"], &again["used_at"]), (&json!("token_used"), &first["used_at"]));
        assert_eq!((&again["valid"], &again["proceed"]), (&json!(false), &json!(false)));
    }
    // the same event again shows the same token, which stays used
    let repeated = platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(200);
    assert_eq!(repeated["decision_token"], json!(token));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_32_parallel_verifications_one_is_valid() {
    let app = TestApp::start().await;
    let decision = app.shop.platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
    let token = text(&decision["decision_token"]);
    let calls: Vec<_> = (0..32)
        .map(|_| {
            let (platform, token) = (app.shop.platform.clone(), token.clone());
            tokio::spawn(async move { platform.verify(&token).await })
        })
        .collect();
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap());
    }
    let valid: Vec<&Value> = answers.iter().filter(|answer| answer["valid"] == true).collect();
    assert_eq!(valid.len(), 1, "{answers:?}");
    for refused in answers.iter().filter(|answer| answer["valid"] == false) {
        assert_eq!((&refused["error"], &refused["used_at"]), (&json!("token_used"), &valid[0]["used_at"]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn token_of_another_organisation_is_invalid_and_its_owner_hears_of_it() {
    let app = TestApp::start().await;
    let stranger = app.organisation("Another Shop").await;
    let decision = app.shop.platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
    let (token, session) = (text(&decision["decision_token"]), text(&decision["session"]["id"]));

    let refused = stranger.platform.verify(&token).await;
    let garbage = stranger.platform.verify(&flipped(&token)).await;
    assert_eq!(refused, json!({ "valid": false, "proceed": false, "error": "token_invalid" }));
    assert_eq!(refused, garbage, "who asks learns nothing");

    let actions = app.shop.platform.actions(&session).await;
    assert_eq!(actions.last().map(String::as_str), Some("token.foreign_verify_attempt"), "{actions:?}");
    let told = app.shop.platform.audit(&session).await;
    assert!(
        !told.last().unwrap().to_string().contains(&stranger.org_id),
        "nor does the owner learn who it was"
    );
    let own = app.shop.platform.verify(&token).await;
    assert_eq!(own["proceed"], true, "the token was not used up: {own}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn expectations_bind_the_token_and_a_mismatch_does_not_use_it_up() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let mut event = events::quiet_login("evt-1", "ana");
    event["type"] = json!("order.created");
    event["action"] = json!({ "amount": { "value": "20.00", "currency": "EUR" } });
    let token = text(&platform.ingest(&event).await.json(201)["decision_token"]);
    let wrong = [
        json!({ "event_id": "evt-2" }),
        json!({ "subject_id": "bob" }),
        json!({ "action": "payout.created" }),
        json!({ "amount": { "value": "20.01", "currency": "EUR" } }),
        json!({ "amount": { "value": "20.00", "currency": "USD" } }),
        json!({ "event_id": "evt-1", "subject_id": "ana", "action": "order.paid" }),
    ];
    for expected in wrong {
        let answer = platform
            .post("/decisions/verify", &json!({ "token": token, "expected": expected }))
            .await
            .json(200);
        assert_eq!(
            answer,
            json!({ "valid": false, "proceed": false, "error": "expectation_mismatch" }),
            "{expected}"
        );
    }
    let right = json!({ "event_id": "evt-1", "subject_id": "ana", "action": "order.created",
        "amount": { "value": "20", "currency": "EUR" } });
    let answer =
        platform.post("/decisions/verify", &json!({ "token": token, "expected": right })).await.json(200);
    assert_eq!(answer["proceed"], true, "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_same_idempotency_key_repeats_the_answer_for_ten_minutes() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let decision = platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(201);
    let token = text(&decision["decision_token"]);
    let ask = |key: &str| json!({ "token": token, "idempotency_key": key });
    let first = platform.post("/decisions/verify", &ask("order-7")).await.json(200);
    assert_eq!(first["proceed"], true);
    let repeated = platform.post("/decisions/verify", &ask("order-7")).await.json(200);
    assert_eq!(repeated, first);
    let other = platform.post("/decisions/verify", &ask("order-8")).await.json(200);
    assert_eq!(other["error"], "token_used", "{other}");
    app.database.run("update decision_tokens set used_at = used_at - interval '10 minutes 1 second'").await;
    let late = platform.post("/decisions/verify", &ask("order-7")).await.json(200);
    assert_eq!(late["error"], "token_used", "{late}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn expired_revoked_and_malformed_tokens_are_named() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let token =
        text(&platform.ingest(&events::quiet_login("evt-1", "ana")).await.json(201)["decision_token"]);
    for (given, error) in [
        ("", "token_malformed"),
        ("a.b", "token_malformed"),
        ("not a token", "token_malformed"),
        (flipped(&token).as_str(), "token_invalid"),
        (without_signature(&token).as_str(), "token_invalid"),
    ] {
        let answer = platform.verify(given).await;
        assert!(answer["valid"] == false && answer["proceed"] == false, "{given}: {answer}");
        let found = answer["error"].as_str().unwrap();
        assert!(
            found == error || (found == "token_malformed" && error == "token_invalid"),
            "{given}: {answer}"
        );
    }
    app.database.run("update decision_tokens set expires_at = clock_timestamp()").await;
    assert_eq!(platform.verify(&token).await["error"], "token_expired", "there is no leeway");
}

/// The token with one character of its signature changed.
fn flipped(token: &str) -> String {
    let (head, signature) = token.rsplit_once('.').unwrap();
    let other = if signature.starts_with('A') { "B" } else { "A" };
    format!("{head}.{other}{}", &signature[1..])
}

/// The token as `alg: none` would have it.
fn without_signature(token: &str) -> String {
    use base64::Engine as _;
    let header =
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"ase-decision+jwt"}"#);
    let claims = token.split('.').nth(1).unwrap();
    format!("{header}.{claims}.")
}
