//! How signatures and keys are written.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};

use super::unknown;
use crate::request::Request;
use crate::wit::{KeyEncoding, Refusal};

/// How a signature is written in its header.
#[derive(Debug, Clone, Copy)]
pub(super) enum Encoding {
    Hex,
    Base64,
}

impl Encoding {
    /// The one that the setting `signature_encoding` names.
    ///
    /// # Errors
    /// `malformed`, naming the setting.
    pub(super) fn of(request: Request<'_>) -> Result<Self, Refusal> {
        match request.setting("signature_encoding").unwrap_or("hex") {
            "hex" => Ok(Self::Hex),
            "base64" => Ok(Self::Base64),
            other => Err(unknown("signature_encoding", other, "hex or base64")),
        }
    }

    /// The bytes; `None` for what is not written so, and for none at all.
    pub(super) fn decode(self, text: &str) -> Option<Vec<u8>> {
        let bytes = match self {
            Self::Hex => HEXLOWER_PERMISSIVE.decode(text.as_bytes()),
            Self::Base64 => BASE64.decode(text.as_bytes()),
        };
        bytes.ok().filter(|bytes| !bytes.is_empty())
    }
}

/// How the secret is written, as the setting `key_encoding` says.
///
/// # Errors
/// `malformed`, naming the setting.
pub(super) fn key(request: Request<'_>, usual: &str) -> Result<KeyEncoding, Refusal> {
    match request.setting("key_encoding").unwrap_or(usual) {
        "utf8" => Ok(KeyEncoding::Utf8),
        "base64" => Ok(KeyEncoding::Base64(String::new())),
        "hex" => Ok(KeyEncoding::Hex),
        other => Err(unknown("key_encoding", other, "utf8, base64 or hex")),
    }
}
