//! A payout in the sender's own back office, told by a Standard Webhook whose body is already our event.

use ase_tests::harness::client::text;
use ase_tests::harness::{TestApp, events, fixtures, sign};
use serde_json::json;

use super::{assert_passed, decision, pass_by_mail};

const SECRET: &str = "whsec_T1dKUFFkEzWfO8HU71e37ufMhLnbWd4p7F6LRrKnCqg=";

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_standard_webhooks_event_goes_all_the_way() {
    let app = TestApp::start().await;
    let source = app.source("generic", json!({}), SECRET).await;
    let mut event = events::risky_payout("evt-1", "ana");
    event["return_url"] = json!("https://shop.example/after");
    let body = event.to_string().into_bytes();
    let headers = sign::standard_webhooks(SECRET, "msg_1", sign::now(), &body);
    let answer = app.shop.platform.webhook(&source.url, &headers, &body).await.json(200);
    let decided = decision(&answer);
    assert_eq!(decided["outcome"], "delay_verify", "{answer}");

    let end = pass_by_mail(&app, "ana@example.com").await;
    let hand_over = end.form("/after");
    assert_eq!(hand_over.action, "https://shop.example/after", "the token goes where the shop registered it");
    assert!(end.header("content-security-policy").contains("form-action 'self' https://shop.example;"));
    let token = hand_over.fields["decision_token"].clone();
    assert!(!end.url.as_str().contains(&token), "no token in a URL");
    let session = text(&decided["session_id"]);
    let shown = assert_passed(&app, &session).await;
    assert_eq!(shown["decision_token"], json!(token));
    let verified = app.shop.platform.verify(&token).await;
    assert_eq!(
        (&verified["proceed"], &verified["session_id"]),
        (&json!(true), &json!(session)),
        "{verified}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_webhook_cannot_send_the_token_elsewhere() {
    let app = TestApp::start().await;
    let source = app.source("generic", json!({}), SECRET).await;
    let mut event = events::risky_payout("evt-1", "ana");
    event["return_url"] = json!("https://evil.example/after");
    let body = event.to_string().into_bytes();
    let headers = sign::standard_webhooks(SECRET, "msg_1", sign::now(), &body);
    app.shop.platform.webhook(&source.url, &headers, &body).await.json(200);
    let end = pass_by_mail(&app, "ana@example.com").await;
    assert!(!end.has_form("/after"), "{}", end.html);
    assert!(
        !end.html.contains("evil.example") && !end.header("content-security-policy").contains("evil.example")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_envelope_of_the_specification_is_read_without_any_mapping() {
    let Some(body) = fixtures::body("generic/standard-webhooks.contact.created.json") else { return };
    let app = TestApp::start().await;
    let source = app.source("generic", json!({}), SECRET).await;
    let headers = sign::standard_webhooks(SECRET, "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", sign::now(), &body);
    let answer = app.shop.platform.webhook(&source.url, &headers, &body).await.json(200);
    assert_eq!(decision(&answer)["event_id"], "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn other_schemes_are_a_matter_of_settings() {
    let app = TestApp::start().await;
    let platform = &app.shop.platform;
    let body = |id: &str| events::quiet_login(id, "ana").to_string().into_bytes();

    let github = app.source("generic", json!({ "scheme": "github" }), "It's a Secret to Everybody").await;
    let signed = sign::github(&github.secret, &body("evt-1"));
    assert_eq!(platform.webhook(&github.url, &signed, &body("evt-1")).await.json(200)["status"], "accepted");

    let plain = json!({ "scheme": "hmac", "signature_header": "x-sum", "signature_encoding": "base64" });
    let plain = app.source("generic", plain, "a shared secret").await;
    let signature = sign::hmac_sha256(b"a shared secret", &[&body("evt-2")]);
    let signature = data_encoding::BASE64.encode(&signature);
    let signed = vec![("x-sum".to_owned(), signature)];
    assert_eq!(platform.webhook(&plain.url, &signed, &body("evt-2")).await.json(200)["status"], "accepted");

    let bearer = app.source("generic", json!({ "scheme": "bearer" }), "a long shared token").await;
    let named = vec![("authorization".to_owned(), "Bearer a long shared token".to_owned())];
    // a bare token says nothing of the body, which is what its operator chose with the scheme
    let answer = platform.webhook(&bearer.url, &named, &body("evt-3")).await;
    assert_eq!(answer.json(200)["status"], "accepted");
    let wrong = vec![("authorization".to_owned(), "Bearer another token".to_owned())];
    platform.webhook(&bearer.url, &wrong, &body("evt-4")).await.problem(401, "unauthenticated_delivery");
}
