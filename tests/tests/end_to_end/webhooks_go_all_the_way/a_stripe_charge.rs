//! A Stripe charge that Radar would rather have somebody look at.

use ase_tests::harness::client::text;
use ase_tests::harness::{TestApp, fixtures, sign};
use serde_json::json;

use super::{assert_passed, decision, pass_by_mail};

const SECRET: &str = "whsec_7I4MqmZDXyJmGwYS4QXJPkcUvSkkcudT";
const RISKY: &str = "stripe/charge.succeeded.openapi.json";

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_stripe_charge_goes_all_the_way() {
    let Some(body) = fixtures::body(RISKY) else { return };
    let app = TestApp::start().await;
    let source = app.source("stripe", json!({}), SECRET).await;
    let headers = sign::stripe(SECRET, sign::now(), &body);
    let answer = app.shop.platform.webhook(&source.url, &headers, &body).await.json(200);
    let decided = decision(&answer);
    assert_eq!(decided["outcome"], "delay_verify", "{answer}");

    pass_by_mail(&app, "jenny.rosen@example.com").await;
    let shown = assert_passed(&app, &text(&decided["session_id"])).await;
    assert_eq!(shown["event"]["subject_id"], "cus_QXg1o8vcGmoR32");
    let reasons = shown["decision"]["reasons"].to_string();
    assert!(reasons.contains("PROVIDER_RISK") && reasons.contains("71"), "{reasons}");
    let verified = app.shop.platform.verify(&text(&shown["decision_token"])).await;
    assert_eq!(verified["proceed"], true, "{verified}");

    // another attempt at delivery carries another time, and so another signature
    let headers = sign::stripe(SECRET, sign::now() - 60, &body);
    let repeated = app.shop.platform.webhook(&source.url, &headers, &body).await.json(200);
    assert_eq!(repeated["duplicate"], true, "{repeated}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_signature_is_good_for_five_minutes_either_way() {
    let Some(body) = fixtures::body(RISKY) else { return };
    let app = TestApp::start().await;
    let source = app.source("stripe", json!({}), SECRET).await;
    let platform = &app.shop.platform;
    // ten seconds are left to a slow machine
    for offset in [-330, 330] {
        let headers = sign::stripe(SECRET, sign::now() + offset, &body);
        platform.webhook(&source.url, &headers, &body).await.problem(401, "unauthenticated_delivery");
    }
    for offset in [-270, 290] {
        let headers = sign::stripe(SECRET, sign::now() + offset, &body);
        assert_eq!(
            platform.webhook(&source.url, &headers, &body).await.json(200)["status"],
            "accepted",
            "{offset}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn both_secrets_count_while_one_replaces_the_other() {
    let Some(body) = fixtures::body(RISKY) else { return };
    let app = TestApp::start().await;
    let source = app.source("stripe", json!({}), SECRET).await;
    let operator = ase_tests::harness::app::operator();
    let next = "whsec_iPr7b6Qo4vFUodZmfLRvNrY5OTAPIDe7";
    app.app.engine.rotate_source(&app.shop.org_id, &source.id, Some(next.into()), &operator).await.unwrap();
    ase_tests::harness::until::until("the new secret to count", || async {
        let headers = sign::stripe(next, sign::now(), &body);
        (app.shop.platform.webhook(&source.url, &headers, &body).await.status == 200).then_some(())
    })
    .await;
    let headers = sign::stripe(SECRET, sign::now(), &body);
    assert_eq!(app.shop.platform.webhook(&source.url, &headers, &body).await.status, 200);
    app.database
        .run("update source_secrets set not_after = clock_timestamp() where not_after is not null")
        .await;
    ase_tests::harness::until::until("the end of the old secret", || async {
        let headers = sign::stripe(SECRET, sign::now(), &body);
        (app.shop.platform.webhook(&source.url, &headers, &body).await.status == 401).then_some(())
    })
    .await;
}
