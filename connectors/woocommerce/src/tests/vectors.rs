//! The claims of signatures, checked as a host checks them. WooCommerce publishes no vectors: the signatures here are
//! made as `WC_Webhook::generate_signature` makes them.

use ase_connector_kit::testing::{delivery, hmac_sha256, holds};
use ase_connector_kit::v0_2;
use ase_connector_kit::v0_2::wit::Proof;
use ase_connector_kit::wit::{KeyEncoding, Part, RefusalReason};
use data_encoding::{BASE64, HEXLOWER};

use super::samples::BODIES;
use crate::signature::{claims, proof};

const HEADER: &str = "X-WC-Webhook-Signature";
const SECRET: &str = "It's a <secret> & more";

#[test]
fn a_signature_covers_the_body_and_nothing_else() {
    for (topic, body) in BODIES {
        let tag = BASE64.encode(&hmac_sha256(SECRET.as_bytes(), &[body.as_bytes()]));
        let input = delivery(body.as_bytes(), &[(HEADER, &tag), ("x-wc-webhook-topic", topic)], &[]);
        let claim = claims(&input).unwrap();
        assert_eq!(
            (claim.key.clone(), claim.message.as_slice()),
            (KeyEncoding::Utf8, [Part::Body].as_slice())
        );
        assert_eq!(claim.signed_at, None);
        assert!(holds(std::slice::from_ref(&claim), SECRET, &input));
        assert!(!holds(&[claim], "another", &input));
        let other = delivery(format!("{body} ").as_bytes(), &[(HEADER, &tag)], &[]);
        assert!(!holds(&[claims(&other).unwrap()], SECRET, &other), "a blank more is another body");
    }
}

#[test]
fn what_is_missing_is_named() {
    let hex = HEXLOWER.encode(&hmac_sha256(SECRET.as_bytes(), &[b"{}"]));
    let cases = [
        (delivery(b"{}", &[], &[]), "x-wc-webhook-signature is missing"),
        (delivery(b"{}", &[(HEADER, " ")], &[]), "x-wc-webhook-signature is missing"),
        (delivery(b"{}", &[(HEADER, &hex)], &[]), "not an HMAC-SHA-256 in base64"),
        (delivery(b"{}", &[(HEADER, "AAAA")], &[]), "not an HMAC-SHA-256 in base64"),
        (delivery(b"webhook_id=5", &[(HEADER, "AAAA")], &[]), "not an HMAC-SHA-256 in base64"),
    ];
    for (input, part) in cases {
        let refusal = claims(&input).unwrap_err();
        assert_eq!(refusal.reason, RefusalReason::Unauthenticated);
        assert!(refusal.message.contains(part), "{}", refusal.message);
    }
}

#[test]
fn only_an_unsigned_ping_is_a_greeting() {
    let welcomed = |input| proof(&input) == Ok(v0_2::welcome());
    assert!(welcomed(delivery(
        b"webhook_id=5",
        &[("content-type", "application/x-www-form-urlencoded")],
        &[]
    )));
    for body in [
        "",
        "webhook_id=",
        "webhook_id=x",
        "a=1&webhook_id=5",
        "webhook_id=5&a=1",
        "webhook_id=123456789012345678901",
        "{\"webhook_id\":5}",
        "{}",
    ] {
        assert!(!welcomed(delivery(body.as_bytes(), &[], &[])), "{body}");
    }
    let tag = BASE64.encode(&hmac_sha256(SECRET.as_bytes(), &[b"webhook_id=5"]));
    let signed = delivery(b"webhook_id=5", &[(HEADER, &tag)], &[]);
    let claim = claims(&signed).unwrap();
    assert!(holds(std::slice::from_ref(&claim), SECRET, &signed));
    assert_eq!(
        proof(&signed),
        Ok(Proof::Claims(vec![v0_2::claim(claim)])),
        "a signature that is given has to hold"
    );
}
