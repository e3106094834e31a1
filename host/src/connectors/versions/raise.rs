//! `Raise`: an answer of `0.1` as one of `0.2`. Every field is named, so that none is forgotten when the newer changes.

use super::{v0_1 as old, v0_2 as new};

/// Something of the older version that the newer one has too.
pub(super) trait Raise {
    /// The same in the newer version.
    type Newer;

    /// Turns it into that.
    fn raise(self) -> Self::Newer;
}

macro_rules! the_same {
    ($($kind:ty),*) => { $(
        impl Raise for $kind {
            type Newer = Self;

            fn raise(self) -> Self {
                self
            }
        }
    )* };
}

macro_rules! records {
    ($($name:ident { $($field:ident),* })*) => { $(
        impl Raise for old::$name {
            type Newer = new::$name;

            fn raise(self) -> new::$name {
                let Self { $($field),* } = self;
                new::$name { $($field: $field.raise()),* }
            }
        }
    )* };
}

macro_rules! enums {
    ($($name:ident { $($case:ident $(($value:ident))?),* })*) => { $(
        impl Raise for old::$name {
            type Newer = new::$name;

            fn raise(self) -> new::$name {
                match self {
                    $(Self::$case $(($value))? => new::$name::$case $(($value.raise()))?,)*
                }
            }
        }
    )* };
}

the_same!(bool, f64, u8, u16, String);

impl<T: Raise> Raise for Vec<T> {
    type Newer = Vec<T::Newer>;

    fn raise(self) -> Self::Newer {
        self.into_iter().map(T::raise).collect()
    }
}

impl<T: Raise> Raise for Option<T> {
    type Newer = Option<T::Newer>;

    fn raise(self) -> Self::Newer {
        self.map(T::raise)
    }
}

enums! {
    Algorithm { HmacSha256, HmacSha512, HmacSha1, Ed25519, SharedToken }
    KeyEncoding { Utf8, Base64(prefix), Hex }
    Part { Literal(bytes), Body, Header(name) }
    NameMatch { None, Close, Full }
    Outcome { Events(events), Reply(response), Ignored(reason) }
    RefusalReason { Malformed, UnsupportedTopic, UnsupportedVersion, Unauthenticated }
}

records! {
    Claim { algorithm, key, message, signatures, signed_at }
    Money { value, currency }
    Subject { id, email, phone, name, created_at, locale }
    Destination { id, label, created_at, name_match }
    Action { description, amount, balance, destination }
    Device { id, ip, user_agent, country, latitude, longitude, session_started_at, flags }
    Address { country }
    Link { type_, id }
    Signal { name, score }
    Change { field }
    Attribute { name, value }
    Event {
        id, type_, occurred_at, subject, action, device, billing, shipping, links, signals, changes, attributes, test,
        return_url
    }
    Response { status, content_type, body }
    Refusal { reason, message, pointer }
}
