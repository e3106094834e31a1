//! A Shopify order that is paid in one country and goes to another.

use ase_tests::harness::client::text;
use ase_tests::harness::{TestApp, fixtures, sign};
use serde_json::json;

use super::{assert_passed, decision, pass_by_mail};

const SECRET: &str = "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";
const SHOP: &str = "ase-fixture.myshopify.com";
const RISKY: &str = "shopify/orders_create.2026-04.risk-mismatch.assembled.json";

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_shopify_order_goes_all_the_way() {
    let Some(body) = fixtures::body(RISKY) else { return };
    let app = TestApp::start().await;
    let source = app.source("shopify", json!({ "shop_domain": SHOP }), SECRET).await;
    let headers = sign::shopify(SECRET, "orders/create", SHOP, &body);
    let answer = app.shop.platform.webhook(&source.url, &headers, &body).await.json(200);
    let decided = decision(&answer);
    assert_eq!(decided["outcome"], "delay_verify", "{answer}");

    let order: serde_json::Value = serde_json::from_slice(&body).unwrap();
    pass_by_mail(&app, order["customer"]["email"].as_str().unwrap()).await;
    let session = text(&decided["session_id"]);
    let shown = assert_passed(&app, &session).await;
    assert_eq!(shown["event"]["type"], "order.created");
    let reasons = shown["decision"]["reasons"].to_string();
    assert!(reasons.contains("BILLING_SHIPPING_MISMATCH"), "{reasons}");
    let verified = app.shop.platform.verify(&text(&shown["decision_token"])).await;
    assert_eq!(
        (&verified["proceed"], &verified["action"]),
        (&json!(true), &json!("order.created")),
        "{verified}"
    );

    // sent again under another webhook id, as Shopify does until it is answered
    let headers = sign::shopify(SECRET, "orders/create", SHOP, &body);
    let repeated = app.shop.platform.webhook(&source.url, &headers, &body).await.json(200);
    assert_eq!((&repeated["duplicate"], &decision(&repeated)["session_id"]), (&json!(true), &json!(session)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_order_of_another_shop_or_with_a_wrong_signature_is_refused() {
    let Some(body) = fixtures::body(RISKY) else { return };
    let app = TestApp::start().await;
    let source = app.source("shopify", json!({ "shop_domain": SHOP }), SECRET).await;
    let mut tampered = body.clone();
    tampered.push(b'\n');
    let refused = [
        (sign::shopify(SECRET, "orders/create", "evil.myshopify.com", &body), &body),
        (sign::shopify("another secret", "orders/create", SHOP, &body), &body),
        (sign::shopify(SECRET, "orders/create", SHOP, &body), &tampered),
        (Vec::new(), &body),
    ];
    for (headers, body) in refused {
        let answer = app.shop.platform.webhook(&source.url, &headers, body).await;
        answer.problem(401, "unauthenticated_delivery");
    }
    assert_eq!(app.database.count("select count(*) from events").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn ids_beyond_what_a_double_holds_survive() {
    let Some(body) = fixtures::body("shopify/orders_create.2026-04.json") else { return };
    let app = TestApp::start().await;
    let source = app.source("shopify", json!({ "shop_domain": SHOP }), SECRET).await;
    let headers = sign::shopify(SECRET, "orders/create", SHOP, &body);
    let answer = app.shop.platform.webhook(&source.url, &headers, &body).await.json(200);
    let session = decision(&answer)["session_id"].as_str().unwrap().to_owned();
    let shown = app.shop.platform.get(&format!("/sessions/{session}")).await.json(200);
    assert_eq!(shown["event"]["subject_id"], "115310627314723954", "the customer's id, beyond 2^53");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn one_body_under_two_topics_is_two_deliveries_and_neither_is_lost() {
    let Some(body) = fixtures::body("shopify/orders_create.2026-04.json") else { return };
    let app = TestApp::start().await;
    let source = app.source("shopify", json!({ "shop_domain": SHOP }), SECRET).await;
    for topic in ["orders/create", "orders/paid", "orders/create"] {
        let headers = sign::shopify(SECRET, topic, SHOP, &body);
        app.shop.platform.webhook(&source.url, &headers, &body).await.json(200);
    }
    // nothing signs the topic: names that Shopify has not are no more deliveries
    for topic in ["orders/made-up", "orders/made-up-too"] {
        let headers = sign::shopify(SECRET, topic, SHOP, &body);
        app.shop.platform.webhook(&source.url, &headers, &body).await.json(200);
    }
    let kept = app.shop.platform.get("/deliveries").await.json(200)["deliveries"].clone();
    let mut seen: Vec<_> = kept.as_array().unwrap().iter().map(|one| one["times_seen"].clone()).collect();
    seen.sort_by_key(serde_json::Value::as_i64);
    assert_eq!(seen, [json!(1), json!(2), json!(2)], "{kept}");
    let types = "select string_agg(event_type, ' ' order by event_type) from events";
    assert_eq!(app.database.text(types).await, "order.created order.paid");
}
