//! Signatures that the settings describe: right, wrong, missing and stale, with what other tools made.

use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, KeyInit, Mac};

use super::given::{self, delivery};
use super::vectors::is_authentic;
use crate::Generic;
use crate::wit::{Delivery, Guest, RefusalReason};

const NOW: f64 = 1_795_341_600.0;

fn hmac_hex(secret: &str, message: &str) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes())
}

/// What a delivery is refused for before anything is checked.
fn refused(delivery: Delivery) -> (RefusalReason, String) {
    let refusal = Generic::authenticate(delivery).unwrap_err();
    (refusal.reason, refusal.message)
}

const LISTED: [(&str, &str); 6] = [
    ("scheme", "hmac"),
    ("signature_header", "X-Signature"),
    ("signature_separator", ";"),
    ("signature_param", "h1"),
    ("time_param", "ts"),
    ("signed", "{time}:{body}"),
];

#[test]
fn a_time_and_signatures_in_one_header_are_told_apart() {
    let good = hmac_hex("key", "1795341600:{}");
    let late = hmac_hex("key", "1795341600.0:{}");
    let cases = [
        (format!("ts=1795341600;h1={good}"), "{}", true),
        (format!("ts=1795341600; h1=00;h1={good}"), "{}", true),
        (format!("ts=1795341600;h1={good}"), "{} ", false),
        (format!("ts=1795341601;h1={good}"), "{}", false),
        (format!("ts=1795341600;h2={good}"), "{}", false),
        (format!("ts=1795341600.0;h1={late}"), "{}", false),
        (format!("h1={good}"), "{}", false),
        (good.clone(), "{}", false),
    ];
    for (header, body, expected) in cases {
        let delivery = delivery(&[("x-signature", &header)], &LISTED, body.as_bytes());
        assert_eq!(is_authentic(&delivery, &["key"], NOW), expected, "{header}");
    }
    let header = format!("ts=1795341600;h1={good}");
    let signed = delivery(&[("x-signature", &header)], &LISTED, b"{}");
    assert!(!is_authentic(&signed, &["key"], NOW + 301.0), "stale");
    assert!(!is_authentic(&signed, &["key"], NOW - 301.0), "from the future");
    assert!(!is_authentic(&signed, &["other"], NOW));
    assert!(is_authentic(&signed, &["other", "key"], NOW), "a rotated secret");
}

#[test]
fn a_template_names_headers_address_and_query() {
    let settings = [
        ("scheme", "hmac"),
        ("signed", "v0:{header:X-Id}.{time}:{url}?{query}:{body}"),
        ("time_header", "X-Time"),
        ("time_unit", "ms"),
        ("url", "https://ase.example/webhooks/generic/src_1"),
    ];
    let message = "v0:id1.1795341600123:https://ase.example/webhooks/generic/src_1?a=b:{\"n\":1}";
    let signature = hmac_hex("key", message);
    let signed = |id: &str, time: &str, query: &str| {
        let headers = [("x-id", id), ("x-time", time), ("x-signature", signature.as_str())];
        Delivery { query: query.to_owned(), ..delivery(&headers, &settings, b"{\"n\":1}") }
    };
    assert!(is_authentic(&signed("id1", "1795341600123", "a=b"), &["key"], NOW));
    assert!(!is_authentic(&signed("id2", "1795341600123", "a=b"), &["key"], NOW));
    assert!(!is_authentic(&signed("id1", "1795341600124", "a=b"), &["key"], NOW));
    assert!(!is_authentic(&signed("id1", "1795341600123", "a=c"), &["key"], NOW));
    assert!(!is_authentic(&signed("id1", "1795341600123", "a=b"), &["key"], NOW + 301.0), "stale");
    let (_, message) = refused(signed("id1.5", "1795341600123", "a=b"));
    assert!(message.contains("`x-id` holds what stands after it"), "{message}");
}

#[test]
fn a_header_cannot_take_the_beginning_of_a_body() {
    let settings = [("scheme", "hmac"), ("signed", "{header:x-id}{body}")];
    let headers = [("x-id", "a{\"n\":1"), ("x-signature", "00")];
    let (_, message) = refused(delivery(&headers, &settings, b"}"));
    assert!(message.contains("holds what stands after it"), "{message}");
}

#[test]
fn ed25519_is_checked_with_the_public_key() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = data_encoding::HEXLOWER.encode(key.verifying_key().as_bytes());
    let signature = key.sign(b"2026-11-22T10:00:00Z{}").to_bytes();
    let settings = |encoding| {
        [
            ("scheme", "ed25519"),
            ("signature_header", "x-signature-ed25519"),
            ("signature_encoding", encoding),
            ("signed", "{header:x-time}{body}"),
            ("time_header", "x-time"),
            ("time_unit", "rfc3339"),
        ]
    };
    let forms = [
        ("hex", data_encoding::HEXLOWER.encode(&signature)),
        ("base64", data_encoding::BASE64.encode(&signature)),
    ];
    for (encoding, text) in forms {
        let headers = [("x-time", "2026-11-22T10:00:00Z"), ("x-signature-ed25519", text.as_str())];
        let signed = |body: &[u8]| delivery(&headers, &settings(encoding), body);
        assert!(is_authentic(&signed(b"{}"), &[public.as_str()], NOW));
        assert!(!is_authentic(&signed(b"[]"), &[public.as_str()], NOW));
        assert!(!is_authentic(&signed(b"{}"), &["00"], NOW));
        assert!(!is_authentic(&signed(b"{}"), &[public.as_str()], NOW + 301.0), "stale");
    }
    let (reason, message) = refused(delivery(&[], &settings("hex"), b"{}"));
    assert_eq!(reason, RefusalReason::Unauthenticated);
    assert!(message.contains("`x-signature-ed25519` is missing"), "{message}");
}

