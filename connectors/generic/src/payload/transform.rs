//! The small changes that a rule may make to a value on its way into the event.
//!
//! A transform that cannot read its value gives nothing, and the field stays unknown.

use crate::payload::{country, money, time};

/// One step between the body and a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Transform {
    /// Lower case.
    Lower,
    /// Upper case.
    Upper,
    /// Without blanks at either end.
    Trim,
    /// Minor units of the mapped currency to a decimal: `1999` in EUR to `19.99`.
    MinorUnits,
    /// Seconds since 1970 to RFC 3339.
    UnixS,
    /// Milliseconds since 1970 to RFC 3339.
    UnixMs,
    /// A date or time in ISO 8601's common forms to RFC 3339; without an offset it is taken as UTC.
    Rfc3339,
    /// A country code of two or three letters to two upper-case letters.
    Country2,
    /// Numbers and truth values as text, which every field does by itself.
    String,
    /// This text before the value.
    Prefix(String),
}

/// The name is not one of a transform.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is not a transform: use lower, upper, trim, minor_units, unix_s, unix_ms, rfc3339, country2, string or \
     prefix:<text>"
)]
pub(crate) struct TransformError(String);

impl Transform {
    /// Reads a transform by its name.
    ///
    /// # Errors
    /// When there is none of that name.
    pub(crate) fn parse(name: &str) -> Result<Self, TransformError> {
        Ok(match name {
            "lower" => Self::Lower,
            "upper" => Self::Upper,
            "trim" => Self::Trim,
            "minor_units" => Self::MinorUnits,
            "unix_s" => Self::UnixS,
            "unix_ms" => Self::UnixMs,
            "rfc3339" => Self::Rfc3339,
            "country2" => Self::Country2,
            "string" => Self::String,
            other => match other.strip_prefix("prefix:") {
                Some(prefix) => Self::Prefix(prefix.to_owned()),
                None => return Err(TransformError(other.to_owned())),
            },
        })
    }

    /// The value after this step; `currency` is the one mapped beside an amount.
    pub(crate) fn apply(&self, text: &str, currency: Option<&str>) -> Option<String> {
        match self {
            Self::Lower => Some(text.to_lowercase()),
            Self::Upper => Some(text.to_uppercase()),
            Self::Trim => Some(text.trim().to_owned()),
            Self::MinorUnits => money::from_minor(text, &money::currency(currency?)?),
            Self::UnixS => time::from_unix(text, 1),
            Self::UnixMs => time::from_unix(text, 1000),
            Self::Rfc3339 => time::from_iso(text),
            Self::Country2 => country::from_code(text),
            Self::String => Some(text.to_owned()),
            Self::Prefix(prefix) => Some(format!("{prefix}{text}")),
        }
        .filter(|text| !text.trim().is_empty())
    }
}
