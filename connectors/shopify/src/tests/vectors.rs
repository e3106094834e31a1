//! The official verdicts on signatures, with real HMACs. Where ASE goes further than Shopify's own library, the
//! test says so.

use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;

use super::{delivery, fixtures, headers};
use crate::{
    bindings::exports::ase::connector::normalizer::{Outcome, RefusalReason},
    payload, signature,
};

#[derive(Deserialize)]
struct Case {
    id: String,
    scheme: String,
    secrets: Vec<String>,
    headers: std::collections::BTreeMap<String, String>,
    body_file: Option<String>,
    official: String,
}

/// What the host does with a claim over the whole body.
pub(super) fn holds(secret: &str, body: &[u8], signature: &[u8]) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    mac.verify_slice(signature).is_ok()
}

#[test]
fn every_case_gets_its_official_verdict() {
    let Some(text) = fixtures::read("vectors.json") else { return };
    let cases: Vec<Case> = serde_json::from_slice(&text).unwrap();
    let mut seen = 0;
    for case in cases.iter().filter(|case| case.scheme == "shopify") {
        let original = fixtures::read("shopify/orders_create.2026-04.json").unwrap();
        let body = match &case.body_file {
            Some(file) => fixtures::read(file).unwrap(),
            None => [original.as_slice(), b"\n"].concat(),
        };
        let lower: Vec<_> =
            case.headers.iter().map(|(name, value)| (name.to_lowercase(), value.as_str())).collect();
        let list: Vec<_> = lower.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let delivery = delivery(headers(&list), &body);
        let accepted = signature::claims(&delivery).is_ok_and(|claims| {
            let held = |bytes: &Vec<u8>| case.secrets.iter().any(|secret| holds(secret, &body, bytes));
            claims.iter().all(|claim| claim.signatures.iter().any(held))
        });
        assert_eq!(accepted, case.official == "accept", "{}", case.id);
        seen += 1;
        let outcome = payload::normalize(&delivery);
        match case.id.as_str() {
            // Signed, but under a topic that its body does not fit: the official library lets it through, ASE not.
            "shopify-topic-header-changed" => {
                assert_eq!(outcome.unwrap_err().reason, RefusalReason::Malformed);
            }
            _ if accepted => assert!(matches!(outcome, Ok(Outcome::Events(_))), "{}", case.id),
            _ => {}
        }
    }
    assert_eq!(seen, 8);
}
