//! Claims against secrets: every algorithm, every encoding, and every way to fail.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER;
use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use super::super::bindings::{Header, KeyEncoding};
use super::*;

const KEY: &[u8] = b"a key of some bytes";
const BODY: &[u8] = br#"{"id":1}"#;
const QUERY: &str = "b=2&a=1";
const URL: &str = "https://ase.example/webhooks/acme/src_1?b=2&a=1";
const NOW: i64 = 1_800_000_000;

fn mac<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// A claim that holds: HMAC-SHA-256 over the body with the key as text.
fn good() -> Claim {
    Claim {
        algorithm: Algorithm::HmacSha256,
        key: KeyEncoding::Utf8,
        message: vec![Part::Body],
        signatures: vec![mac::<Hmac<Sha256>>(KEY, BODY)],
        signed_at: None,
    }
}

fn trusting(secret: &str) -> Trust {
    Trust {
        secrets: vec![secret.into()],
        tolerance: Duration::from_mins(5),
        allow_sha1: false,
        accept_partial: false,
    }
}

fn trust() -> Trust {
    trusting(std::str::from_utf8(KEY).unwrap())
}

fn checked(claims: &[Claim], trust: &Trust, signs: Coverage) -> Result<(), Failure> {
    let headers = [Header { name: "x-time", value: b"12" }, Header { name: "x-time", value: b"13" }];
    let received_at = DateTime::from_timestamp(NOW, 999_999_999).unwrap();
    check(
        claims,
        Evidence { headers: &headers, query: QUERY, url: URL, body: BODY, received_at, signs },
        trust,
    )
    .unwrap()
    .map(|_| ())
}

fn check_one(claim: Claim) -> Result<(), Failure> {
    checked(&[claim], &trust(), Coverage::Full)
}

#[test]
fn each_hmac_matches_with_its_own_digest_alone() {
    let with_sha1 = Trust { allow_sha1: true, ..trust() };
    let tags = [
        (Algorithm::HmacSha256, mac::<Hmac<Sha256>>(KEY, BODY)),
        (Algorithm::HmacSha512, mac::<Hmac<Sha512>>(KEY, BODY)),
        (Algorithm::HmacSha1, mac::<Hmac<Sha1>>(KEY, BODY)),
    ];
    for (algorithm, _) in &tags {
        for (other, tag) in &tags {
            let claim = Claim { algorithm: *algorithm, signatures: vec![tag.clone()], ..good() };
            let held = checked(&[claim], &with_sha1, Coverage::Full).is_ok();
            assert_eq!(held, algorithm == other, "{algorithm:?} against a tag of {other:?}");
        }
    }
}

#[test]
fn sha1_needs_the_sources_consent() {
    let claim =
        Claim { algorithm: Algorithm::HmacSha1, signatures: vec![mac::<Hmac<Sha1>>(KEY, BODY)], ..good() };
    assert_eq!(check_one(claim), Err(Failure::Sha1NotAllowed));
}

#[test]
fn secrets_are_read_as_the_claim_says() {
    let base64 = STANDARD.encode(KEY);
    for (encoding, secret) in [
        (KeyEncoding::Base64("whsec_".to_owned()), format!("whsec_{base64}")),
        (KeyEncoding::Base64("whsec_".to_owned()), base64.clone()),
        (KeyEncoding::Base64(String::new()), base64.trim_end_matches('=').to_owned()),
        (KeyEncoding::Hex, HEXLOWER.encode(KEY)),
        (KeyEncoding::Hex, HEXLOWER.encode(KEY).to_uppercase()),
    ] {
        let claim = Claim { key: encoding, ..good() };
        assert_eq!(checked(&[claim], &trusting(&secret), Coverage::Full), Ok(()), "{secret}");
    }
}

#[test]
fn secret_that_is_not_written_that_way_opens_nothing() {
    for (encoding, secret) in [
        (KeyEncoding::Base64(String::new()), "not base64!"),
        (KeyEncoding::Hex, "xyz"),
        (KeyEncoding::Utf8, ""),
        (KeyEncoding::Base64("whsec_".to_owned()), "whsec_"),
    ] {
        let claim = Claim { key: encoding, signatures: vec![mac::<Hmac<Sha256>>(b"", BODY)], ..good() };
        let answer = checked(&[claim], &trusting(secret), Coverage::Full);
        assert!(matches!(answer, Err(Failure::UnreadableSecret { .. })), "{secret}: {answer:?}");
    }
}

#[test]
fn any_signature_and_any_secret_may_match() {
    let mut trust = trust();
    trust.secrets.insert(0, "old".into());
    let claim = Claim { signatures: vec![vec![0; 32], mac::<Hmac<Sha256>>(b"old", BODY)], ..good() };
    assert_eq!(checked(&[claim], &trust, Coverage::Full), Ok(()));
}

#[test]
fn shortened_lengthened_and_missing_signatures_do_not_match() {
    let tag = mac::<Hmac<Sha256>>(KEY, BODY);
    let longer = [&tag[..], &[0]].concat();
    for signatures in [vec![tag[..16].to_vec()], vec![longer], vec![Vec::new()], Vec::new()] {
        assert_eq!(check_one(Claim { signatures, ..good() }), Err(Failure::NoMatch("hmac-sha256")));
    }
}

