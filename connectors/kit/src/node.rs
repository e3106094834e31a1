//! A JSON value that is opened only as far as somebody looks into it.
//!
//! A connector visits a handful of places in a body. Every container on the way is opened once, everything beside
//! the way stays text, and a value of another type than asked for is absent. Numbers are never converted by the
//! reader, so that an id of any length survives.

mod opening;

use std::cell::OnceCell;

use serde_json::value::RawValue;

use opening::Children;

use crate::refusal::malformed;
use crate::wit::Refusal;
use crate::{known, money, time};

/// One value of a body `'b`.
#[derive(Debug)]
pub struct Node<'b> {
    raw: &'b str,
    children: OnceCell<Children<'b>>,
}

impl<'b> Node<'b> {
    /// Reads a body that has to be one JSON object.
    ///
    /// # Errors
    /// `malformed` when it is not.
    pub fn object(body: &'b [u8]) -> Result<Self, Refusal> {
        let raw: &RawValue = serde_json::from_slice(body).map_err(|error| {
            // The error's own text may quote the body, so only its place is told.
            let place = format!("line {}, column {}", error.line(), error.column());
            malformed(format!("the body is not well-formed JSON ({place})"), None)
        })?;
        let node = Self::new(raw);
        if !node.is_object() {
            return Err(malformed("the body is not a JSON object", None));
        }
        if node.children().members.is_empty() && node.raw.contains('"') {
            return Err(malformed("the body names one of its members twice, or has too many", None));
        }
        Ok(node)
    }

    fn new(raw: &'b RawValue) -> Self {
        Self { raw: raw.get(), children: OnceCell::new() }
    }

