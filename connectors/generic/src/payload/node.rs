//! A JSON value read only as far as somebody looks into it.
//!
//! A mapping visits a handful of places. Every container on the way is opened once, everything beside the way
//! stays text. Numbers are never converted, so that an id of any length survives.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;
use serde_json::value::RawValue;

/// One value of the body `'b`.
#[derive(Debug)]
pub(crate) struct Node<'b> {
    raw: &'b str,
    children: OnceLock<Children<'b>>,
    tree: OnceLock<Option<Value>>,
}

#[derive(Debug)]
enum Children<'b> {
    None,
    Elements(Vec<Node<'b>>),
    Members(BTreeMap<String, Node<'b>>),
}

impl<'b> Node<'b> {
    /// Checks that `body` is one JSON value in UTF-8; `None` when it is not.
    pub(crate) fn parse(body: &'b [u8]) -> Option<Self> {
        serde_json::from_slice::<&RawValue>(body).ok().map(Self::new)
    }

    fn new(raw: &'b RawValue) -> Self {
        Self { raw: raw.get(), children: OnceLock::new(), tree: OnceLock::new() }
    }

    fn children(&self) -> &Children<'b> {
        self.children.get_or_init(|| match self.raw.as_bytes().first() {
            Some(b'[') => serde_json::from_str::<Vec<&RawValue>>(self.raw)
                .map_or(Children::None, |list| Children::Elements(list.into_iter().map(Self::new).collect())),
            Some(b'{') => serde_json::from_str::<BTreeMap<String, &RawValue>>(self.raw).map_or(
                Children::None,
                |members| {
                    Children::Members(members.into_iter().map(|(name, raw)| (name, Self::new(raw))).collect())
                },
            ),
            _ => Children::None,
        })
    }

    /// The value as the sender wrote it.
    pub(crate) fn raw(&self) -> &'b str {
        self.raw
    }

    /// The whole value opened at once, for what has to look everywhere; `None` when it is nested too deeply. Its
    /// numbers may have lost digits: find places with it and read the values at them.
    pub(crate) fn tree(&self) -> Option<&Value> {
        self.tree.get_or_init(|| serde_json::from_str(self.raw).ok()).as_ref()
    }

    /// The member of an object or, for an index without leading zeros, the element of an array (RFC 6901,
    /// section 4).
    pub(crate) fn child(&self, token: &str) -> Option<&Self> {
        match self.children() {
            Children::None => None,
            Children::Members(members) => members.get(token),
            Children::Elements(list) => {
                let index = token.parse::<usize>().ok()?;
                list.get(index).filter(|_| index.to_string() == token)
            }
        }
    }

    /// The value at the end of a way of tokens.
    pub(crate) fn walk<'t>(&self, tokens: impl IntoIterator<Item = &'t str>) -> Option<&Self> {
        tokens.into_iter().try_fold(self, |node, token| node.child(token))
    }

    /// The elements of an array.
    pub(crate) fn elements(&self) -> Option<&[Self]> {
        match self.children() {
            Children::Elements(list) => Some(list),
            _ => None,
        }
    }

    /// The members of an object, by name.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &Self)> {
        let members = match self.children() {
            Children::Members(members) => Some(members),
            _ => None,
        };
        members.into_iter().flatten().map(|(name, node)| (name.as_str(), node))
    }

    /// Whether this is an object.
    pub(crate) fn is_object(&self) -> bool {
        self.raw.starts_with('{')
    }

    /// A string, a number as the sender wrote it, or a truth value. `None` for null, for blank text, for text
    /// with a NUL, which no store keeps, and for anything that has children.
    pub(crate) fn text(&self) -> Option<String> {
        let text = match self.raw.as_bytes().first()? {
            b'"' => self.string()?,
            b'{' | b'[' | b'n' => return None,
            _ => self.raw.to_owned(),
        };
        if text.trim().is_empty() || text.contains('\0') { None } else { Some(text) }
    }

    /// A string as it is, blank or not.
    pub(crate) fn string(&self) -> Option<String> {
        serde_json::from_str(self.raw).ok()
    }

    /// The text of this value or, for an array, of each of its elements.
    pub(crate) fn texts(&self) -> Vec<String> {
        match self.elements() {
            Some(list) => list.iter().filter_map(Self::text).collect(),
            None => self.text().into_iter().collect(),
        }
    }

    /// Whether the value says something: neither null nor `false`.
    pub(crate) fn is_telling(&self) -> bool {
        !matches!(self.raw, "null" | "false")
    }
}
