//! The `X-Hub-Signature-256` header: what it claims to prove. It never computes or compares a signature.

use crate::bindings::exports::ase::connector::normalizer::{
    Algorithm, Claim, Delivery, KeyEncoding, Part, Refusal, RefusalReason,
};
use crate::{refuse, request};

/// The claim of a delivery: HMAC-SHA-256 over the whole body, keyed with the secret's text.
///
/// `X-Hub-Signature`, the SHA-1 of old, is never looked at: accepting it would be a downgrade. Source:
/// <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>
pub(crate) fn claim(input: &Delivery) -> Result<Claim, Refusal> {
    let mut given = request::values(input, "x-hub-signature-256");
    let value = given.next().ok_or_else(|| no("is missing: give the webhook a secret"))?;
    if given.next().is_some() {
        return Err(no("is given more than once"));
    }
    let signature = request::ascii(value)
        .and_then(|text| bytes(text.strip_prefix("sha256=")?))
        .filter(|bytes| bytes.len() == 32)
        .ok_or_else(|| no("is not `sha256=` and 64 hexadecimal digits"))?;
    Ok(Claim {
        algorithm: Algorithm::HmacSha256,
        key: KeyEncoding::Utf8,
        message: vec![Part::Body],
        signatures: vec![signature],
        signed_at: None,
    })
}

/// Bytes of hexadecimal digits.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    digits.as_bytes().chunks(2).map(pair).collect()
}

fn no(why: &str) -> Refusal {
    refuse(RefusalReason::Unauthenticated, format!("the X-Hub-Signature-256 header {why}"), None)
}
