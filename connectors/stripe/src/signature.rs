//! The `Stripe-Signature` header: what it claims to prove. It never computes or compares a signature.

use data_encoding::HEXLOWER_PERMISSIVE;

use crate::bindings::exports::ase::connector::normalizer::{
    Algorithm, Claim, Delivery, KeyEncoding, Part, Refusal, RefusalReason,
};

/// Bytes of an HMAC-SHA-256.
const SIGNATURE_BYTES: usize = 32;

/// The claim of a delivery: HMAC-SHA-256 over `<t>.<body>`, keyed with the whole `whsec_` text.
///
/// # Errors
/// `unauthenticated` unless there is exactly one header with one time `t` and at least one well-formed `v1`.
/// Other schemes do not count: accepting `v0`, which Stripe sends with test events, would be a downgrade.
///
/// Source: <https://docs.stripe.com/webhooks#verify-manually>.
pub(crate) fn claims(input: &Delivery) -> Result<Claim, Refusal> {
    let mut headers = input.headers.iter().filter(|header| header.name == "stripe-signature");
    let header = headers.next().ok_or_else(|| refusal("the Stripe-Signature header is missing"))?;
    if headers.next().is_some() {
        return Err(refusal("the Stripe-Signature header is given more than once"));
    }
    let text = str::from_utf8(&header.value)
        .map_err(|_not_text| refusal("the Stripe-Signature header is not text"))?;
    let signed = Signed::read(text)?;
    Ok(Claim {
        algorithm: Algorithm::HmacSha256,
        key: KeyEncoding::Utf8,
        message: vec![Part::Literal(format!("{}.", signed.time).into_bytes()), Part::Body],
        signatures: signed.signatures,
        signed_at: Some(signed.seconds),
    })
}

/// What one header says.
struct Signed<'a> {
    /// The time exactly as sent, since these characters were signed.
    time: &'a str,
    /// The same in seconds since 1970-01-01T00:00:00Z.
    seconds: f64,
    /// Every `v1`, decoded. Stripe sends one for each active secret while a secret is rolled.
    signatures: Vec<Vec<u8>>,
}

impl<'a> Signed<'a> {
    fn read(header: &'a str) -> Result<Self, Refusal> {
        let mut times = Vec::new();
        let mut signatures = Vec::new();
        for (scheme, value) in header.split(',').filter_map(|item| item.split_once('=')) {
            match scheme {
                "t" => times.push(value),
                "v1" => signatures.extend(decode(value)),
                _ => {}
            }
        }
        let [time] = times[..] else {
            return Err(refusal("the Stripe-Signature header needs exactly one time `t`"));
        };
        let seconds = seconds(time)
            .ok_or_else(|| refusal("the time `t` of the Stripe-Signature header is not in whole seconds"))?;
        if signatures.is_empty() {
            return Err(refusal("the Stripe-Signature header has no well-formed `v1` signature"));
        }
        Ok(Self { time, seconds, signatures })
    }
}

/// Seconds of a time written in decimal digits alone. Ten digits last until the year 2286 and are exact as
/// `f64`.
fn seconds(time: &str) -> Option<f64> {
    let plain = (1..=10).contains(&time.len()) && time.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| time.parse().ok()).flatten()
}

/// The bytes of a hexadecimal signature of the right length.
fn decode(value: &str) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(value.as_bytes()).ok().filter(|bytes| bytes.len() == SIGNATURE_BYTES)
}

fn refusal(message: &str) -> Refusal {
    Refusal { reason: RefusalReason::Unauthenticated, message: message.to_owned(), pointer: None }
}
