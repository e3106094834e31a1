//! An HMAC over the whole body in one header: the preset of GitHub and the scheme that settings describe.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};

use super::required;
use crate::refusal::{misconfigured, unauthenticated};
use crate::request::Request;
use crate::wit::{Algorithm, Claim, KeyEncoding, Part, Refusal};

/// How the signature is written in its header.
#[derive(Debug, Clone, Copy)]
enum Encoding {
    Hex,
    Base64,
}

impl Encoding {
    fn decode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Hex => HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok(),
            Self::Base64 => BASE64.decode(text.as_bytes()).ok(),
        }
    }
}

/// The claim of GitHub's `X-Hub-Signature-256: sha256=<hex>`.
///
/// `X-Hub-Signature`, the SHA-1 of old, is never looked at. Source:
/// <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>.
///
/// # Errors
/// `unauthenticated` when the header is missing or unreadable.
pub(super) fn github(request: Request<'_>) -> Result<Claim, Refusal> {
    let signature = read(request, "x-hub-signature-256", "sha256=", Encoding::Hex)?;
    Ok(body_claim(Algorithm::HmacSha256, KeyEncoding::Utf8, signature))
}

/// The claim that the `hmac_*` and `key_encoding` settings describe.
///
/// # Errors
/// `unauthenticated` when the header is missing or unreadable; `malformed` when a setting is unknown.
pub(super) fn claim(request: Request<'_>) -> Result<Claim, Refusal> {
    let header = request.setting("hmac_header").unwrap_or("x-signature").to_ascii_lowercase();
    let prefix = request.setting("hmac_prefix").unwrap_or_default();
    let algorithm = algorithm(request)?;
    let encoding = encoding(request)?;
    let key = key(request)?;
    let signature = read(request, &header, prefix, encoding)?;
    Ok(body_claim(algorithm, key, signature))
}

fn body_claim(algorithm: Algorithm, key: KeyEncoding, signature: Vec<u8>) -> Claim {
    Claim { algorithm, key, message: vec![Part::Body], signatures: vec![signature], signed_at: None }
}

fn read(request: Request<'_>, header: &str, prefix: &str, encoding: Encoding) -> Result<Vec<u8>, Refusal> {
    let value = required(request, header)?;
    let text = value
        .strip_prefix(prefix)
        .ok_or_else(|| unauthenticated(format!("header `{header}` does not begin with `{prefix}`")))?;
    encoding
        .decode(text)
        .filter(|signature| !signature.is_empty())
        .ok_or_else(|| unauthenticated(format!("header `{header}` holds no readable signature")))
}

fn algorithm(request: Request<'_>) -> Result<Algorithm, Refusal> {
    match request.setting("hmac_algorithm").unwrap_or("sha256") {
        "sha256" => Ok(Algorithm::HmacSha256),
        "sha512" => Ok(Algorithm::HmacSha512),
        "sha1" => Ok(Algorithm::HmacSha1),
        other => Err(unknown("hmac_algorithm", other, "sha256, sha512 or sha1")),
    }
}

fn encoding(request: Request<'_>) -> Result<Encoding, Refusal> {
    match request.setting("hmac_encoding").unwrap_or("hex") {
        "hex" => Ok(Encoding::Hex),
        "base64" => Ok(Encoding::Base64),
        other => Err(unknown("hmac_encoding", other, "hex or base64")),
    }
}

fn key(request: Request<'_>) -> Result<KeyEncoding, Refusal> {
    match request.setting("key_encoding").unwrap_or("utf8") {
        "utf8" => Ok(KeyEncoding::Utf8),
        "base64" => Ok(KeyEncoding::Base64(String::new())),
        "hex" => Ok(KeyEncoding::Hex),
        other => Err(unknown("key_encoding", other, "utf8, base64 or hex")),
    }
}

fn unknown(setting: &str, value: &str, choices: &str) -> Refusal {
    misconfigured(setting, format_args!("`{value}` is unknown; use {choices}"))
}
