//! How providers sign what they send, written from their documentation.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER_PERMISSIVE;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

/// Headers of a request.
pub type Headers = Vec<(String, String)>;

/// HMAC-SHA-256 (RFC 2104) over the parts, one after the other.
#[must_use]
pub fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

/// Seconds since 1970.
#[must_use]
pub fn now() -> i64 {
    ase_engine::clock::now().timestamp()
}

/// Stripe: `t=<seconds>,v1=<hex of HMAC-SHA-256 over "t.body">`, the key being the whole `whsec_…` text.
#[must_use]
pub fn stripe(secret: &str, time: i64, body: &[u8]) -> Headers {
    let signature = hmac_sha256(secret.as_bytes(), &[format!("{time}.").as_bytes(), body]);
    let value = format!("t={time},v1={}", data_encoding::HEXLOWER.encode(&signature));
    vec![("stripe-signature".to_owned(), value)]
}

/// Shopify: base64 of HMAC-SHA-256 over the body. The headers beside it are not signed.
#[must_use]
pub fn shopify(secret: &str, topic: &str, shop: &str, body: &[u8]) -> Headers {
    let signature = STANDARD.encode(hmac_sha256(secret.as_bytes(), &[body]));
    vec![
        ("x-shopify-topic".to_owned(), topic.to_owned()),
        ("x-shopify-shop-domain".to_owned(), shop.to_owned()),
        ("x-shopify-webhook-id".to_owned(), format!("{:032x}", rand::random::<u128>())),
        ("x-shopify-hmac-sha256".to_owned(), signature),
    ]
}

/// Standard Webhooks: `v1,<base64 of HMAC-SHA-256 over "id.timestamp.body">`, the key being the base64 after `whsec_`.
#[must_use]
pub fn standard_webhooks(secret: &str, id: &str, time: i64, body: &[u8]) -> Headers {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap_or(secret)).unwrap();
    let signature = hmac_sha256(&key, &[format!("{id}.{time}.").as_bytes(), body]);
    vec![
        ("webhook-id".to_owned(), id.to_owned()),
        ("webhook-timestamp".to_owned(), time.to_string()),
        ("webhook-signature".to_owned(), format!("v1,{}", STANDARD.encode(signature))),
    ]
}

/// GitHub: `sha256=<hex of HMAC-SHA-256 over the body>`.
#[must_use]
pub fn github(secret: &str, body: &[u8]) -> Headers {
    let signature = data_encoding::HEXLOWER.encode(&hmac_sha256(secret.as_bytes(), &[body]));
    vec![("x-hub-signature-256".to_owned(), format!("sha256={signature}"))]
}

/// WooCommerce: base64 of HMAC-SHA-256 over the body. Topic and id beside it are not signed; the id is always new.
#[must_use]
pub fn woocommerce(secret: &str, topic: &str, body: &[u8]) -> Headers {
    let signature = STANDARD.encode(hmac_sha256(secret.as_bytes(), &[body]));
    vec![
        ("x-wc-webhook-topic".to_owned(), topic.to_owned()),
        ("x-wc-webhook-delivery-id".to_owned(), format!("{:032x}", rand::random::<u128>())),
        ("x-wc-webhook-signature".to_owned(), signature),
    ]
}

/// Square: base64 of HMAC-SHA-256 over the notification URL and the body, one after the other.
#[must_use]
pub fn square(secret: &str, url: &str, body: &[u8]) -> Headers {
    let signature = STANDARD.encode(hmac_sha256(secret.as_bytes(), &[url.as_bytes(), body]));
    vec![("x-square-hmacsha256-signature".to_owned(), signature)]
}

/// Adyen's standard webhooks: each item carries base64 of HMAC-SHA-256 over eight of its fields, joined by colons. The
/// key is written in hexadecimal digits.
#[must_use]
pub fn adyen(key: &str, body: &[u8]) -> Vec<u8> {
    let key = HEXLOWER_PERMISSIVE.decode(key.as_bytes()).unwrap();
    let mut body: Value = serde_json::from_slice(body).unwrap();
    for item in body["notificationItems"].as_array_mut().unwrap() {
        let item = &mut item["NotificationRequestItem"];
        let fields = [
            "/pspReference",
            "/originalReference",
            "/merchantAccountCode",
            "/merchantReference",
            "/amount/value",
            "/amount/currency",
            "/eventCode",
            "/success",
        ];
        let written = |field: &&str| match item.pointer(field) {
            None => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let signed = fields.iter().map(written).collect::<Vec<_>>().join(":");
        let signature = STANDARD.encode(hmac_sha256(&key, &[signed.as_bytes()]));
        item["additionalData"]["hmacSignature"] = json!(signature);
    }
    serde_json::to_vec(&body).unwrap()
}

/// The webhooks of Adyen's balance platforms: base64 of HMAC-SHA-256 over the body.
#[must_use]
pub fn adyen_platform(key: &str, body: &[u8]) -> Headers {
    let key = HEXLOWER_PERMISSIVE.decode(key.as_bytes()).unwrap();
    vec![("hmacsignature".to_owned(), STANDARD.encode(hmac_sha256(&key, &[body])))]
}
