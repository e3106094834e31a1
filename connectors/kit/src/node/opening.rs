//! Opening one container: what is in it stays closed.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Node;

/// Most members of one object. No webhook has more, and each is compared with those before it.
const MEMBERS: usize = 512;
/// Most elements of one array. No webhook has more, and each takes memory.
const ELEMENTS: usize = 4096;

/// What a container holds; nothing for scalars, for containers beyond the bound, and for objects that name a
/// member twice: which of the two counts would be a guess.
#[derive(Debug, Default)]
pub(super) struct Children<'b> {
    /// Of an object, in the order sent.
    pub(super) members: Vec<(String, Node<'b>)>,
    /// Of an array.
    pub(super) elements: Vec<Node<'b>>,
}

impl<'b> Deserialize<'b> for Children<'b> {
    fn deserialize<D: Deserializer<'b>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Opening)
    }
}

/// Opens one container and leaves what is in it closed.
struct Opening;

impl<'de> Visitor<'de> for Opening {
    type Value = Children<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object without repeated members, or an array")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut children = Children::default();
        while let Some((name, raw)) = map.next_entry::<String, &'de RawValue>()? {
            let twice = || children.members.iter().any(|(known, _)| *known == name);
            if children.members.len() >= MEMBERS || twice() {
                return Err(serde::de::Error::custom("a repeated member, or too many"));
            }
            children.members.push((name, Node::new(raw)));
        }
        Ok(children)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut children = Children::default();
        while let Some(raw) = list.next_element::<&'de RawValue>()? {
            if children.elements.len() >= ELEMENTS {
                return Err(serde::de::Error::custom("too many elements"));
            }
            children.elements.push(Node::new(raw));
        }
        Ok(children)
    }
}
