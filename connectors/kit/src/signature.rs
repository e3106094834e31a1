//! Claims of HMAC-SHA-256 and how their signatures are written. Nothing here computes or compares one.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};

use crate::wit::{Algorithm, Claim, KeyEncoding, Part};

/// Bytes of an HMAC-SHA-256.
const BYTES: usize = 32;

/// The claim that `signature` is the HMAC-SHA-256 of `message`; the scheme signs no time.
#[must_use]
pub fn hmac_sha256(key: KeyEncoding, message: Vec<Part>, signature: Vec<u8>) -> Claim {
    let signatures = vec![signature];
    Claim { algorithm: Algorithm::HmacSha256, key, message, signatures, signed_at: None }
}

/// A signature in strict base64 (RFC 4648 section 4, with padding): a second spelling of the same bytes has no use.
#[must_use]
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.as_bytes()).ok().filter(|bytes| bytes.len() == BYTES)
}

/// A signature in hexadecimal digits of either case.
#[must_use]
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok().filter(|bytes| bytes.len() == BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_thirty_two_bytes_are_a_signature() {
        let digest = "sJ3ia9YnRuERUDmBVli6F7zoCceTsbEsyN+/Org4wcY=";
        assert_eq!(from_base64(digest).map(|bytes| bytes.len()), Some(32));
        for wrong in [
            "",
            "AAAA",
            "sJ3ia9YnRuERUDmBVli6F7zoCceTsbEsyN-_Org4wcY=",
            digest.trim_end_matches('='),
            &format!(" {digest}"),
        ] {
            assert_eq!(from_base64(wrong), None, "{wrong:?}");
        }
        assert_eq!(from_hex(&"aB".repeat(32)).map(|bytes| bytes.len()), Some(32));
        for wrong in ["", "ab", &"zz".repeat(32), &"ab".repeat(33)] {
            assert_eq!(from_hex(wrong), None, "{wrong:?}");
        }
    }
}
