//! From the body's bytes to its JSON object, in both forms that GitHub sends.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::bindings::exports::ase::connector::normalizer::{Delivery, Refusal};
use crate::{malformed, request};

/// Nesting beyond this is no webhook.
const DEEPEST: i32 = 64;
/// Characters of a text; GitHub's own names are far shorter.
const LONGEST: usize = 255;
/// The first whole number that a double cannot tell from its neighbour.
const INEXACT: f64 = 9_007_199_254_740_992.0;

/// The JSON of a delivery as text: the body itself, or the form field `payload`.
pub(crate) fn text(input: &Delivery) -> Result<String, Refusal> {
    let body = str::from_utf8(&input.body).map_err(|_not_text| malformed("the body is not UTF-8", ""))?;
    let kind = request::header(input, "content-type").unwrap_or_default().split(';').next();
    let is_form = kind
        .is_some_and(|kind| kind.trim_matches(' ').eq_ignore_ascii_case("application/x-www-form-urlencoded"));
    let text = if is_form { field(body)? } else { body.to_owned() };
    if is_too_deep(&text) {
        return Err(malformed(format!("the body is nested deeper than {DEEPEST}"), ""));
    }
    Ok(text)
}

/// The one field `payload` of a form (WHATWG URL, application/x-www-form-urlencoded).
fn field(form: &str) -> Result<String, Refusal> {
    let mut found = form.split('&').filter_map(|pair| pair.strip_prefix("payload="));
    let (Some(value), None) = (found.next(), found.next()) else {
        return Err(malformed("the form does not have exactly one field `payload`", ""));
    };
    decoded(value.as_bytes())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| malformed("the form field `payload` is not percent-encoded UTF-8", ""))
}

/// Plus is a space and `%XX` a byte; a percent sign that is no escape is an error.
fn decoded(value: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let (mut bytes, mut rest) = (Vec::with_capacity(value.len()), value);
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        bytes.push(match (first, after) {
            (b'%', [high, low, behind @ ..]) => {
                rest = behind;
                digit(*high)? << 4 | digit(*low)?
            }
            (b'%', _) => return None,
            (b'+', _) => b' ',
            (byte, _) => *byte,
        });
    }
    Some(bytes)
}

/// Whether brackets nest deeper than `DEEPEST`; those within strings do not count.
fn is_too_deep(text: &str) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => depth -= 1,
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// The members of a JSON object, each as it is written. What is missing or of another kind is absent; of a name that
/// is given twice the last one counts.
#[derive(Default)]
pub(crate) struct Object<'b>(BTreeMap<String, &'b RawValue>);

impl<'b> Object<'b> {
    /// The body, which has to be one.
    pub(crate) fn whole(text: &'b str) -> Result<Self, Refusal> {
        let raw: &RawValue =
            serde_json::from_str(text).map_err(|_no_json| malformed("the body is not JSON", ""))?;
        Self::of(raw).ok_or_else(|| malformed("the body is not a JSON object", ""))
    }

    fn of(raw: &'b RawValue) -> Option<Self> {
        serde_json::from_str(raw.get()).ok().map(Self)
    }

    /// A value as it is written.
    pub(crate) fn raw(&self, name: &str) -> Option<&'b str> {
        self.0.get(name).map(|raw| raw.get())
    }

    /// The object of this name; an empty one when there is none.
    pub(crate) fn object(&self, name: &str) -> Self {
        self.0.get(name).and_then(|raw| Self::of(raw)).unwrap_or_default()
    }

    /// A text of usual length with whole characters.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let text: String = serde_json::from_str(self.raw(name)?).ok()?;
        (1..=LONGEST).contains(&text.chars().count()).then_some(text)
    }

    /// A truth value as text.
    pub(crate) fn flag(&self, name: &str) -> Option<String> {
        self.raw(name).filter(|raw| matches!(*raw, "true" | "false")).map(str::to_owned)
    }

    /// A whole number as text. Beyond 2^53 other languages may read its neighbour, and nobody's id is better than
    /// another's.
    pub(crate) fn id(&self, name: &str) -> Option<String> {
        let number: f64 = serde_json::from_str(self.raw(name)?).ok()?;
        (number > 0.0 && number < INEXACT && number.fract() == 0.0).then(|| number.to_string())
    }

    /// The names of the members, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
