//! The two ways in which GitHub writes a body: JSON, or a form with the JSON in its field `payload`.

use std::borrow::Cow;

use ase_connector_kit::form;
use ase_connector_kit::refusal::malformed;
use ase_connector_kit::wit::Refusal;

/// The JSON of a body. Its first byte tells which way it is written: the header `content-type` is not signed.
///
/// # Errors
/// `malformed` when it is a form without `payload`.
///
/// Source: <https://docs.github.com/en/webhooks/using-webhooks/creating-webhooks>, "Content type".
pub(crate) fn json(body: &[u8]) -> Result<Cow<'_, [u8]>, Refusal> {
    if body.trim_ascii_start().starts_with(b"{") {
        return Ok(Cow::Borrowed(body));
    }
    let payload = form::field(body, "payload");
    payload
        .map(Cow::Owned)
        .ok_or_else(|| malformed("the body is neither a JSON object nor a form with `payload`", None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_found_in_both_ways() {
        assert_eq!(json(b" {\"a\":1}").unwrap(), b" {\"a\":1}".as_slice());
        assert_eq!(json(b"payload=%7B%22a%22%3A%22x+y%22%7D").unwrap(), br#"{"a":"x y"}"#.as_slice());
        for body in [b"".as_slice(), b"[]", b"a=b", b"\xff\xfe"] {
            assert!(json(body).is_err());
        }
    }
}
