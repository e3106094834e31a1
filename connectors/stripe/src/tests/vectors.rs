//! The claims of real signatures, checked as a host checks them, against the verdicts of the official library.

use ase_connector_kit::testing::{self, fixtures_dir};
use serde::Deserialize;

use super::{delivery, header};
use crate::bindings::exports::ase::connector::normalizer::{Claim, Delivery, Part, Refusal, RefusalReason};
use crate::signature::claims;

/// A source's tolerance in seconds, in both directions.
const TOLERANCE: f64 = 300.0;

#[derive(Deserialize)]
struct Case {
    id: String,
    scheme: String,
    secrets: Vec<String>,
    #[serde(default)]
    now: f64,
    headers: std::collections::BTreeMap<String, String>,
    body_file: Option<String>,
    body_mutation: Option<String>,
    official: String,
}

/// What a host does with a claim.
fn holds(claim: &Claim, secrets: &[String], input: &Delivery, now: f64) -> bool {
    let matches = |secret: &String| testing::holds(std::slice::from_ref(claim), secret, input);
    (now - claim.signed_at.unwrap()).abs() <= TOLERANCE && secrets.iter().any(matches)
}

#[test]
fn every_vector_gets_its_official_verdict() {
    let Some(dir) = fixtures_dir() else { return };
    let cases: Vec<Case> = serde_json::from_slice(&std::fs::read(dir.join("vectors.json")).unwrap()).unwrap();
    let cases: Vec<_> = cases.into_iter().filter(|case| case.scheme == "stripe").collect();
    assert!(cases.len() >= 14, "only {} vectors", cases.len());
    for case in cases {
        let file = case.body_file.as_deref().unwrap_or("stripe/charge.dispute.created.srm.json");
        let mut body = std::fs::read(dir.join(file)).unwrap();
        if case.body_mutation.is_some() {
            let at = body.windows(11).position(|window| window == b"\"livemode\":").unwrap() + 11;
            body.insert(at, b' ');
        }
        let mut input = delivery(&body, &[]);
        input.headers = case.headers.iter().map(|(name, value)| header(name, value)).collect();
        let accepted = claims(&input).is_ok_and(|claim| holds(&claim, &case.secrets, &input, case.now));
        // The official library looks at the age alone and accepts any time in the future. A signature from the
        // future can be kept back and used later, so here the tolerance holds in both directions, on purpose.
        let expected = case.official == "accept" && case.id != "stripe-future-301s";
        assert_eq!(accepted, expected, "{}", case.id);
    }
}

#[test]
fn a_signature_from_301_s_in_the_future_is_refused_unlike_in_the_official_library() {
    let Some(dir) = fixtures_dir() else { return };
    let cases: Vec<Case> = serde_json::from_slice(&std::fs::read(dir.join("vectors.json")).unwrap()).unwrap();
    let case = cases.into_iter().find(|case| case.id == "stripe-future-301s").unwrap();
    let body = std::fs::read(dir.join(case.body_file.unwrap())).unwrap();
    let mut input = delivery(&body, &[]);
    input.headers = case.headers.iter().map(|(name, value)| header(name, value)).collect();
    let claim = claims(&input).unwrap();
    assert_eq!(case.official, "accept");
    assert!(!holds(&claim, &case.secrets, &input, case.now));
    assert!(holds(&claim, &case.secrets, &input, case.now + 1.0), "300 s are within the tolerance");
}

fn read(value: &str) -> Result<Claim, Refusal> {
    let mut input = delivery(b"{}", &[]);
    input.headers = vec![header("Stripe-Signature", value)];
    claims(&input)
}

#[test]
fn a_claim_covers_the_time_as_sent_and_the_body() {
    let (one, two) = ("ab".repeat(32), "CD".repeat(32));
    let claim = read(&format!("t=0042,v1={one},v0={one},v1={two},v2={one},v1=zz,v1=ab")).unwrap();
    let [Part::Literal(literal), Part::Body] = &claim.message[..] else { panic!("{:?}", claim.message) };
    assert_eq!(literal, b"0042.");
    assert_eq!(claim.signed_at, Some(42.0));
    assert_eq!(claim.signatures, [vec![0xab; 32], vec![0xcd; 32]]);
}

#[test]
fn headers_without_a_usable_signature_are_refused() {
    let good = "ab".repeat(32);
    let headers = [
        String::new(),
        "t=1".to_owned(),
        format!("v1={good}"),
        format!("t=1,v0={good}"),
        format!("t=1,t=2,v1={good}"),
        format!("t=,v1={good}"),
        format!("t=-1,v1={good}"),
        format!("t=1.5,v1={good}"),
        format!("t=12345678901,v1={good}"),
        "t=1,v1=".to_owned(),
        format!("t=1,v1={good}ab"),
        format!("t=1;v1={good}"),
    ];
    for value in headers {
        let refusal = read(&value).unwrap_err();
        assert!(matches!(refusal.reason, RefusalReason::Unauthenticated), "{value}");
        assert!(!refusal.message.contains(&good), "a refusal repeats no signature");
    }
}

#[test]
fn a_missing_repeated_or_binary_header_is_refused() {
    let mut input = delivery(b"{}", &[]);
    assert!(matches!(claims(&input).unwrap_err().reason, RefusalReason::Unauthenticated));
    let valid = header("Stripe-Signature", &format!("t=1,v1={}", "ab".repeat(32)));
    input.headers = vec![valid.clone(), valid];
    assert!(matches!(claims(&input).unwrap_err().reason, RefusalReason::Unauthenticated));
    input.headers.truncate(1);
    input.headers[0].value = vec![0xff, 0xfe];
    assert!(matches!(claims(&input).unwrap_err().reason, RefusalReason::Unauthenticated));
}
