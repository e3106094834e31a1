//! Every body that providers publish, through HTTP: accepted, ignored with a reason or refused with a reason.

use std::collections::BTreeMap;

use ase_tests::harness::fixtures::{self, Fixture};
use ase_tests::harness::sign::{self, Headers};
use ase_tests::harness::{Source, TestApp};
use serde_json::{Value, json};

const SHOP: &str = "ase-fixture.myshopify.com";
const SHOPIFY: &str = "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";
const STRIPE: &str = "whsec_7I4MqmZDXyJmGwYS4QXJPkcUvSkkcudT";
const STANDARD: &str = "whsec_T1dKUFFkEzWfO8HU71e37ufMhLnbWd4p7F6LRrKnCqg=";

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_fixture_is_answered() {
    let all = fixtures::all();
    if all.is_empty() {
        return;
    }
    let app = TestApp::start().await;
    let sources = BTreeMap::from([
        ("shopify", app.source("shopify", json!({ "shop_domain": SHOP }), SHOPIFY).await),
        ("stripe", app.source("stripe", json!({}), STRIPE).await),
        ("generic", app.source("generic", json!({}), STANDARD).await),
    ]);
    let mut accepted = BTreeMap::new();
    for fixture in &all {
        let source = &sources[fixture.provider.as_str()];
        let body = fixtures::body(&fixture.file).unwrap();
        let headers = signed(fixture, source, &body);
        let answer = app.shop.platform.webhook(&source.url, &headers, &body).await;
        match answer.status {
            200 => {
                let shown = answer.json(200);
                assert_answered(&fixture.file, &shown);
                if shown["status"] == "accepted" {
                    *accepted.entry(fixture.provider.as_str()).or_insert(0) += 1;
                }
            }
            400 => {
                let refused = answer.json(400);
                assert!(
                    refused["detail"].as_str().is_some_and(|reason| reason.len() > 10),
                    "{}: {refused}",
                    fixture.file
                );
            }
            other => panic!("{}: {other} {}", fixture.file, answer.text),
        }
        let again = app.shop.platform.webhook(&source.url, &signed(fixture, source, &body), &body).await;
        assert_eq!(again.status, answer.status, "{}: the second time", fixture.file);
    }
    // the bodies of the two platforms are nearly all of concern; those of others need a mapping of their own
    assert!(
        accepted["shopify"] >= 20 && accepted["stripe"] >= 25 && accepted["generic"] >= 1,
        "{accepted:?}"
    );
}

fn signed(fixture: &Fixture, source: &Source, body: &[u8]) -> Headers {
    let own = |name: &str| {
        !matches!(name, "webhook-id" | "webhook-timestamp" | "content-type")
            && !name.starts_with("x-shopify-hmac")
    };
    let given = fixture.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone()));
    let mut headers: Headers = given.filter(|(name, _)| own(name)).collect();
    headers.extend(match fixture.provider.as_str() {
        "shopify" => {
            let signature = sign::shopify(&source.secret, &fixture.topic, SHOP, body);
            signature.into_iter().filter(|(name, _)| name == "x-shopify-hmac-sha256").collect()
        }
        "stripe" => sign::stripe(&source.secret, sign::now(), body),
        _ => sign::standard_webhooks(
            &source.secret,
            &format!("msg_{}", fixture.topic.replace(['.', ' '], "_")),
            sign::now(),
            body,
        ),
    });
    headers
}

/// An accepted delivery names its decisions or notices; an ignored one its reason.
fn assert_answered(file: &str, shown: &Value) {
    match shown["status"].as_str() {
        Some("accepted") => {
            let count = |list: &str| shown[list].as_array().map_or(0, Vec::len);
            assert!(count("decisions") + count("notices") > 0, "{file}: {shown}");
        }
        Some("ignored") => {
            assert!(shown["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{file}: {shown}");
        }
        other => panic!("{file}: {other:?}"),
    }
}