    fn children(&self) -> &Children<'b> {
        self.children.get_or_init(|| match self.raw.as_bytes().first() {
            Some(b'[' | b'{') => serde_json::from_str(self.raw).unwrap_or_default(),
            _ => Children::default(),
        })
    }

    /// Whether this is an object.
    #[must_use]
    pub fn is_object(&self) -> bool {
        self.raw.starts_with('{')
    }

    /// The value at the end of a way of member names, such as `data/object/payment`; this one for an empty way.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Self> {
        path.split('/').filter(|name| !name.is_empty()).try_fold(self, |node, name| {
            node.children().members.iter().find(|(known, _)| known == name).map(|(_, node)| node)
        })
    }

    /// The object at the end of the way.
    #[must_use]
    pub fn object_at(&self, path: &str) -> Option<&Self> {
        self.at(path).filter(|node| node.is_object())
    }

    /// The elements of the array at the end of the way.
    #[must_use]
    pub fn elements(&self, path: &str) -> &[Self] {
        self.at(path).map(|node| node.children().elements.as_slice()).unwrap_or_default()
    }

    /// The names of the members of the object at the end of the way, in the order sent.
    pub fn names(&self, path: &str) -> impl Iterator<Item = &str> {
        let members = self.at(path).map(|node| node.children().members.as_slice()).unwrap_or_default();
        members.iter().map(|(name, _)| name.as_str())
    }

    /// A string; none for an empty one.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<String> {
        let raw = self.at(path)?.raw;
        let text: String = raw.starts_with('"').then(|| serde_json::from_str(raw).ok()).flatten()?;
        Some(text).filter(|text| !text.is_empty())
    }

    /// A string, or a number or truth value as it was written.
    #[must_use]
    pub fn scalar(&self, path: &str) -> Option<String> {
        let raw = self.at(path)?.raw;
        match raw.as_bytes().first()? {
            b'"' => self.text(path),
            b'{' | b'[' | b'n' => None,
            _ => Some(raw.to_owned()),
        }
    }

    /// A whole number without sign, fraction or exponent, also one written as text.
    #[must_use]
    pub fn whole(&self, path: &str) -> Option<u64> {
        let text = self.scalar(path)?;
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
    }

    /// A truth value, also one written as text.
    #[must_use]
    pub fn flag(&self, path: &str) -> Option<bool> {
        self.scalar(path)?.parse().ok()
    }

    /// A score of 0 to 100; a higher one counts as 100.
    #[must_use]
    pub fn score(&self, path: &str) -> Option<f64> {
        let score: f64 = self.scalar(path)?.parse().ok()?;
        (score.is_finite() && score >= 0.0).then(|| score.min(100.0))
    }

    /// An id, written as text or as a whole number of any length; never rounded.
    #[must_use]
    pub fn id(&self, path: &str) -> Option<String> {
        let raw = self.at(path)?.raw;
        let number = raw.bytes().all(|byte| byte.is_ascii_digit());
        if number { known::id(raw) } else { known::id(&self.text(path)?) }
    }

    /// A word of the provider's vocabulary, see [`known::word`].
    #[must_use]
    pub fn word(&self, path: &str) -> Option<String> {
        known::word(&self.scalar(path)?)
    }

    /// A name to show, see [`known::name`].
    #[must_use]
    pub fn name(&self, path: &str) -> Option<String> {
        known::name(&self.text(path)?)
    }

    /// An e-mail address, see [`known::email`].
    #[must_use]
    pub fn email(&self, path: &str) -> Option<String> {
        known::email(&self.text(path)?)
    }

    /// A telephone number, see [`known::phone`].
    #[must_use]
    pub fn phone(&self, path: &str) -> Option<String> {
        known::phone(&self.text(path)?)
    }

    /// A country, see [`known::country`].
    #[must_use]
    pub fn country(&self, path: &str) -> Option<String> {
        known::country(&self.text(path)?)
    }

    /// An IP address, see [`known::ip`].
    #[must_use]
    pub fn ip(&self, path: &str) -> Option<String> {
        known::ip(&self.text(path)?)
    }

    /// A moment in RFC 3339, also one in seconds since 1970.
    #[must_use]
    pub fn time(&self, path: &str) -> Option<String> {
        match self.at(path)?.raw.as_bytes().first()? {
            b'"' => time::rfc3339(&self.text(path)?),
            _ => time::from_unix(self.whole(path)?),
        }
    }

    /// An ISO 4217 code, see [`money::currency`].
    #[must_use]
    pub fn currency(&self, path: &str) -> Option<String> {
        money::currency(&self.text(path)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"a":{"b":"x","n":820982911946154508000,"t":"true","list":[1,{"c":"de"}]},"score":"71.5",
        "time":1787227200,"null":null,"empty":"","twice":{"k":1,"k":2},"minus":-5,"mail":" a\u0040b.cc "}"#;

    #[test]
    fn values_are_read_as_what_they_are_asked_for() {
        let node = Node::object(BODY.as_bytes()).unwrap();
        assert_eq!(node.text("a/b").as_deref(), Some("x"));
        assert_eq!(node.id("a/n").as_deref(), Some("820982911946154508000"));
        assert_eq!(
            (node.flag("a/t"), node.score("score"), node.whole("time")),
            (Some(true), Some(71.5), Some(1_787_227_200))
        );
        assert_eq!(node.time("time").as_deref(), Some("2026-08-20T12:00:00Z"));
        assert_eq!(node.email("mail").as_deref(), Some("a@b.cc"));
        assert_eq!(node.elements("a/list").get(1).and_then(|node| node.country("c")).as_deref(), Some("DE"));
        assert_eq!(node.names("a").collect::<Vec<_>>(), ["b", "n", "t", "list"]);
    }

    #[test]
    fn whatever_is_not_as_asked_for_is_absent() {
        let node = Node::object(BODY.as_bytes()).unwrap();
        assert_eq!(node.text("a"), None);
        for path in ["null", "empty", "twice/k", "a/b/c", "a/list", "missing/deep"] {
            assert_eq!((node.scalar(path), node.id(path), node.whole(path)), (None, None, None), "{path}");
        }
        assert_eq!((node.whole("minus"), node.whole("a/n"), node.score("minus")), (None, None, None));
        assert!(node.elements("a/b").is_empty());
    }

    #[test]
    fn only_a_json_object_without_repeated_members_is_a_body() {
        for body in ["", "{", "null", "7", "[]", "\"x\"", r#"{"a":1,"a":2}"#, "{}x"] {
            assert!(Node::object(body.as_bytes()).is_err(), "{body}");
        }
        assert!(Node::object(b"{}").is_ok() && Node::object(b" {\"a\":1}\n").is_ok());
        let many = format!("{{{}}}", (0..600).map(|n| format!("\"{n}\":0")).collect::<Vec<_>>().join(","));
        assert!(Node::object(many.as_bytes()).is_err());
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        let deep = Node::object(deep.as_bytes());
        assert!(deep.is_ok_and(|deep| deep.text("a").is_none()), "what nobody looks into costs no stack");
    }
}