#[test]
fn message_is_its_parts_in_order_with_the_first_of_repeated_headers() {
    let message = vec![Part::Literal(b"v0:".to_vec()), Part::Header("x-time".to_owned()), Part::Body];
    let signatures = vec![mac::<Hmac<Sha256>>(KEY, &[b"v0:12", BODY].concat())];
    assert_eq!(check_one(Claim { message, signatures, ..good() }), Ok(()));
}

#[test]
fn missing_header_fails_even_if_the_rest_is_signed() {
    let message = vec![Part::Body, Part::Header("x-absent".to_owned())];
    assert_eq!(check_one(Claim { message, ..good() }), Err(Failure::MissingHeader("hmac-sha256")));
}

#[test]
fn body_must_be_covered_unless_manifest_and_source_agree() {
    let partial = || Claim { message: Vec::new(), signatures: vec![mac::<Hmac<Sha256>>(KEY, b"")], ..good() };
    let accepting = Trust { accept_partial: true, ..trust() };
    let refused = Err(Failure::Partial("hmac-sha256"));
    assert_eq!(checked(&[partial()], &trust(), Coverage::Full), refused);
    assert_eq!(checked(&[partial()], &accepting, Coverage::Full), refused);
    assert_eq!(checked(&[partial()], &trust(), Coverage::Partial), refused);
    assert_eq!(checked(&[partial()], &accepting, Coverage::Partial), Ok(()));
}

#[test]
fn signed_time_counts_in_both_directions_inclusively() {
    let at = |offset: f64| Claim { signed_at: Some(1_800_000_000.0 + offset), ..good() };
    for offset in [0.0, -300.0, 300.0] {
        assert_eq!(check_one(at(offset)), Ok(()), "{offset}");
    }
    assert_eq!(check_one(at(-301.0)), Err(Failure::TooOld { age: 301, tolerance: 300 }));
    assert_eq!(check_one(at(301.0)), Err(Failure::TooNew { lead: 301, tolerance: 300 }));
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let claim = Claim { signed_at: Some(odd), ..good() };
        assert_eq!(check_one(claim), Err(Failure::TimeNotANumber), "{odd}");
    }
    assert!(matches!(check_one(at(-f64::MAX)), Err(Failure::TooOld { .. })));
}

#[test]
fn all_claims_must_hold_and_there_must_be_one() {
    let bad = Claim { signatures: vec![vec![0; 32]], ..good() };
    assert_eq!(checked(&[good(), good()], &trust(), Coverage::Full), Ok(()));
    assert_eq!(checked(&[good(), bad], &trust(), Coverage::Full), Err(Failure::NoMatch("hmac-sha256")));
    assert_eq!(checked(&[], &trust(), Coverage::Full), Err(Failure::NoClaim));
    let closed = Trust { secrets: Vec::new(), ..trust() };
    assert_eq!(checked(&[good()], &closed, Coverage::Full), Err(Failure::NoSecret));
}

#[test]
fn ed25519_is_verified_with_the_senders_public_key() {
    let sender = SigningKey::from_bytes(&[7; 32]);
    let public = HEXLOWER.encode(sender.verifying_key().as_bytes());
    let claim = |message: &[u8]| Claim {
        algorithm: Algorithm::Ed25519,
        key: KeyEncoding::Hex,
        signatures: vec![sender.sign(message).to_bytes().to_vec()],
        ..good()
    };
    assert_eq!(checked(&[claim(BODY)], &trusting(&public), Coverage::Full), Ok(()));
    let other = checked(&[claim(b"another body")], &trusting(&public), Coverage::Full);
    assert_eq!(other, Err(Failure::NoMatch("ed25519")));
    let small_order = HEXLOWER.encode(&[0; 32]);
    let weak = Claim { signatures: vec![vec![0; 64]], ..claim(BODY) };
    assert!(checked(&[weak], &trusting(&small_order), Coverage::Full).is_err());
}

#[test]
fn shared_token_is_compared_whole_and_covers_no_body() {
    let claim = |presented: &[u8]| Claim {
        algorithm: Algorithm::SharedToken,
        message: Vec::new(),
        signatures: vec![presented.to_vec()],
        ..good()
    };
    assert_eq!(check_one(claim(KEY)), Ok(()));
    for wrong in [&KEY[..4], b"", b"another"] {
        assert_eq!(check_one(claim(wrong)), Err(Failure::NoMatch("shared-token")));
    }
}

#[test]
fn claims_that_only_cost_time_are_the_connectors_fault() {
    let many = vec![Part::Literal(Vec::new()); 17];
    let huge = vec![Part::Body, Part::Literal(vec![0; (64 << 10) + 1])];
    let received_at = DateTime::from_timestamp(NOW, 0).unwrap();
    let evidence =
        Evidence { headers: &[], query: QUERY, url: URL, body: BODY, received_at, signs: Coverage::Full };
    for claims in [
        vec![good(); 9],
        vec![Claim { message: many, ..good() }],
        vec![Claim { message: huge, ..good() }],
        vec![Claim { signatures: vec![vec![0; 32]; 17], ..good() }],
    ] {
        assert!(matches!(check(&claims, evidence, &trust()), Err(Fault::WrongShape(_))));
    }
}
