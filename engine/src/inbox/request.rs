//! A request as it is kept: small, and read back byte for byte.

use std::fmt;

/// What a kept request begins with in this form.
const FORM: u8 = 1;
/// Largest request, uncompressed.
const SIZE_MAX: usize = 16 << 20;

/// A webhook request.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct KeptRequest {
    /// Header names and values.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The query string.
    pub query: String,
    /// The body.
    pub body: Vec<u8>,
}

impl fmt::Debug for KeptRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptRequest").field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

impl KeptRequest {
    /// The form, then everything behind its length, compressed: bodies are JSON and shrink to a fifth, and what is
    /// sealed shrinks no more.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut plain = Vec::with_capacity(self.body.len() + 2048);
        put(&mut plain, self.query.as_bytes());
        put(&mut plain, &self.body);
        for (name, value) in &self.headers {
            put(&mut plain, name.as_bytes());
            put(&mut plain, value);
        }
        let mut written = vec![FORM];
        written.extend(lz4_flex::block::compress_prepend_size(&plain));
        written
    }

    /// Reads what [`Self::write`] wrote; `None` for anything else.
    #[must_use]
    pub fn read(written: &[u8]) -> Option<Self> {
        let (&FORM, packed) = written.split_first()? else { return None };
        let (size, packed) = lz4_flex::block::uncompressed_size(packed).ok()?;
        let plain = (size <= SIZE_MAX).then(|| lz4_flex::block::decompress(packed, size).ok()).flatten()?;
        let mut rest = plain.as_slice();
        let query = text(take(&mut rest)?)?;
        let body = take(&mut rest)?.to_vec();
        let mut headers = Vec::new();
        while !rest.is_empty() {
            headers.push((text(take(&mut rest)?)?, take(&mut rest)?.to_vec()));
        }
        Some(Self { headers, query, body })
    }
}

fn put(out: &mut Vec<u8>, piece: &[u8]) {
    // a request is a few MiB at most, which its reader made sure of
    let length = u32::try_from(piece.len()).unwrap_or(u32::MAX);
    out.extend(length.to_le_bytes());
    out.extend(piece.iter().take(length as usize));
}

fn take<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk::<4>()?;
    let (piece, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    *rest = after;
    Some(piece)
}

fn text(bytes: &[u8]) -> Option<String> {
    String::from_utf8(bytes.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_written_reads_back(
            headers in prop::collection::vec(("[a-z-]{0,20}", prop::collection::vec(any::<u8>(), 0..50)), 0..8),
            query in ".{0,40}",
            body in prop::collection::vec(any::<u8>(), 0..3000),
        ) {
            let request = KeptRequest { headers, query, body };
            prop_assert_eq!(KeptRequest::read(&request.write()), Some(request));
        }

        #[test]
        fn nothing_else_is_read_and_nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _read = KeptRequest::read(&bytes);
        }
    }

    #[test]
    fn a_truncated_request_is_none() {
        let written = KeptRequest { body: b"{\"a\":1}".repeat(50), ..KeptRequest::default() }.write();
        assert!(written.len() < 100, "it is compressed");
        for end in 0..written.len() {
            assert_eq!(KeptRequest::read(&written[..end]), None, "{end}");
        }
    }
}
