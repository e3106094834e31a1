//! Fields that name another object, by its id or as a whole.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::MapAccess;

use super::known;
use super::lenient::{Id, Lenient, Shape, shapes};

/// Something that Stripe knows by an id.
pub(crate) trait Identified {
    /// Its id.
    fn id(&self) -> Option<&str>;
}

/// A field that Stripe fills with an id, or with the whole object where the sender expanded it.
///
/// Source: <https://docs.stripe.com/api/expanding_objects>.
#[derive(Debug)]
pub(crate) enum Reference<'a, T> {
    /// The id alone.
    Id(Cow<'a, str>),
    /// The object, boxed because it is rare and large.
    Expanded(Box<T>),
}

impl<'de: 'a, 'a, T: Shape<'de>> Shape<'de> for Reference<'a, T> {
    fn of_text(text: Cow<'de, str>) -> Option<Self> {
        known::is_id(&text).then_some(Self::Id(text))
    }

    fn of_object<A: MapAccess<'de>>(members: A) -> Result<Option<Self>, A::Error> {
        Ok(T::of_object(members)?.map(Box::new).map(Self::Expanded))
    }
}

impl<T: Identified> Lenient<Reference<'_, T>> {
    /// The id of what is referred to.
    pub(crate) fn id(&self) -> Option<&str> {
        match self.as_ref()? {
            Reference::Id(id) => Some(id),
            Reference::Expanded(object) => object.id(),
        }
    }

    /// The object itself, where it was expanded.
    pub(crate) fn expanded(&self) -> Option<&T> {
        match self.as_ref()? {
            Reference::Id(_) => None,
            Reference::Expanded(object) => Some(object),
        }
    }
}

/// Lets a struct with an id be referred to.
macro_rules! identified {
    ($($name:ident),+) => { $(
        impl $crate::payload::reference::Identified for $name<'_> {
            fn id(&self) -> Option<&str> {
                self.id.get()
            }
        }
    )+ };
}
pub(crate) use identified;

shapes!(Bare);
identified!(Bare);

/// An object of which only the id matters.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Bare<'a> {
    pub(crate) id: Id<'a>,
}