#[test]
fn basic_credentials_are_split_at_the_first_colon() {
    let settings = [("scheme", "basic"), ("basic_user", "ase")];
    let header = |text: &str| format!("Basic {}", data_encoding::BASE64.encode(text.as_bytes()));
    let cases = [
        (header("ase:s3:cret"), true),
        (header("ase:s3:cret").replace("Basic", "basic"), true),
        (header("ase:other"), false),
        (header("other:s3:cret"), false),
        (header("ase:"), false),
        (header("ase"), false),
        ("Bearer s3:cret".to_owned(), false),
        ("Basic !".to_owned(), false),
    ];
    for (header, expected) in cases {
        let delivery = delivery(&[("authorization", &header)], &settings, b"{}");
        assert_eq!(is_authentic(&delivery, &["s3:cret"], NOW), expected, "{header}");
    }
    assert!(!is_authentic(&delivery(&[], &settings, b"{}"), &["s3:cret"], NOW), "missing");
    let (reason, message) = refused(delivery(&[], &[("scheme", "basic")], b"{}"));
    assert_eq!(reason, RefusalReason::Malformed);
    assert!(message.starts_with("setting `basic_user`: "), "{message}");
}

#[test]
fn a_query_token_stands_alone_under_its_name() {
    let cases = [
        ("token=s3%63ret+%2B", true),
        ("a=b&token=s3cret%20%2b", true),
        ("token=other", false),
        ("token=s3cret+%2B&token=s3cret+%2B", false),
        ("token=", false),
        ("token=%zz", false),
        ("key=s3cret+%2B", false),
        ("", false),
    ];
    for (query, expected) in cases {
        let sent = Delivery {
            query: query.to_owned(),
            ..delivery(&[], &[("scheme", "query"), ("query_param", "token")], b"{}")
        };
        assert_eq!(is_authentic(&sent, &["s3cret +"], NOW), expected, "{query}");
    }
}

#[test]
fn settings_that_would_prove_nothing_are_named() {
    let cases: [(&[(&str, &str)], &str); 12] = [
        (&[("signed", "{time}.{body}")], "`signed`: `{time}` needs"),
        (&[("signed", "{header:a}")], "`signed`: `{body}` must stand in it once"),
        (&[("signed", "{body}{body}")], "`signed`: `{body}` must stand in it once"),
        (&[("signed", "{secret}{body}")], "`signed`: `{secret}` is unknown"),
        (&[("signed", "{header:}{body}")], "`signed`: `{header:}` is unknown"),
        (&[("signed", "{body")], "`signed`: a `{` without"),
        (&[("signed", "{url}{body}")], "`url`: `signed` names `{url}`"),
        (&[("time_header", "x-time")], "`signed`: the time is not in it"),
        (&[("time_param", "t"), ("signed", "{time}{body}")], "`time_param`: say with `signature_param`"),
        (&[("time_param", "t"), ("time_header", "x")], "`time_param`: `time_header` is set too"),
        (&[("time_unit", "minutes")], "`time_unit`: `minutes` is unknown"),
        (&[("signature_encoding", "base32")], "`signature_encoding`: `base32` is unknown"),
    ];
    for scheme in ["hmac", "ed25519"] {
        for (settings, message) in cases {
            let settings: Vec<_> = settings.iter().copied().chain([("scheme", scheme)]).collect();
            let (reason, said) = refused(delivery(&[], &settings, b"{}"));
            assert_eq!(reason, RefusalReason::Malformed, "{message}");
            assert!(said.starts_with(&format!("setting {message}")), "{said} is not {message}");
        }
    }
    let (_, said) = refused(delivery(&[], &[("scheme", "ed25519"), ("key_encoding", "utf8")], b"{}"));
    assert!(said.starts_with("setting `key_encoding`: a public key"), "{said}");
}

#[test]
fn a_preset_signs_as_its_sender_does() {
    let signature = hmac_hex("pdl_ntfset_key", "1795341600:{}");
    let header = format!("ts=1795341600;h1={signature}");
    let settings = given::preset("paddle");
    let signed = delivery(&[("paddle-signature", &header)], &given::borrowed(&settings), b"{}");
    assert!(is_authentic(&signed, &["pdl_ntfset_key"], NOW));
    assert!(!is_authentic(&signed, &["pdl_ntfset_other"], NOW));
    assert!(!is_authentic(&signed, &["pdl_ntfset_key"], NOW + 301.0), "stale");
}
