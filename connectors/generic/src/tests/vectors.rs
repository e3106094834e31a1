//! The claims against real cryptography: what the host would do with them.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use ed25519_dalek::{Signature, VerifyingKey};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;

use super::given;
use crate::Generic;
use crate::wit::{Algorithm, Claim, Delivery, Guest, KeyEncoding, Part};

/// Whether every claim of a delivery holds for one of the secrets, as the interface demands of the host.
pub(crate) fn is_authentic(delivery: &Delivery, secrets: &[&str], now: f64) -> bool {
    let Ok(claims) = Generic::authenticate(delivery.clone()) else {
        return false;
    };
    !claims.is_empty()
        && claims.iter().all(|claim| {
            let fresh = claim.signed_at.is_none_or(|at| (now - at).abs() <= 300.0);
            fresh && secrets.iter().any(|secret| holds(claim, delivery, secret))
        })
}

fn holds(claim: &Claim, delivery: &Delivery, secret: &str) -> bool {
    let (Some(key), Some(message)) = (key(claim, secret), message(claim, delivery)) else {
        return false;
    };
    claim.signatures.iter().any(|signature| match claim.algorithm {
        Algorithm::HmacSha256 => matches::<Hmac<sha2::Sha256>>(&key, &message, signature),
        Algorithm::HmacSha512 => matches::<Hmac<sha2::Sha512>>(&key, &message, signature),
        Algorithm::HmacSha1 => matches::<Hmac<sha1::Sha1>>(&key, &message, signature),
        Algorithm::Ed25519 => {
            let key = key.as_slice().try_into().ok().and_then(|key| VerifyingKey::from_bytes(key).ok());
            let signature = Signature::from_slice(signature).ok();
            key.zip(signature).is_some_and(|(key, signature)| key.verify_strict(&message, &signature).is_ok())
        }
        Algorithm::SharedToken => *signature == key,
    })
}

fn matches<M: Mac + KeyInit>(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    <M as KeyInit>::new_from_slice(key).unwrap().chain_update(message).verify_slice(signature).is_ok()
}

fn key(claim: &Claim, secret: &str) -> Option<Vec<u8>> {
    match &claim.key {
        KeyEncoding::Utf8 => Some(secret.as_bytes().to_vec()),
        KeyEncoding::Base64(prefix) => {
            BASE64.decode(secret.strip_prefix(prefix.as_str()).unwrap_or(secret).as_bytes()).ok()
        }
        KeyEncoding::Hex => HEXLOWER_PERMISSIVE.decode(secret.as_bytes()).ok(),
    }
}

fn message(claim: &Claim, delivery: &Delivery) -> Option<Vec<u8>> {
    let parts = claim.message.iter().map(|part| match part {
        Part::Literal(bytes) => Some(bytes.clone()),
        Part::Body => Some(delivery.body.clone()),
        Part::Header(name) => {
            delivery.headers.iter().find(|header| header.name == *name).map(|header| header.value.clone())
        }
    });
    parts.collect::<Option<Vec<_>>>().map(|parts| parts.concat())
}

/// The signature cases of one scheme: name, delivery, secrets, time and whether it must be accepted.
fn cases(scheme: &str) -> Vec<(String, Delivery, Vec<String>, f64, bool)> {
    let Some(vectors) = given::fixture("vectors.json") else {
        return Vec::new();
    };
    let vectors: Vec<Value> = serde_json::from_slice(&vectors).unwrap();
    let mine = vectors.iter().filter(|case| case["scheme"] == scheme);
    mine.map(|case| {
        let body = match case["body_file"].as_str() {
            Some(file) => given::fixture(file).unwrap(),
            None => case["body"].as_str().unwrap().as_bytes().to_vec(),
        };
        let headers = given::settings(&case["headers"]);
        let delivery = given::delivery(&given::borrowed(&headers), &[("scheme", scheme)], &body);
        let listed = case["secrets"].as_array().unwrap().iter().chain(case.get("public_key"));
        let secrets = listed.map(|secret| secret.as_str().unwrap().to_owned()).collect();
        let verdict = case.get("expected").unwrap_or(&case["official"]) == "accept";
        (
            case["id"].as_str().unwrap().to_owned(),
            delivery,
            secrets,
            case["now"].as_f64().unwrap_or(0.0),
            verdict,
        )
    })
    .collect()
}

#[test]
fn every_published_case_gets_its_official_verdict() {
    for (scheme, least) in [("standard-webhooks", 12), ("github", 4)] {
        let cases = cases(scheme);
        assert!(cases.is_empty() || cases.len() >= least, "{scheme} has {} cases", cases.len());
        for (name, delivery, secrets, now, expected) in cases {
            let secrets: Vec<_> = secrets.iter().map(String::as_str).collect();
            assert_eq!(is_authentic(&delivery, &secrets, now), expected, "{name}");
        }
    }
}

#[test]
fn svix_headers_are_accepted_where_the_operator_asks_for_them() {
    for (name, mut delivery, secrets, now, _) in cases("standard-webhooks") {
        if name == "stdwh-svix-headers" {
            delivery
                .settings
                .push(crate::wit::Setting { name: "svix_headers".to_owned(), value: "true".to_owned() });
            assert!(is_authentic(&delivery, &[secrets[0].as_str()], now));
        }
    }
}

#[test]
fn a_public_key_cannot_be_used_as_an_hmac_secret() {
    let public = "OLRsGlZapgGMDPKH1MzDidyRPT5ZB1GGDyMQ7ol9y0w=";
    let forged = Hmac::<sha2::Sha256>::new_from_slice(&BASE64.decode(public.as_bytes()).unwrap())
        .unwrap()
        .chain_update(b"msg_1.1795341600.{}")
        .finalize()
        .into_bytes();
    let signature = format!("v1,{}", BASE64.encode(&forged));
    let headers = [
        ("webhook-id", "msg_1"),
        ("webhook-timestamp", "1795341600"),
        ("webhook-signature", signature.as_str()),
    ];
    let now = 1_795_341_600.0;
    let written = format!("whpk_{public}");
    assert!(!is_authentic(&given::delivery(&headers, &[], b"{}"), &[written.as_str()], now));
    let pinned = given::delivery(&headers, &[("signature_version", "v1a")], b"{}");
    assert!(!is_authentic(&pinned, &[public], now), "nor without its prefix, once the version is pinned");
}
