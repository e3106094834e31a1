//! Key bytes of a secret, as the connector says it is written.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use data_encoding::HEXLOWER_PERMISSIVE;

use super::super::bindings::KeyEncoding;

/// Base64 with or without its padding: providers hand out both.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Key bytes, or `None` where the secret is not written that way or is empty: anyone can sign with an empty key.
pub(super) fn read(secret: &str, encoding: &KeyEncoding) -> Option<Vec<u8>> {
    let key = match encoding {
        KeyEncoding::Utf8 => Some(secret.as_bytes().to_vec()),
        KeyEncoding::Base64(prefix) => {
            BASE64.decode(secret.strip_prefix(prefix.as_str()).unwrap_or(secret)).ok()
        }
        KeyEncoding::Hex => HEXLOWER_PERMISSIVE.decode(secret.as_bytes()).ok(),
    };
    key.filter(|key| !key.is_empty())
}

/// What the secret should have been, for messages.
pub(super) fn form(encoding: &KeyEncoding) -> &'static str {
    match encoding {
        KeyEncoding::Utf8 => "text",
        KeyEncoding::Base64(_) => "base64",
        KeyEncoding::Hex => "hexadecimal",
    }
}
