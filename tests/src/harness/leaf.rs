//! The leaf hash of an audit entry, worked out from the public description alone: RFC 8785 and RFC 6962, written
//! here a second time so that a mistake in the product's own cannot hide.

use std::fmt::Write as _;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// `SHA-256(0x00 ‖ canonical JSON)` of an entry as the API shows it, its `leaf_hash` left out, in hex.
#[must_use]
pub fn leaf_hash(shown: &Value) -> String {
    let mut entry = shown.as_object().expect("an entry is an object").clone();
    entry.remove("leaf_hash");
    let mut canonical = String::new();
    write_object(&entry, &mut canonical);
    let digest = Sha256::new().chain_update([0]).chain_update(canonical).finalize();
    data_encoding::HEXLOWER.encode(&digest)
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => {
            // what a double cannot hold is written as text by the product; fractions do not occur
            let whole = number.as_i64().expect("a whole number");
            assert!(whole.unsigned_abs() <= 1 << 53, "{whole} is beyond what every reader keeps");
            out.push_str(&whole.to_string());
        }
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                out.push_str(if place == 0 { "" } else { "," });
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(object) => write_object(object, out),
    }
}

/// Members in the order of their names' UTF-16 code units (RFC 8785 section 3.2.3).
fn write_object(object: &Map<String, Value>, out: &mut String) {
    let mut names: Vec<&String> = object.keys().collect();
    names.sort_by_key(|name| name.encode_utf16().collect::<Vec<u16>>());
    out.push('{');
    for (place, name) in names.into_iter().enumerate() {
        out.push_str(if place == 0 { "" } else { "," });
        write_text(name, out);
        out.push(':');
        write(&object[name], out);
    }
    out.push('}');
}

/// RFC 8785 section 3.2.2.2: the two-character escapes where they exist, `\u00xx` for other controls, all else as is.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => write!(out, "\\u{:04x}", u32::from(c)).expect("a string takes every write"),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_sorted_and_text_is_escaped_as_rfc_8785_shows() {
        let value = serde_json::json!({"\u{20ac}": 1, "\r": 2, "1": [true, null], "\u{1f600}": "\u{f}\n\"\\/", "\u{fb33}": {}});
        let mut out = String::new();
        write(&value, &mut out);
        assert_eq!(
            out,
            "{\"\\r\":2,\"1\":[true,null],\"\u{20ac}\":1,\"\u{1f600}\":\"\\u000f\\n\\\"\\\\/\",\"\u{fb33}\":{}}"
        );
    }
}
