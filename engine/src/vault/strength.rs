//! Reads a master key and judges whether it can be random.
//!
//! Each test passes a random key with a probability of all but one in ten million or better, and stops a kind of
//! key that people do put into configuration: a word, a pattern, a published example.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use data_encoding::HEXLOWER_PERMISSIVE;
use secrecy::zeroize::Zeroizing;

use super::VaultError;

/// 256 bits, the strength of every key made from it.
const KEY_BYTES: usize = 32;

/// Different values among the bytes of a key; 32 random bytes have 30, hardly ever fewer than 24.
const DISTINCT_BYTES: usize = 16;

/// Words of keys that were meant to be replaced, compared without case.
const WORDS: [&str; 8] =
    ["changeme", "change-me", "change_me", "secret", "password", "example", "default", "abcdefgh"];

/// Beginnings of keys that everybody knows, in hex: RFC 7515 A.1 (the JWT example), RFC 8032 7.1 tests 1 and 2,
/// RFC 7748 6.1 (both sides).
const PUBLISHED: [&str; 5] = [
    "0323354b2b0fa5bc837e0665777ba68f5ab328e6f054c928a90f84b2d2502ebf",
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "77076d0a7318a57d3c16c17251b26645df4c8f92ebc099c07ff6a6d2ecc4e9c5",
    "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
];

/// The bytes of a key that may be used.
pub(super) fn read(text: &str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let text = text.trim();
    let key = decode(text).map(Zeroizing::new).ok_or(VaultError::Encoding)?;
    if key.len() < KEY_BYTES {
        return Err(VaultError::Short(key.len()));
    }
    match weakness(text, &key) {
        Some(reason) => Err(VaultError::Weak(reason)),
        None => Ok(key),
    }
}

/// Text of hex digits alone is hex; everything else is base64, standard or URL-safe, padded or not.
fn decode(text: &str) -> Option<Vec<u8>> {
    if is_hex(text) {
        return HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok();
    }
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    [&alphabet::STANDARD, &alphabet::URL_SAFE]
        .into_iter()
        .find_map(|alphabet| GeneralPurpose::new(alphabet, lenient).decode(text).ok())
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Why the key cannot be random, if it shows.
fn weakness(text: &str, key: &[u8]) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase();
    let mut distinct = key.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    if key.windows(2).all(|pair| matches!(pair, [one, two] if one == two)) {
        Some("repeats a single byte")
    } else if repeats(key) {
        Some("repeats a pattern")
    } else if counts(key) {
        Some("counts up or down")
    } else if distinct.len() < DISTINCT_BYTES {
        Some("has too few different bytes")
    } else if PUBLISHED.iter().any(|known| data_encoding::HEXLOWER.encode(key).starts_with(known)) {
        Some("is a published example")
    } else if WORDS.iter().any(|word| lower.contains(word)) {
        Some("contains a well-known word")
    } else if key.iter().all(|byte| (b' '..=b'~').contains(byte)) || !is_hex(text) && !mixes_cases(text) {
        Some("is text, not random bytes")
    } else {
        None
    }
}

/// True when the key is a shorter one, written at least twice.
fn repeats(key: &[u8]) -> bool {
    (1..=key.len() / 2).any(|period| key.iter().zip(key.iter().skip(period)).all(|(one, two)| one == two))
}

/// True when each byte differs from the one before by the same step.
fn counts(key: &[u8]) -> bool {
    let mut steps = key.iter().zip(key.iter().skip(1)).map(|(one, two)| two.wrapping_sub(*one));
    let first = steps.next();
    steps.all(|step| Some(step) == first)
}

/// Base64 of random bytes has letters of both cases.
fn mixes_cases(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_uppercase()) && text.bytes().any(|byte| byte.is_ascii_lowercase())
}
