//! Numbers in metadata, written so that canonical JSON cannot round them.
//!
//! RFC 8785 writes every number as a double. Whole numbers beyond 2^53 would hash like their neighbours, so they
//! travel as text. The rule looks at the value, not at its type: a store may give `1e16` back as an integer.

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};
use serde_json::{Map, Number, Value};

/// 2^53: up to here a double holds every whole number.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// A value whose numbers are written exactly.
struct Exact<'a>(&'a Value);

pub(super) fn write<S: Serializer>(metadata: &Map<String, Value>, to: S) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(Some(metadata.len()))?;
    for (name, value) in metadata {
        map.serialize_entry(name, &Exact(value))?;
    }
    map.end()
}

impl Serialize for Exact<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(members) => write(members, to),
            Value::Array(items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Exact(item))?;
                }
                list.end()
            }
            Value::Number(number) => match large(number) {
                Some(text) => to.serialize_str(&text),
                None => number.serialize(to),
            },
            other => other.serialize(to),
        }
    }
}

/// All digits of a number from 2^53 on; `None` below.
fn large(number: &Number) -> Option<String> {
    let double = number.as_f64()?;
    if double.abs() < EXACT_MAX {
        return None;
    }
    // A double prints without exponent, as a store of exact decimals would.
    Some(if number.is_f64() { double.to_string() } else { number.to_string() })
}
