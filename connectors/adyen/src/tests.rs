//! The connector against published, recorded and made-up deliveries. What the tests share stands here.

mod manifest;
mod mutations;
mod platform;
mod refusals;
mod samples;
mod vectors;

use ase_connector_kit::testing::{delivery, hmac_sha256};
use ase_connector_kit::wit::{Delivery, Outcome, Refusal};
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde_json::Value;

/// The key of the tests' own signatures.
const KEY: &str = "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff";

fn outcome(body: &str) -> Result<Outcome, Refusal> {
    crate::payload::outcome(&delivery(body.as_bytes(), &[], &[]))
}

/// The delivery of a batch in which every item is signed as Adyen signs it.
fn signed(body: &str) -> Delivery {
    let mut body: Value = serde_json::from_str(body).unwrap();
    for element in body["notificationItems"].as_array_mut().unwrap() {
        let item = &mut element["NotificationRequestItem"];
        let text = |value: &Value| match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let fields = [
            text(&item["pspReference"]),
            text(&item["originalReference"]),
            text(&item["merchantAccountCode"]),
            text(&item["merchantReference"]),
            text(&item["amount"]["value"]),
            text(&item["amount"]["currency"]),
            text(&item["eventCode"]),
            text(&item["success"]),
        ];
        let key = HEXLOWER_PERMISSIVE.decode(KEY.as_bytes()).unwrap();
        let tag = hmac_sha256(&key, &[fields.join(":").as_bytes()]);
        item["additionalData"]["hmacSignature"] = BASE64.encode(&tag).into();
    }
    delivery(&serde_json::to_vec(&body).unwrap(), &[], &[])
}
