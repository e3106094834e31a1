//! The header `x-acme-signature: t=<seconds>,v1=<hexadecimal>`: HMAC-SHA-256 over `<t>.<body>`.
//!
//! It says what must be true. The host has the secret, computes and compares.

use crate::bindings::exports::ase::connector::normalizer::{
    Algorithm, Claim, Delivery, KeyEncoding, Part, Refusal, RefusalReason,
};
use crate::refuse;

/// The one claim of a delivery.
pub(crate) fn claim(input: &Delivery) -> Result<Claim, Refusal> {
    let header = input.headers.iter().find(|header| header.name == "x-acme-signature");
    let header = header.ok_or_else(|| no("the x-acme-signature header is missing"))?;
    let text = str::from_utf8(&header.value).unwrap_or_default();
    let (mut time, mut signatures) = (None, Vec::new());
    for (name, value) in text.split(',').filter_map(|item| item.split_once('=')) {
        match name {
            "t" => time = Some(value),
            "v1" => signatures.extend(bytes(value)),
            _ => {}
        }
    }
    let time = time.filter(|time| !time.is_empty() && time.bytes().all(|byte| byte.is_ascii_digit()));
    let (Some(time), false) = (time, signatures.is_empty()) else {
        return Err(no("the x-acme-signature header is not t=<seconds>,v1=<hexadecimal>"));
    };
    Ok(Claim {
        algorithm: Algorithm::HmacSha256,
        key: KeyEncoding::Utf8,
        // the characters of the time as they were sent, since these were signed
        message: vec![Part::Literal(format!("{time}.").into_bytes()), Part::Body],
        signatures,
        signed_at: time.parse().ok(),
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

fn no(message: &str) -> Refusal {
    refuse(RefusalReason::Unauthenticated, message, None)
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn hexadecimal_digits_are_read_in_pairs() {
        assert_eq!(bytes("00fF"), Some(vec![0, 255]));
        assert_eq!(bytes("0"), None);
        assert_eq!(bytes("zz"), None);
    }
}
