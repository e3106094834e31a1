//! What each scheme demands of headers and settings.

use super::given::delivery;
use super::vectors::is_authentic;
use crate::Generic;
use crate::wit::{Algorithm, Guest, KeyEncoding, RefusalReason};

const HEX_SHA256: &str = "03def589620c813f198fd03d7967e292b163ef0435ebf43071ce0e9519763cb7";
const HEX_SHA1: &str = "a64abd01291976b35debd870ad13a30c94343831";
const BASE64_SHA512: &str =
    "kHDE5ECFec8FxL3+YSczG5Bt10KWW4etCspqDAaYreLts1wTYUIZIIo+inPWeqa85o+b5qHEjlHWj75VeDKngQ==";

/// Settings, the header that is presented, and the verdict.
type Presented<'c> = (&'c [(&'c str, &'c str)], (&'c str, &'c str), bool);
/// Headers, settings, and a piece of the refusal's message.
type Refused<'c> = (&'c [(&'c str, &'c str)], &'c [(&'c str, &'c str)], &'c str);

#[test]
fn hmac_follows_its_settings() {
    let signature = format!("sig={}", HEX_SHA256.to_uppercase());
    let headers = [("X-Custom", signature.as_str())];
    let settings = [
        ("scheme", "hmac"),
        ("signature_header", "X-Custom"),
        ("signature_prefix", "sig="),
        ("hmac_algorithm", "sha512"),
        ("key_encoding", "base64"),
    ];
    let claims = Generic::authenticate(delivery(&headers, &settings, b"{}")).unwrap();
    assert_eq!(claims.len(), 1);
    assert_eq!(claims[0].algorithm, Algorithm::HmacSha512);
    assert_eq!(claims[0].key, KeyEncoding::Base64(String::new()));
    assert_eq!(claims[0].signatures[0].len(), 32);
    assert_eq!(claims[0].signed_at, None);
}

#[test]
fn hmac_signatures_of_other_tools_hold() {
    // `printf '{"id":1}' | openssl dgst -hmac secret` with -sha256, -sha512 and -sha1.
    let cases =
        [("sha256", "hex", HEX_SHA256), ("sha1", "hex", HEX_SHA1), ("sha512", "base64", BASE64_SHA512)];
    for (algorithm, encoding, signature) in cases {
        let settings = [("scheme", "hmac"), ("hmac_algorithm", algorithm), ("signature_encoding", encoding)];
        let headers = [("x-signature", signature)];
        assert!(
            is_authentic(&delivery(&headers, &settings, br#"{"id":1}"#), &["secret"], 0.0),
            "{algorithm}"
        );
        assert!(
            !is_authentic(&delivery(&headers, &settings, br#"{"id":2}"#), &["secret"], 0.0),
            "{algorithm}"
        );
        assert!(
            !is_authentic(&delivery(&headers, &settings, br#"{"id":1}"#), &["other"], 0.0),
            "{algorithm}"
        );
    }
}

#[test]
fn bearer_reads_the_token_where_the_settings_say() {
    let cases: [Presented<'_>; 7] = [
        (&[], ("authorization", "Bearer s3cret"), true),
        (&[], ("authorization", "bearer s3cret"), true),
        (&[], ("authorization", "Basic s3cret"), false),
        (&[], ("authorization", "s3cret"), false),
        (&[("token_header", "X-Gitlab-Token")], ("x-gitlab-token", "s3cret"), true),
        (&[("token_header", "X-Gitlab-Token")], ("x-gitlab-token", "Bearer s3cret"), false),
        (&[("token_prefix", "Basic ")], ("authorization", "Basic s3cret"), true),
    ];
    for (settings, header, expected) in cases {
        let settings: Vec<_> = settings.iter().copied().chain([("scheme", "bearer")]).collect();
        let verdict = is_authentic(&delivery(&[header], &settings, b"{}"), &["s3cret"], 0.0);
        assert_eq!(verdict, expected, "{header:?} {settings:?}");
    }
}

#[test]
fn what_the_scheme_lacks_is_named() {
    let signed = |id, time, signature| {
        [("webhook-id", id), ("webhook-timestamp", time), ("webhook-signature", signature)]
    };
    let cases: [Refused<'_>; 13] = [
        (&[], &[], "`webhook-id` is missing"),
        (&signed("msg_1", "1795341600", ""), &[], "`webhook-signature` is missing, empty"),
        (&signed("msg.1", "1795341600", "v1,AAAA"), &[], "holds a dot"),
        (&signed("msg_1", "soon", "v1,AAAA"), &[], "not whole seconds"),
        (&signed("msg_1", "+5", "v1,AAAA"), &[], "not whole seconds"),
        (&signed("msg_1", "1795341600", "v1,%%%"), &[], "no readable v1"),
        (&signed("msg_1", "1795341600", "v1,AAAA"), &[("signature_version", "v1a")], "no readable v1a"),
        (&[], &[("scheme", "github")], "`x-hub-signature-256` is missing"),
        (&[("x-hub-signature-256", "sha1=00")], &[("scheme", "github")], "does not begin with `sha256=`"),
        (&[("x-hub-signature-256", "sha256=0g")], &[("scheme", "github")], "no readable signature"),
        (&[], &[("scheme", "hmac")], "`x-signature` is missing"),
        (&[("x-signature", "")], &[("scheme", "hmac")], "`x-signature` is missing, empty"),
        (&[("authorization", "Bearer ")], &[("scheme", "bearer")], "holds no token"),
    ];
    for (headers, settings, message) in cases {
        let refusal = Generic::authenticate(delivery(headers, settings, b"{}")).unwrap_err();
        assert_eq!(refusal.reason, RefusalReason::Unauthenticated, "{message}");
        assert!(refusal.message.contains(message), "{} has no {message}", refusal.message);
    }
}

#[test]
fn a_wrong_scheme_setting_is_named() {
    let signed = [
        ("webhook-id", "msg_1"),
        ("webhook-timestamp", "1"),
        ("webhook-signature", "v1,AAAA"),
        ("x-signature", "00"),
    ];
    let cases: [(&[(&str, &str)], &str); 5] = [
        (&[("scheme", "magic")], "scheme"),
        (&[("signature_version", "v2")], "signature_version"),
        (&[("scheme", "hmac"), ("hmac_algorithm", "md5")], "hmac_algorithm"),
        (&[("scheme", "hmac"), ("signature_encoding", "base32")], "signature_encoding"),
        (&[("scheme", "hmac"), ("key_encoding", "utf16")], "key_encoding"),
    ];
    for (settings, name) in cases {
        let refusal = Generic::authenticate(delivery(&signed, settings, b"{}")).unwrap_err();
        assert_eq!(refusal.reason, RefusalReason::Malformed);
        assert!(refusal.message.starts_with(&format!("setting `{name}`: ")), "{}", refusal.message);
    }
}

#[test]
fn only_one_claim_is_made_of_two_versions() {
    let both =
        [("webhook-id", "m"), ("webhook-timestamp", "1"), ("webhook-signature", "v1a,AAAA v1,AAAA v1,BBBB")];
    let claims = Generic::authenticate(delivery(&both, &[], b"{}")).unwrap();
    assert_eq!(claims.len(), 1, "the host demands that every claim holds");
    assert_eq!((claims[0].algorithm, claims[0].signatures.len()), (Algorithm::HmacSha256, 2));
}
