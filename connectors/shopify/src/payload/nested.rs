//! Objects and lists inside a body. Owns the leniency: another type in their place is unknown, not an error.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

/// An object, where there is one.
#[derive(Debug)]
pub(crate) struct Nested<T> {
    named: bool,
    value: Option<T>,
}

impl<T> Nested<T> {
    /// The object.
    pub(crate) fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// Whether the body has this member at all, be it null.
    pub(crate) fn is_named(&self) -> bool {
        self.named
    }
}

impl<T> Default for Nested<T> {
    fn default() -> Self {
        Self { named: false, value: None }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nested<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = deserializer.deserialize_any(ObjectVisitor(PhantomData))?;
        Ok(Self { named: true, value })
    }
}

/// The members of a list, where there is one.
#[derive(Debug)]
pub(crate) struct List<T> {
    named: bool,
    items: Vec<T>,
}

impl<T> List<T> {
    /// The members.
    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }

    /// How many members there are, spelt; unknown when the body has no such list.
    pub(crate) fn count(&self) -> Option<String> {
        self.named.then(|| self.items.len().to_string())
    }

    /// Whether the body has this member at all, be it null.
    pub(crate) fn is_named(&self) -> bool {
        self.named
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { named: false, items: Vec::new() }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = deserializer.deserialize_any(ListVisitor(PhantomData))?;
        Ok(Self { named: true, items })
    }
}

/// The scalar cases in which neither an object nor a list was found.
macro_rules! unknown {
    ($value:ty, $unknown:expr) => {
        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("any JSON value")
        }

        fn visit_bool<E>(self, _: bool) -> Result<$value, E> {
            Ok($unknown)
        }

        fn visit_i64<E>(self, _: i64) -> Result<$value, E> {
            Ok($unknown)
        }

        fn visit_u64<E>(self, _: u64) -> Result<$value, E> {
            Ok($unknown)
        }

        fn visit_f64<E>(self, _: f64) -> Result<$value, E> {
            Ok($unknown)
        }

        fn visit_str<E>(self, _: &str) -> Result<$value, E> {
            Ok($unknown)
        }

        fn visit_unit<E>(self) -> Result<$value, E> {
            Ok($unknown)
        }
    };
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Option<T>;

    unknown!(Option<T>, None);

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Option<T>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    unknown!(Vec<T>, Vec::new());

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<T>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(items)
    }
}
