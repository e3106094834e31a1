//! Reading JSON whose types cannot be relied on: a value of another type than expected is absent, never an
//! error. Only broken JSON fails. Everything is read in one pass and text is borrowed where it can be.

use std::{borrow::Cow, fmt, marker::PhantomData, ops::Deref};

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A field that is absent whenever its value is not a `T`: missing, null, masked or of another type.
#[derive(Debug)]
pub(crate) struct Lenient<T>(Option<T>);

/// A lenient text.
pub(crate) type Text<'a> = Lenient<Cow<'a, str>>;

impl<T> Default for Lenient<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Lenient<T> {
    /// The value, if it is there.
    pub(crate) fn into_option(self) -> Option<T> {
        self.0
    }
}

impl<T> Deref for Lenient<T> {
    type Target = Option<T>;

    fn deref(&self) -> &Option<T> {
        &self.0
    }
}

impl<'de, T: Shape<'de>> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue(PhantomData)).map(Self)
    }
}

/// What a type makes of each kind of JSON value. Whatever a type does not override is absence.
pub(crate) trait Shape<'de>: Sized {
    /// From a string.
    fn of_text(_text: Cow<'de, str>) -> Option<Self> {
        None
    }

    /// From a number without sign, fraction or exponent.
    fn of_whole(_whole: u64) -> Option<Self> {
        None
    }

    /// From any other number.
    fn of_number(_number: f64) -> Option<Self> {
        None
    }

    /// From true or false.
    fn of_flag(_flag: bool) -> Option<Self> {
        None
    }

    /// From an object.
    ///
    /// # Errors
    /// Only where the JSON is broken.
    fn of_object<A: MapAccess<'de>>(mut members: A) -> Result<Option<Self>, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    /// From an array.
    ///
    /// # Errors
    /// Only where the JSON is broken.
    fn of_list<A: SeqAccess<'de>>(mut elements: A) -> Result<Option<Self>, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

impl<'de: 'a, 'a> Shape<'de> for Cow<'a, str> {
    fn of_text(text: Cow<'de, str>) -> Option<Self> {
        Some(text)
    }
}

impl Shape<'_> for u64 {
    fn of_whole(whole: u64) -> Option<Self> {
        Some(whole)
    }
}

impl Shape<'_> for f64 {
    fn of_whole(whole: u64) -> Option<Self> {
        u32::try_from(whole).ok().map(Self::from)
    }

    fn of_number(number: f64) -> Option<Self> {
        Some(number)
    }
}

impl Shape<'_> for bool {
    fn of_flag(flag: bool) -> Option<Self> {
        Some(flag)
    }
}

/// Lets a struct of lenient fields stand in a lenient field.
macro_rules! shapes {
    ($($name:ident),+) => { $(
        impl<'de: 'a, 'a> $crate::payload::lenient::Shape<'de> for $name<'a> {
            fn of_object<A: serde::de::MapAccess<'de>>(members: A) -> Result<Option<Self>, A::Error> {
                Self::deserialize(serde::de::value::MapAccessDeserializer::new(members)).map(Some)
            }
        }
    )+ };
}
pub(crate) use shapes;

/// The first element of an array that may hold more.
#[derive(Debug)]
pub(crate) struct First<T>(pub(crate) Lenient<T>);

impl<'de, T: Shape<'de>> Shape<'de> for First<T> {
    fn of_list<A: SeqAccess<'de>>(mut elements: A) -> Result<Option<Self>, A::Error> {
        let first = elements.next_element()?;
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(first.map(Self))
    }
}

/// Hands each kind of JSON value to the shape.
struct AnyValue<T>(PhantomData<T>);

impl<'de, T: Shape<'de>> Visitor<'de> for AnyValue<T> {
    type Value = Option<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(T::of_flag(flag))
    }

    fn visit_u64<E>(self, whole: u64) -> Result<Self::Value, E> {
        Ok(T::of_whole(whole))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(i32::try_from(number).ok().and_then(|number| T::of_number(number.into())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(T::of_number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(T::of_text(Cow::Owned(text.to_owned())))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(T::of_text(Cow::Borrowed(text)))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
        T::of_object(members)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Self::Value, A::Error> {
        T::of_list(elements)
    }
}

/// An id, written as text or as a whole number of any length; never rounded. Absent for anything else.
#[derive(Debug, Default)]
pub(crate) struct Id<'a>(Option<Cow<'a, str>>);

impl Id<'_> {
    /// The id, if there is one.
    pub(crate) fn get(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Id<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?.get();
        let written = if raw.bytes().all(|byte| byte.is_ascii_digit()) {
            Some(Cow::Borrowed(raw))
        } else {
            serde_json::from_str::<Text<'de>>(raw).map_err(serde::de::Error::custom)?.0
        };
        Ok(Self(written.filter(|id| super::known::is_id(id))))
    }
}
