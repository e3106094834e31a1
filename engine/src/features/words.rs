//! What of an attribute may stand in a snapshot.

use serde_json::Value;

use super::Fact;

/// Larger numbers are ids or telephone numbers rather than facts.
const NUMBER_MAX: f64 = 1e9;
/// Longer texts are sentences.
const WORD_MAX: usize = 40;

/// Numbers, booleans and plain words, also where they are written as text; anything else may be personal.
pub(super) fn fact(value: &Value) -> Option<Fact> {
    match value {
        Value::Bool(flag) => Some(Fact::Flag(*flag)),
        Value::Number(number) => number.as_f64().and_then(number_of),
        Value::String(text) => match text.as_str() {
            "true" => Some(Fact::Flag(true)),
            "false" => Some(Fact::Flag(false)),
            text => text.parse().ok().and_then(number_of).or_else(|| word(text)),
        },
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn number_of(number: f64) -> Option<Fact> {
    (number.abs() < NUMBER_MAX).then_some(Fact::Number(number))
}

/// Lower-case letters, and `_`, `-` or `.` between them: names of states, reasons and channels, no ids.
fn word(text: &str) -> Option<Fact> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-' | b'.');
    let is_word = (1..=WORD_MAX).contains(&text.len()) && text.bytes().all(plain);
    is_word.then(|| Fact::Word(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_numbers_flags_and_words_are_kept() {
        let table = [
            (json!(true), Some(Fact::Flag(true))),
            (json!("false"), Some(Fact::Flag(false))),
            (json!(0.85), Some(Fact::Number(0.85))),
            (json!("0.85"), Some(Fact::Number(0.85))),
            (json!(4_930_123_456_i64), None),
            (json!("NaN"), None),
            (json!("disabled"), Some(Fact::Word("disabled".to_owned()))),
            (json!("partially_refunded"), Some(Fact::Word("partially_refunded".to_owned()))),
            (json!("ana@example.com"), None),
            (json!("Ana Example"), None),
            (json!("pi_3MtwBwLkdIwHu7ix"), None),
            (json!(["a"]), None),
            (json!(null), None),
        ];
        for (value, expected) in table {
            assert_eq!(fact(&value), expected, "{value}");
        }
    }
}
