//! Plain scalars by the core schema of YAML 1.2: `no` and `on` are text, as is a date.

use serde_json::{Number, Value};

/// The value of an unquoted scalar.
///
/// # Errors
/// What is wrong with a number that JSON cannot hold.
pub(super) fn plain(text: &str) -> Result<Value, &'static str> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "true" | "True" | "TRUE" => return Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Value::Bool(false)),
        ".nan" | ".NaN" | ".NAN" => return Err("must be a finite number"),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Err("must be a finite number");
    }
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix).filter(|digits| are_digits(digits, radix)) {
            let number = i64::from_str_radix(digits, radix).or(Err("is too large a number"))?;
            return Ok(number.into());
        }
    }
    if are_digits(unsigned, 10) {
        return text.parse::<i64>().map(Value::from).or(Err("is too large a number"));
    }
    if is_float(unsigned) {
        let number = text.parse::<f64>().ok().and_then(Number::from_f64);
        return number.map(Value::Number).ok_or("must be a finite number");
    }
    Ok(text.into())
}

fn are_digits(text: &str, radix: u32) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_digit(radix))
}

/// `.5`, `1.`, `1.5`, `1e3` and `1.5e-3`, without their sign.
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['-', '+']).unwrap_or(exponent));
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| are_digits(exponent, 10))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn scalars_are_those_of_the_core_schema() {
        let table = [
            ("", json!(null)),
            ("~", json!(null)),
            ("True", json!(true)),
            ("no", json!("no")),
            ("on", json!("on")),
            ("2026-11-22", json!("2026-11-22")),
            ("12:30:45", json!("12:30:45")),
            ("1_000", json!("1_000")),
            ("0", json!(0)),
            ("-7", json!(-7)),
            ("+7", json!(7)),
            ("007", json!(7)),
            ("0o17", json!(15)),
            ("0x1F", json!(31)),
            ("0b1", json!("0b1")),
            ("-0x1", json!("-0x1")),
            ("1.5", json!(1.5)),
            (".5", json!(0.5)),
            ("-1.", json!(-1.0)),
            ("1e3", json!(1000.0)),
            ("1.5E-1", json!(0.15)),
            (".", json!(".")),
            ("-", json!("-")),
            ("1e", json!("1e")),
            ("e3", json!("e3")),
            ("1.2.3", json!("1.2.3")),
        ];
        for (text, value) in table {
            assert_eq!(plain(text), Ok(value), "{text}");
        }
        for text in [".inf", "-.inf", ".nan", "1e999", "99999999999999999999", "0xffffffffffffffff"] {
            assert!(plain(text).is_err(), "{text}");
        }
    }
}
