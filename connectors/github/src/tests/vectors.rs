//! The claims of real signatures, checked as a host checks them, against the verdicts of the official library.

use std::collections::BTreeMap;

use ase_connector_kit::testing::{delivery, fixture, holds};
use ase_connector_kit::wit::{KeyEncoding, Part, RefusalReason};
use serde::Deserialize;

use crate::signature::claims;

#[derive(Deserialize)]
struct Case {
    id: String,
    scheme: String,
    secrets: Vec<String>,
    headers: BTreeMap<String, String>,
    body: Option<String>,
    body_file: Option<String>,
    official: String,
}

const HEADER: &str = "X-Hub-Signature-256";

#[test]
fn the_published_signature_holds_and_no_other() {
    let secret = "It's a Secret to Everybody";
    let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let input = delivery(b"Hello, World!", &[(HEADER, signature)], &[]);
    let claim = claims(&input).unwrap();
    assert_eq!((claim.key.clone(), claim.message.as_slice()), (KeyEncoding::Utf8, [Part::Body].as_slice()));
    assert!(holds(std::slice::from_ref(&claim), secret, &input));
    assert!(!holds(&[claim], "Another", &input));
    let other = delivery(b"Hello, World?", &[(HEADER, signature)], &[]);
    assert!(!holds(&[claims(&other).unwrap()], secret, &other));
}

#[test]
fn every_vector_gets_its_official_verdict() {
    let Some(vectors) = fixture("vectors.json") else { return };
    let cases: Vec<Case> = serde_json::from_slice::<Vec<serde_json::Value>>(&vectors)
        .unwrap()
        .into_iter()
        .filter_map(|case| serde_json::from_value(case).ok())
        .filter(|case: &Case| case.scheme == "github")
        .collect();
    assert!(cases.len() >= 4, "only {} vectors", cases.len());
    for case in cases {
        let body = case.body.map(String::into_bytes).or_else(|| fixture(&case.body_file?)).unwrap();
        let headers: Vec<_> =
            case.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let input = delivery(&body, &headers, &[]);
        let accepted = claims(&input).is_ok_and(|claim| {
            case.secrets.iter().any(|secret| holds(std::slice::from_ref(&claim), secret, &input))
        });
        assert_eq!(accepted, case.official == "accept", "{}", case.id);
    }
}

#[test]
fn headers_without_a_usable_signature_are_refused_by_name() {
    let good = "ab".repeat(32);
    let cases = [
        (vec![], "is missing: give the webhook a secret"),
        (vec![("x-hub-signature", format!("sha1={}", "ab".repeat(20)))], "is missing"),
        (vec![(HEADER, String::new())], "is missing"),
        (vec![(HEADER, good.clone())], "does not begin with `sha256=`"),
        (vec![(HEADER, format!("sha1={good}"))], "does not begin with `sha256=`"),
        (vec![(HEADER, "sha256=0g".to_owned())], "not an HMAC-SHA-256"),
        (vec![(HEADER, format!("sha256={good}ab"))], "not an HMAC-SHA-256"),
        (vec![(HEADER, format!("sha256={good}")), (HEADER, format!("sha256={good}"))], "more than once"),
    ];
    for (headers, part) in cases {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refusal = claims(&delivery(b"{}", &headers, &[])).unwrap_err();
        assert_eq!(refusal.reason, RefusalReason::Unauthenticated);
        assert!(refusal.message.contains(part) && !refusal.message.contains(&good), "{}", refusal.message);
    }
}
