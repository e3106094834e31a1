//! The claims of signatures, checked as a host checks them. WooCommerce publishes no vectors: the signatures here are
//! made as `WC_Webhook::generate_signature` makes them.

use ase_connector_kit::testing::{delivery, hmac_sha256, holds};
use ase_connector_kit::wit::{KeyEncoding, Part, RefusalReason};
use data_encoding::{BASE64, HEXLOWER};

use super::samples::BODIES;
use crate::signature::claims;

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
        (delivery(b"webhook_id=5", &[], &[]), "the ping on saving a webhook is not signed"),
    ];
    for (input, part) in cases {
        let refusal = claims(&input).unwrap_err();
        assert_eq!(refusal.reason, RefusalReason::Unauthenticated);
        assert!(refusal.message.contains(part), "{}", refusal.message);
    }
}
