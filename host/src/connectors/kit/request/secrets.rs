//! The secrets of a recorded request: read without an error that repeats them, and kept out of everything shown.

use secrecy::{ExposeSecret as _, SecretString};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What stands where a secret was.
const HIDDEN: &str = "[secret]";

/// A list of texts. The error of a derived reader would repeat what it found.
pub(super) fn read<'de, D: Deserializer<'de>>(reader: D) -> Result<Vec<SecretString>, D::Error> {
    let wrong = || D::Error::custom("must be a list of texts, such as [\"whsec_…\"]");
    let Value::Array(list) = Value::deserialize(reader)? else {
        return Err(wrong());
    };
    let secret = |value| match value {
        Value::String(text) if !text.is_empty() => Ok(SecretString::from(text)),
        _ => Err(wrong()),
    };
    list.into_iter().map(secret).collect()
}

/// Takes every secret out of a text.
pub(super) fn conceal(secrets: &[SecretString], text: &str) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.expose_secret(), HIDDEN))
}

/// True when one of them is in the text.
pub(super) fn shown(secrets: &[SecretString], text: &str) -> bool {
    secrets.iter().any(|secret| text.contains(secret.expose_secret()))
}
