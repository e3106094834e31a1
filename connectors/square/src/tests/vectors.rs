//! The claims of real signatures, checked as a host checks them. Key, body and signature of the first test are those
//! that Square publishes for its own libraries.

use ase_connector_kit::testing::{delivery, hmac_sha256, holds_at};
use ase_connector_kit::v0_2::wit::{KeyEncoding, Part};
use ase_connector_kit::wit::{Delivery, RefusalReason};
use data_encoding::BASE64;

use crate::signature::claim;

const HEADER: &str = "X-Square-HmacSha256-Signature";
const KEY: &str = "Ibxx_5AKakO-3qeNVR61Dw";
const URL: &str = "https://webhook.site/679a4f3a-dcfa-49ee-bac5-9d0edad886b9";
const SIGNATURE: &str = "GF4YkrJgGBDZ9NIYbNXBnMzqb2HoL4RW/S6vkZ9/2N4=";
const BODY: &str = r#"{"merchant_id":"MLEFBHHSJGVHD","type":"webhooks.test_notification","event_id":"ac3ac95b-f97d-458c-a6e6-18981597e05f","created_at":"2022-07-13T20:30:59.037339943Z","data":{"type":"webhooks","id":"bc368e64-01aa-407e-b46e-3231809b1129"}}"#;

/// A delivery whose source says nothing of the URL.
fn published(body: &str, signature: &str) -> Delivery {
    delivery(body.as_bytes(), &[(HEADER, signature)], &[])
}

/// Whether the delivery is taken at this address.
fn taken(url: &str, key: &str, input: &Delivery) -> bool {
    claim(input).is_ok_and(|claim| holds_at(url, &claim, key, input))
}

#[test]
fn the_published_signature_holds_and_no_other() {
    let input = published(BODY, SIGNATURE);
    let made = claim(&input).unwrap();
    assert_eq!((made.key, made.signed_at), (KeyEncoding::Utf8, None));
    assert_eq!(made.message, [Part::Url, Part::Body]);
    assert!(taken(URL, KEY, &input));
    assert!(!taken(URL, "another", &input));
    assert!(!taken(URL, KEY, &published(&BODY.replace("MLE", "MLF"), SIGNATURE)));
    assert!(!taken(URL, KEY, &published(BODY, "GF4YkrJgGBDZ9NIYbNXBnMzqb2HoL4RW/S6vkZ9/2N8=")));
    for elsewhere in [URL.replace("https", "http"), format!("{URL}/"), format!("{URL}?a=1"), String::new()] {
        assert!(!taken(&elsewhere, KEY, &input), "{elsewhere}");
    }
}

#[test]
fn the_url_that_was_entered_at_square_comes_before_the_address() {
    let at = |url: &str| delivery(BODY.as_bytes(), &[(HEADER, SIGNATURE)], &[("notification_url", url)]);
    let input = at(URL);
    assert_eq!(claim(&input).unwrap().message, [Part::Literal(URL.as_bytes().to_vec()), Part::Body]);
    assert!(taken("https://behind.example/webhooks/square/src_1", KEY, &input));
    assert!(!taken(URL, KEY, &at(&format!("{URL}/"))), "the address is no second choice");
    assert!(taken(URL, KEY, &at("  ")), "a blank setting is none");
}

#[test]
fn a_signature_of_the_body_alone_does_not_hold() {
    let tag = BASE64.encode(&hmac_sha256(KEY.as_bytes(), &[BODY.as_bytes()]));
    assert!(!taken(URL, KEY, &published(BODY, &tag)));
}

#[test]
fn what_is_missing_is_named() {
    let cases = [
        (
            delivery(BODY.as_bytes(), &[("x-square-signature", SIGNATURE)], &[]),
            "hmacsha256-signature is missing",
        ),
        (published(BODY, "AAAA"), "not an HMAC-SHA-256 in base64"),
        (published(BODY, &"ab".repeat(32)), "not an HMAC-SHA-256 in base64"),
    ];
    for (input, part) in cases {
        let refusal = claim(&input).unwrap_err();
        assert_eq!(refusal.reason, RefusalReason::Unauthenticated);
        assert!(refusal.message.contains(part), "{}", refusal.message);
    }
    let mut twice = published(BODY, SIGNATURE);
    twice.headers.extend(twice.headers.clone());
    assert!(claim(&twice).unwrap_err().message.contains("more than once"));
}
