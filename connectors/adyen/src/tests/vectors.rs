//! The claims of real signatures, checked as a host checks them. Keys, bodies and signatures of the first two tests
//! are those that Adyen publishes for its own libraries.

use ase_connector_kit::testing::{delivery, holds};
use ase_connector_kit::wit::{KeyEncoding, Part};
use serde_json::Value;

use super::{KEY, samples, signed};
use crate::signature::claims;

/// `NotificationRequestItem` of the documented example, with the signature in place of `SIGNATURE`.
const PUBLISHED: &str = r#"{"live":"false","notificationItems":[{"NotificationRequestItem":{"additionalData":
    {"hmacSignature":"SIGNATURE"},"amount":{"value":1130,"currency":"EUR"},"pspReference":"7914073381342284",
    "eventCode":"AUTHORISATION","eventDate":"2019-05-06T17:15:34.121+02:00","merchantAccountCode":"TestMerchant",
    "merchantReference":"TestPayment-1407325143704","paymentMethod":"visa","success":"true"}}]}"#;

/// The documented webhook of a platform.
const PLATFORM: &str = r#"{"data":{"balancePlatform":"Integration_tools_test","accountId":"BA32272223222H5HVKTBK4MLB","sweep":{"id":"SWPC42272223222H5HVKV6H8C64DP5","schedule":{"type":"balance"},"status":"active","targetAmount":{"currency":"EUR","value":0},"triggerAmount":{"currency":"EUR","value":0},"type":"pull","counterparty":{"balanceAccountId":"BA3227C223222H5HVKT3H9WLC"},"currency":"EUR"}},"environment":"test","type":"balancePlatform.balanceAccountSweep.updated"}"#;

#[test]
fn published_signatures_of_items_hold_and_no_others() {
    let first = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056";
    let second = "DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00";
    let vectors = [
        (first, "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=", "", "", true),
        (second, "Ny9gS2veKo5E4w8/OL6xz1/wvT/hYkAXy1xNc/QvO4I=", "", "", true),
        (second, "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=", "", "", false),
        (first, "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=", "1130", "1131", false),
        (first, "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=", "\"true\"", "\"false\"", false),
        (first, "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=", "\"visa\"", "\"mc\"", true),
    ];
    for (key, signature, from, to, accepted) in vectors {
        let body = PUBLISHED.replace("SIGNATURE", signature);
        let body = if from.is_empty() { body } else { body.replace(from, to) };
        let input = delivery(body.as_bytes(), &[], &[]);
        let claims = claims(&input).unwrap();
        let [claim] = claims.as_slice() else { panic!("one claim") };
        assert_eq!((claim.key.clone(), claim.signed_at), (KeyEncoding::Hex, None));
        assert!(!claim.message.contains(&Part::Body), "the body is not signed");
        assert_eq!(holds(&claims, key, &input), accepted, "{from} {to}");
    }
}

#[test]
fn the_published_signature_of_a_platform_covers_the_body() {
    let key = "D7DD5BA6146493707BF0BE7496F6404EC7A63616B7158EC927B9F54BB436765F";
    let header = ("HmacSignature", "9Qz9S/0xpar1klkniKdshxpAhRKbiSAewPpWoxKefQA=");
    let input = delivery(PLATFORM.as_bytes(), &[header], &[]);
    let claims = claims(&input).unwrap();
    assert_eq!(claims.first().map(|claim| claim.message.as_slice()), Some([Part::Body].as_slice()));
    assert!(holds(&claims, key, &input));
    let other = delivery(PLATFORM.replace("pull", "push").as_bytes(), &[header], &[]);
    assert!(!holds(&crate::signature::claims(&other).unwrap(), key, &other));
}

#[test]
fn every_item_of_a_batch_must_be_signed() {
    let good = signed(samples::BATCH);
    let made = claims(&good).unwrap();
    assert_eq!(made.len(), 4, "one claim per item");
    assert!(holds(&made, KEY, &good));
    for forged in 0..4 {
        let mut body: Value = serde_json::from_slice(&good.body).unwrap();
        body["notificationItems"][forged]["NotificationRequestItem"]["amount"]["value"] = 1.into();
        let forged = delivery(&serde_json::to_vec(&body).unwrap(), &[], &[]);
        assert!(!holds(&claims(&forged).unwrap(), KEY, &forged), "one forged item spoils the batch");
    }
}

#[test]
fn a_signature_of_one_item_does_not_fit_another() {
    let mut body: Value = serde_json::from_slice(&signed(samples::BATCH).body).unwrap();
    let borrowed =
        body["notificationItems"][0]["NotificationRequestItem"]["additionalData"]["hmacSignature"].clone();
    body["notificationItems"][1]["NotificationRequestItem"]["additionalData"]["hmacSignature"] = borrowed;
    let input = delivery(&serde_json::to_vec(&body).unwrap(), &[], &[]);
    assert!(!holds(&claims(&input).unwrap(), KEY, &input));
}
