//! Round trips, golden vectors, and forgeries by what must not happen.

mod action;
mod claims;
mod header;
mod keys;
mod properties;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::event::Money;

const ISSUER: &str = "https://ase.example";
const SECRET: &[u8; 32] = b"\x01one key of thirty-two bytes....";

fn key(kid: &str, secret: &[u8]) -> TokenKey {
    TokenKey::new(kid, secret).unwrap()
}

fn ring() -> Keyring {
    Keyring::new(vec![key("k1", SECRET)]).unwrap()
}

fn claims() -> Claims {
    Claims {
        iss: ISSUER.into(),
        aud: "org_1".into(),
        sub: "user_42".into(),
        jti: "tok_1".into(),
        iat: 1_795_000_000,
        nbf: 1_795_000_000,
        exp: 1_795_000_600,
        session_id: "ses_1".into(),
        org_id: "org_1".into(),
        outcome: TokenOutcome::Allow,
        expires_at: 1_795_000_600,
        event_id: "evt-1".into(),
        action: "payout.destination_changed".into(),
        action_hash: action_hash("payout.destination_changed", "user_42", None, None),
        assurance: Assurance::EmailOtp,
        env: Env::Live,
    }
}

fn read(token: &str) -> Result<(Claims, String), TokenError> {
    ring().read(token, ISSUER, "org_1")
}

fn encode(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// A token over any header and payload, signed with the right key as HS256.
fn signed(header: &str, payload: &str) -> String {
    let message = format!("{}.{}", encode(header), encode(payload));
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &EncodingKey::from_secret(SECRET), Algorithm::HS256)
            .unwrap();
    format!("{message}.{signature}")
}

const HEADER: &str = r#"{"typ":"ase-decision+jwt","alg":"HS256","kid":"k1"}"#;

fn payload() -> Value {
    serde_json::to_value(claims()).unwrap()
}

fn with_claim(name: &str, value: Value) -> String {
    let mut payload = payload();
    payload[name] = value;
    signed(HEADER, &payload.to_string())
}

fn with_header(change: impl FnOnce(&mut Value)) -> String {
    let mut header: Value = serde_json::from_str(HEADER).unwrap();
    change(&mut header);
    signed(&header.to_string(), &payload().to_string())
}

#[test]
fn signing_by_hand_gives_a_token_that_reads() {
    assert_eq!(read(&signed(HEADER, &payload().to_string())), Ok((claims(), "k1".into())));
}

#[test]
fn token_is_the_same_bytes_each_time() {
    let token = ring().mint(&claims()).unwrap();
    assert_eq!(token, ring().mint(&claims()).unwrap());
    assert_eq!(token, ring().mint_with("k1", &claims()).unwrap());
    let parts: Vec<_> = token.split('.').collect();
    assert_eq!(parts[0], encode(HEADER));
    assert_eq!(parts[2], GOLDEN_SIGNATURE);
}

/// Computed apart from this code: HMAC-SHA-256 of the first two parts in Python.
const GOLDEN_SIGNATURE: &str = "g05lToWerRSQd8kYuj0n5gVW7TahhkKUtrxT_q7O71M";
