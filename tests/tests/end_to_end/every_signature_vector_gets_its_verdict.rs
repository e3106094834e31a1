//! Signatures that official libraries made or judged, through the real connectors and the real check of their claims.

use ase_host::connectors::{Delivery, Received, Trust};
use ase_tests::harness::{TestApp, fixtures};
use chrono::DateTime;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::time::Duration;

/// Where this product says no on purpose and the official library says yes, and why.
const STRICTER: [(&str, &str); 2] = [
    (
        "stripe-future-301s",
        "a signature from the future could be kept back and used later, so time counts both ways",
    ),
    (
        "shopify-topic-header-changed",
        "headers are not signed, so a body must fit the topic that is said of it",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_signature_vector_gets_its_verdict() {
    let Some(vectors) = fixtures::body("vectors.json") else { return };
    let vectors: Vec<Value> = serde_json::from_slice(&vectors).unwrap();
    let app = TestApp::start().await;
    let mut judged = 0;
    for vector in &vectors {
        let (accepted, said) = judge(&app, vector, &[]).await;
        let id = vector["id"].as_str().unwrap();
        let verdict = vector.get("expected").unwrap_or(&vector["official"]).as_str().unwrap();
        let stricter = STRICTER.iter().find(|(name, _)| *name == id);
        let expected = verdict == "accept" && stricter.is_none();
        let why = stricter.map_or("", |(_, why)| why);
        assert_eq!(accepted, expected, "{id} ({}): {said} {why}", vector["note"]);
        judged += 1;
    }
    assert!(judged >= 38, "only {judged} vectors");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_is_stricter_here_is_stricter_for_its_reason() {
    let Some(vectors) = fixtures::body("vectors.json") else { return };
    let vectors: Vec<Value> = serde_json::from_slice(&vectors).unwrap();
    let app = TestApp::start().await;
    let find = |id: &str| vectors.iter().find(|vector| vector["id"] == id).unwrap().clone();
    let mut future = find("stripe-future-301s");
    assert_eq!(future["official"], "accept");
    future["now"] = json!(future["now"].as_i64().unwrap() + 1);
    assert!(judge(&app, &future, &[]).await.0, "300 seconds ahead are within the tolerance");
    let svix = find("stdwh-svix-headers");
    assert!(
        judge(&app, &svix, &[("svix_headers", "true")]).await.0,
        "a setting of the source allows the other names"
    );
}

/// Whether the delivery of a vector is taken, and what was said.
async fn judge(app: &TestApp, vector: &Value, settings: &[(&str, &str)]) -> (bool, String) {
    let scheme = vector["scheme"].as_str().unwrap();
    let (connector, mut given) = match scheme {
        "shopify" | "stripe" => (scheme, Vec::new()),
        other => ("generic", vec![("scheme".to_owned(), other.to_owned())]),
    };
    given.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let secrets = vector["secrets"].as_array().unwrap().iter().chain(vector.get("public_key"));
    let trust = Trust {
        secrets: secrets.map(|secret| SecretString::from(secret.as_str().unwrap())).collect(),
        tolerance: Duration::from_mins(5),
        allow_sha1: false,
        accept_partial: false,
    };
    let headers = vector["headers"].as_object().unwrap().iter();
    let delivery = Delivery {
        id: "dlv_1".to_owned(),
        received_at: DateTime::from_timestamp(vector["now"].as_i64().unwrap_or(1_787_227_200), 0).unwrap(),
        headers: headers
            .map(|(name, value)| (name.clone(), value.as_str().unwrap().as_bytes().to_vec()))
            .collect(),
        url: String::new(),
        query: String::new(),
        body: body(vector).into(),
        settings: given,
        pin: None,
    };
    let received = app.app.connectors.receive(connector, &delivery, &trust).await.unwrap().received;
    // bodies of senders that need a mapping are refused after their signature was found good
    let held = match &received {
        Received::Events(_) | Received::Reply { .. } | Received::Ignored { .. } => true,
        Received::Refused(_) => connector == "generic",
        Received::Unauthenticated(_) | Received::Greeted { .. } => false,
    };
    (held, format!("{received:?}"))
}

fn body(vector: &Value) -> Vec<u8> {
    if let Some(text) = vector["body"].as_str() {
        return text.as_bytes().to_vec();
    }
    let scheme = vector["scheme"].as_str().unwrap();
    let usual = if scheme == "shopify" {
        "shopify/orders_create.2026-04.json"
    } else {
        "stripe/charge.dispute.created.srm.json"
    };
    let mut body = fixtures::body(vector["body_file"].as_str().unwrap_or(usual)).unwrap();
    match vector["body_mutation"].as_str() {
        None => {}
        Some(mutation) if mutation.contains("trailing newline") => body.push(b'\n'),
        Some(_) => {
            let at = body.windows(11).position(|window| window == b"\"livemode\":").unwrap() + 11;
            body.insert(at, b' ');
        }
    }
    body
}
