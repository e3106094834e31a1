//! Every body of a sender without a connector, signed as that sender signs, through the preset of its name.

use ase_tests::harness::sign::{self, Headers, hmac_sha256};
use ase_tests::harness::{TestApp, fixtures};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER;
use serde_json::json;

const WHSEC: &str = "whsec_T1dKUFFkEzWfO8HU71e37ufMhLnbWd4p7F6LRrKnCqg=";

/// How each sender signs: a body and its signature.
type Signs = fn(&[u8]) -> Headers;

fn one(name: &str, value: String) -> Headers {
    vec![(name.to_owned(), value)]
}

fn hex(name: &str, body: &[u8]) -> Headers {
    one(name, HEXLOWER.encode(&hmac_sha256(b"secret", &[body])))
}

fn base64(name: &str, body: &[u8]) -> Headers {
    one(name, STANDARD.encode(hmac_sha256(b"secret", &[body])))
}

fn standard(body: &[u8]) -> Headers {
    let digest = HEXLOWER.encode(&hmac_sha256(b"id", &[body]));
    sign::standard_webhooks(WHSEC, &format!("msg_{}", &digest[..16]), sign::now(), body)
}

fn listed(body: &[u8]) -> Headers {
    let time = sign::now();
    let signature = hmac_sha256(b"secret", &[format!("{time}:").as_bytes(), body]);
    one("paddle-signature", format!("ts={time};h1={}", HEXLOWER.encode(&signature)))
}

/// The beginning of a file's name, its preset, the source's secret, and how its sender signs.
const SENDERS: [(&str, &str, &str, Signs); 11] = [
    ("adyen", "adyen", "YXNlOnNlY3JldA==", |_| one("authorization", "Basic YXNlOnNlY3JldA==".to_owned())),
    ("bigcommerce", "bigcommerce", "secret", |_| one("x-webhook-token", "secret".to_owned())),
    ("checkout", "checkout", "secret", |body| hex("cko-signature", body)),
    ("commercelayer", "commercelayer", "secret", |body| base64("x-commercelayer-signature", body)),
    ("github", "github", "secret", |body| sign::github("secret", body)),
    ("gitlab", "gitlab", "secret", |_| one("x-gitlab-token", "secret".to_owned())),
    ("lemonsqueezy", "lemonsqueezy", "secret", |body| hex("x-signature", body)),
    ("paddlebilling", "paddle", "secret", listed),
    ("paypal", "paypal", WHSEC, standard),
    ("standard-webhooks", "contacts", WHSEC, standard),
    ("woocommerce", "woocommerce", "secret", |body| base64("x-wc-webhook-signature", body)),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_preset_reads_its_sender() {
    let all = fixtures::all();
    if all.is_empty() {
        return;
    }
    let app = TestApp::start().await;
    let (mut accepted, mut ignored) = (0, 0);
    for fixture in all.iter().filter(|fixture| fixture.provider == "generic") {
        let name = fixture.file.trim_start_matches("generic/");
        let sender = SENDERS.iter().find(|(start, ..)| name.starts_with(start));
        let (_, preset, secret, signs) = sender.unwrap_or_else(|| panic!("{name} has no preset"));
        let source = app.source("generic", json!({ "preset": preset }), secret).await;
        let body = fixtures::body(&fixture.file).unwrap();
        let given = fixture.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone()));
        let signature = signs(&body);
        let signed = |name: &String| signature.iter().any(|(other, _)| other == name);
        let bare: Headers = given
            .filter(|(name, _)| !signed(name) && !name.contains("signature") && name != "authorization")
            .collect();
        let headers: Headers = bare.iter().cloned().chain(signature.clone()).collect();
        let answer = app.shop.platform.webhook(&source.url, &headers, &body).await.json(200);
        match answer["status"].as_str() {
            Some("accepted") => accepted += 1,
            Some("ignored") => ignored += 1,
            other => panic!("{name}: {other:?}"),
        }
        let unsigned = app.shop.platform.webhook(&source.url, &bare, &body).await;
        unsigned.problem(401, "unauthenticated_delivery");
    }
    assert_eq!((accepted, ignored), (15, 2), "a ping and a coupon are of no concern");
}
