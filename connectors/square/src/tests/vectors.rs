//! The claims of real signatures, checked as a host checks them. Key, body and signature of the first test are those
//! that Square publishes for its own libraries.

use ase_connector_kit::testing::{delivery, hmac_sha256, holds};
use ase_connector_kit::wit::{Delivery, KeyEncoding, Part, RefusalReason};
use data_encoding::BASE64;

use crate::signature::claims;

const HEADER: &str = "X-Square-HmacSha256-Signature";
const KEY: &str = "Ibxx_5AKakO-3qeNVR61Dw";
const URL: &str = "https://webhook.site/679a4f3a-dcfa-49ee-bac5-9d0edad886b9";
const SIGNATURE: &str = "GF4YkrJgGBDZ9NIYbNXBnMzqb2HoL4RW/S6vkZ9/2N4=";
const BODY: &str = r#"{"merchant_id":"MLEFBHHSJGVHD","type":"webhooks.test_notification","event_id":"ac3ac95b-f97d-458c-a6e6-18981597e05f","created_at":"2022-07-13T20:30:59.037339943Z","data":{"type":"webhooks","id":"bc368e64-01aa-407e-b46e-3231809b1129"}}"#;

fn published(body: &str, url: &str, signature: &str) -> Delivery {
    delivery(body.as_bytes(), &[(HEADER, signature)], &[("notification_url", url)])
}

#[test]
fn the_published_signature_holds_and_no_other() {
    let input = published(BODY, URL, SIGNATURE);
    let claim = claims(&input).unwrap();
    assert_eq!((claim.key.clone(), claim.signed_at), (KeyEncoding::Utf8, None));
    assert_eq!(claim.message, [Part::Literal(URL.as_bytes().to_vec()), Part::Body]);
    assert!(holds(std::slice::from_ref(&claim), KEY, &input));
    assert!(!holds(&[claim], "another", &input));
    let others = [
        published(&BODY.replace("MLE", "MLF"), URL, SIGNATURE),
        published(BODY, &URL.replace("https", "http"), SIGNATURE),
        published(BODY, &format!("{URL}/"), SIGNATURE),
        published(BODY, URL, "GF4YkrJgGBDZ9NIYbNXBnMzqb2HoL4RW/S6vkZ9/2N8="),
    ];
    for other in others {
        assert!(!claims(&other).is_ok_and(|claim| holds(&[claim], KEY, &other)));
    }
}

#[test]
fn a_signature_of_the_body_alone_does_not_hold() {
    let tag = BASE64.encode(&hmac_sha256(KEY.as_bytes(), &[BODY.as_bytes()]));
    let input = published(BODY, URL, &tag);
    assert!(!holds(&[claims(&input).unwrap()], KEY, &input));
}

#[test]
fn what_is_missing_is_named() {
    let old = delivery(BODY.as_bytes(), &[("x-square-signature", SIGNATURE)], &[("notification_url", URL)]);
    let cases = [
        (delivery(BODY.as_bytes(), &[(HEADER, SIGNATURE)], &[]), "notification_url"),
        (published(BODY, "  ", SIGNATURE), "notification_url"),
        (old, "x-square-hmacsha256-signature is missing"),
        (published(BODY, URL, "AAAA"), "not an HMAC-SHA-256 in base64"),
        (published(BODY, URL, &"ab".repeat(32)), "not an HMAC-SHA-256 in base64"),
    ];
    for (input, part) in cases {
        let refusal = claims(&input).unwrap_err();
        assert_eq!(refusal.reason, RefusalReason::Unauthenticated);
        assert!(refusal.message.contains(part), "{}", refusal.message);
    }
    let mut twice = published(BODY, URL, SIGNATURE);
    twice.headers.extend(twice.headers.clone());
    assert!(claims(&twice).unwrap_err().message.contains("more than once"));
}
