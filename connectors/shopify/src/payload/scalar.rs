//! One JSON value as it was written. Owns what a value may be taken for; a value that is not that is unknown.
//!
//! Keeping the text instead of a number keeps ids beyond 2^53 and amounts such as `10.00` exactly as sent, and
//! costs nothing for the many values that nobody asks for.

use std::{borrow::Cow, net::IpAddr};

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::format;

/// Longest id, state or other short word that is believed, in bytes.
const WORD_BYTES: usize = 128;

/// Longest description of a browser that is believed, in bytes.
const LINE_BYTES: usize = 1024;

/// A value that is read only when it is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scalar<'a>(Option<&'a str>);

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&'a RawValue>::deserialize(deserializer).map(|raw| Self(Some(raw.get())))
    }
}

impl<'a> Scalar<'a> {
    /// Whether the body has this member at all, be it null.
    pub(crate) fn is_named(&self) -> bool {
        self.0.is_some()
    }

    /// Whether the body has this member and says that there is nothing.
    pub(crate) fn is_null(&self) -> bool {
        self.0 == Some("null")
    }

    /// This value, or the other one where this is missing or null.
    pub(crate) fn or(self, other: Self) -> Self {
        if self.is_named() && !self.is_null() { self } else { other }
    }

    /// A string with something in it.
    pub(crate) fn text(&self) -> Option<Cow<'a, str>> {
        let quoted = self.0?;
        let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
        if inner.contains('\\') {
            let text: String = serde_json::from_str(quoted).ok()?;
            return Some(text).filter(|text| !text.trim().is_empty()).map(Cow::Owned);
        }
        Some(inner).filter(|text| !text.trim().is_empty()).map(Cow::Borrowed)
    }

    /// A string, or a number as it is spelt.
    fn spelt(&self) -> Option<Cow<'a, str>> {
        match self.0 {
            Some(number) if number.starts_with(|first: char| first.is_ascii_digit() || first == '-') => {
                Some(Cow::Borrowed(number))
            }
            _ => self.text(),
        }
    }

    /// An id: a whole number of any size, or a token.
    pub(crate) fn id(&self) -> Option<String> {
        let id = self.spelt()?;
        let number = self.0.is_some_and(|raw| !raw.starts_with('"'));
        let whole = id.bytes().all(|byte| byte.is_ascii_digit());
        let token = id.len() <= WORD_BYTES && !id.chars().any(char::is_control);
        (token && (whole || !number)).then(|| id.into_owned())
    }

    /// The resource that a GraphQL id (`gid://shopify/Order/1`) names, and its number.
    pub(crate) fn gid(&self) -> Option<(String, String)> {
        let text = self.text()?;
        let (resource, number) = text.strip_prefix("gid://shopify/")?.split_once('/')?;
        (!number.trim().is_empty()).then(|| (resource.to_owned(), number.to_owned()))
    }

    /// Whether a GraphQL id names this resource; unknown when it is no such id.
    pub(crate) fn names(&self, resource: &str) -> Option<bool> {
        self.gid().map(|(named, _)| named == resource)
    }

    /// A word or two of the platform's own, such as a state or a code, without control characters.
    pub(crate) fn word(&self) -> Option<String> {
        let word = self.spelt()?;
        let plain = word.len() <= WORD_BYTES && !word.chars().any(char::is_control);
        plain.then(|| word.trim().to_owned())
    }

    /// A line of text, without control characters.
    pub(crate) fn line(&self) -> Option<String> {
        let line = self.text()?;
        let plain = line.len() <= LINE_BYTES && !line.chars().any(char::is_control);
        plain.then(|| line.into_owned())
    }

    /// What, followed by this word where there is one.
    pub(crate) fn after(&self, what: &str) -> String {
        self.word().map_or_else(|| what.to_owned(), |word| format!("{what} {word}"))
    }

    /// A decimal number without sign and exponent, digit for digit.
    pub(crate) fn decimal(&self) -> Option<Cow<'a, str>> {
        self.spelt().filter(|text| format::is_decimal(text))
    }

    /// A whole number of things.
    pub(crate) fn count(&self) -> Option<u64> {
        self.spelt()?.parse().ok()
    }

    /// True or false.
    pub(crate) fn flag(&self) -> Option<bool> {
        match self.0? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// True or false, spelt.
    pub(crate) fn flag_word(&self) -> Option<String> {
        self.flag().map(|flag| flag.to_string())
    }

    /// A time of RFC 3339.
    pub(crate) fn time(&self) -> Option<String> {
        self.text().filter(|text| format::is_time(text)).map(Cow::into_owned)
    }

    /// An ISO 4217 code, in upper case.
    pub(crate) fn currency(&self) -> Option<String> {
        self.text().filter(|text| format::is_letters(text, 3)).map(|text| text.to_ascii_uppercase())
    }

    /// An ISO 3166-1 alpha-2 code, in upper case.
    pub(crate) fn country(&self) -> Option<String> {
        self.text().filter(|text| format::is_letters(text, 2)).map(|text| text.to_ascii_uppercase())
    }

    /// An e-mail address.
    pub(crate) fn email(&self) -> Option<String> {
        self.text().filter(|text| format::is_email(text)).map(Cow::into_owned)
    }

    /// A telephone number in E.164 form; a number without its country is unknown.
    pub(crate) fn phone(&self) -> Option<String> {
        format::e164(&self.text()?)
    }

    /// A BCP 47 language tag.
    pub(crate) fn locale(&self) -> Option<String> {
        self.text().filter(|text| format::is_locale(text)).map(Cow::into_owned)
    }

    /// A host name in lower case.
    pub(crate) fn domain(&self) -> Option<String> {
        self.text().filter(|text| format::is_domain(text)).map(|text| text.to_ascii_lowercase())
    }

    /// An IP address of either version.
    pub(crate) fn ip(&self) -> Option<String> {
        self.text().filter(|text| text.parse::<IpAddr>().is_ok()).map(Cow::into_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(json: &str) -> Scalar<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn ids_survive_digit_for_digit() {
        let cases = [
            ("820982911946154508", Some("820982911946154508")),
            ("36893488147419103232", Some("36893488147419103232")),
            ("\"eeafa272\"", Some("eeafa272")),
            ("\"a\\u0062c\"", Some("abc")),
            ("8.2e17", None),
            ("12.5", None),
            ("-3", None),
            ("null", None),
            ("\"\"", None),
            ("\"two words\"", Some("two words")),
            ("\"\\u0000\"", None),
            ("[1]", None),
            ("{\"id\":1}", None),
            ("true", None),
        ];
        for (json, id) in cases {
            assert_eq!(scalar(json).id().as_deref(), id, "{json}");
        }
    }

    #[test]
    fn amounts_keep_their_spelling_and_nothing_else_is_an_amount() {
        let cases = [
            ("\"404.95\"", Some("404.95")),
            ("\"1000\"", Some("1000")),
            ("89.90", Some("89.90")),
            ("0", Some("0")),
            ("1e3", None),
            ("-5", None),
            ("\"1,000.00\"", None),
            ("\"example string\"", None),
            ("null", None),
        ];
        for (json, value) in cases {
            assert_eq!(scalar(json).decimal().as_deref(), value, "{json}");
        }
    }

    #[test]
    fn a_broken_escape_is_unknown() {
        assert_eq!(scalar("\"\\ud800\"").text(), None);
    }

    #[test]
    fn graphql_ids_name_their_resource() {
        assert_eq!(scalar("\"gid://shopify/Customer/1\"").names("Customer"), Some(true));
        assert_eq!(scalar("\"gid:\\/\\/shopify\\/Order\\/1\"").names("Customer"), Some(false));
        assert_eq!(scalar("\"https://www.example.com/\"").names("Customer"), None);
    }
}
