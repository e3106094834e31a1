//! A place in a body, written as an RFC 6901 JSON Pointer.
//!
//! It knows how a pointer is written, not what it finds.

/// A checked pointer: `/a/b` from the part of the body that becomes an event, `#/a/b` (the form of RFC 6901,
/// section 6, without percent-encoding) always from the whole body.
#[derive(Debug, Clone)]
pub(crate) struct Pointer {
    tokens: Vec<String>,
    absolute: bool,
}

/// The text is no pointer.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a JSON pointer: write `/member/0`, or `#/member/0` from the whole body")]
pub(crate) struct PointerError(String);

impl Pointer {
    /// Reads a pointer.
    ///
    /// # Errors
    /// When it begins with anything but `/` or `#`, or when `~` is followed by anything but `0` or `1`.
    pub(crate) fn parse(text: &str) -> Result<Self, PointerError> {
        let wrong = || PointerError(text.to_owned());
        let (absolute, path) = text.strip_prefix('#').map_or((false, text), |path| (true, path));
        let Some(path) = path.strip_prefix('/') else {
            return if path.is_empty() { Ok(Self { tokens: Vec::new(), absolute }) } else { Err(wrong()) };
        };
        let tokens = path.split('/').map(unescaped).collect::<Option<_>>().ok_or_else(wrong)?;
        Ok(Self { tokens, absolute })
    }

    /// Whether it starts at the whole body, whatever part becomes an event.
    pub(crate) fn is_absolute(&self) -> bool {
        self.absolute
    }

    /// The reference tokens, unescaped.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().map(String::as_str)
    }

    /// The pointer as text, from wherever it starts.
    pub(crate) fn path(&self) -> String {
        self.tokens()
            .fold(String::new(), |path, token| path + "/" + &token.replace('~', "~0").replace('/', "~1"))
    }
}

fn unescaped(token: &str) -> Option<String> {
    let escapes_hold = token.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    escapes_hold.then(|| token.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_as_the_rfc_orders() {
        let pointer = Pointer::parse("/a~1b/m~0n/~01").unwrap();
        assert_eq!(pointer.tokens().collect::<Vec<_>>(), ["a/b", "m~n", "~1"]);
        assert_eq!(pointer.path(), "/a~1b/m~0n/~01");
    }

    #[test]
    fn a_pointer_must_begin_with_a_slash() {
        for wrong in ["a", "$.a", "a/b", "/a~2", "/a~", "#a"] {
            assert!(Pointer::parse(wrong).is_err(), "{wrong}");
        }
        assert!(Pointer::parse("#/a").unwrap().is_absolute());
        assert_eq!(Pointer::parse("#").unwrap().tokens().count(), 0);
        assert_eq!(Pointer::parse("/").unwrap().tokens().collect::<Vec<_>>(), [""]);
    }
}
