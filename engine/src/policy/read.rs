//! How the parts of a policy are read, so that an error names its place.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, Error, IntoDeserializer as _};
use serde::{Deserialize, Deserializer};

/// A policy's name: it stands in addresses and logs.
pub(super) fn name<'de, D: Deserializer<'de>>(reader: D) -> Result<String, D::Error> {
    let name = String::deserialize(reader)?;
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    if (1..=64).contains(&name.len()) && name.bytes().all(known) {
        Ok(name)
    } else {
        Err(Error::custom("must be 1 to 64 lower-case letters, digits, `-` and `_`"))
    }
}

/// A map by the names of an enum. The names are read as text first, as the path to an error keeps only such.
pub(super) fn by_name<'de, K, V, D>(reader: D) -> Result<BTreeMap<K, V>, D::Error>
where
    K: DeserializeOwned + Ord,
    V: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let named = BTreeMap::<String, V>::deserialize(reader)?;
    named.into_iter().map(|(name, value)| Ok((K::deserialize(name.into_deserializer())?, value))).collect()
}

/// The pointer says where, so the parser's position and the value itself are left out.
pub(super) fn without_value(message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or(message);
    let repeats = message.starts_with("invalid type: ") || message.starts_with("invalid value: ");
    match message.split_once(", expected ") {
        Some((_, expected)) if repeats => format!("must be {expected}"),
        _ => message.to_owned(),
    }
}
