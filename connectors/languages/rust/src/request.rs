//! The delivery by the names of its headers.

use crate::bindings::exports::ase::connector::normalizer::Delivery;

/// Every value of a header, as bytes; `name` is in lower case, as the host writes them.
pub(crate) fn values<'d>(input: &'d Delivery, name: &str) -> impl Iterator<Item = &'d [u8]> {
    input.headers.iter().filter(move |header| header.name == name).map(|header| header.value.as_slice())
}

/// The first header of this name when it is printable ASCII.
pub(crate) fn header<'d>(input: &'d Delivery, name: &str) -> Option<&'d str> {
    values(input, name).next().and_then(ascii)
}

/// Bytes as text when all of them are printable ASCII.
pub(crate) fn ascii(bytes: &[u8]) -> Option<&str> {
    str::from_utf8(bytes).ok().filter(|text| text.bytes().all(|byte| matches!(byte, b' '..=b'~')))
}
