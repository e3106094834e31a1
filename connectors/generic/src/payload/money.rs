//! Amounts of money as decimal text. No float ever touches one.

use crate::wit::Money;

/// Currencies of ISO 4217 whose minor unit is not a hundredth, with their number of decimals.
const DECIMALS: [(&str, &[&str]); 3] = [
    (
        "",
        &[
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
            "XAF", "XOF", "XPF",
        ],
    ),
    ("000", &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]),
    ("0000", &["CLF", "UYW"]),
];

/// Digits beyond this are no amount of money, and no decimal type would hold them.
const LONGEST: usize = 24;

/// An amount of both parts, when both can be read.
pub(crate) fn money(value: Option<&str>, currency_code: Option<&str>) -> Option<Money> {
    Some(Money { value: decimal(value?)?, currency: currency(currency_code?)? })
}

/// A three-letter code in upper case.
pub(crate) fn currency(text: &str) -> Option<String> {
    let text = text.trim();
    (text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .then(|| text.to_ascii_uppercase())
}

/// A plain decimal such as `-12.50`; `None` for exponents, separators and words.
pub(crate) fn decimal(text: &str) -> Option<String> {
    let text = text.trim();
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    (is_digits(whole) && is_digits(fraction) && unsigned.len() <= LONGEST).then(|| text.to_owned())
}

/// Minor units to a decimal, by the decimals of the currency: `1999` in EUR is `19.99`, in JPY `1999`.
pub(crate) fn from_minor(text: &str, currency: &str) -> Option<String> {
    let text = decimal(text)?;
    let (sign, unsigned) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (units, rest) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    if rest.bytes().any(|byte| byte != b'0') {
        return None;
    }
    let zeros = DECIMALS.iter().find(|(_, codes)| codes.contains(&currency)).map_or("00", |(zeros, _)| zeros);
    let padded = format!("{zeros}{units}");
    let (whole, fraction) = padded.split_at_checked(padded.len().checked_sub(zeros.len())?)?;
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_units_follow_the_currency() {
        let cases = [
            ("88000", "EUR", Some("880.00")),
            ("5", "USD", Some("0.05")),
            ("0", "USD", Some("0.00")),
            ("-1250", "USD", Some("-12.50")),
            ("1999", "JPY", Some("1999")),
            ("12345", "KWD", Some("12.345")),
            ("88000.0", "EUR", Some("880.00")),
            ("880.5", "EUR", None),
            ("1e3", "EUR", None),
            ("", "EUR", None),
        ];
        for (units, currency, expected) in cases {
            assert_eq!(from_minor(units, currency).as_deref(), expected, "{units} {currency}");
        }
    }

    #[test]
    fn only_a_plain_decimal_is_an_amount() {
        for wrong in ["", "1,000.00", "1e3", ".5", "5.", "abc", "NaN", "--1", "+1", "1 000", "1.2.3"] {
            assert_eq!(decimal(wrong), None, "{wrong}");
        }
        assert_eq!(money(Some("10.00"), Some("eur")).unwrap().currency, "EUR");
        assert!(money(Some("10.00"), None).is_none() && money(Some("10"), Some("EURO")).is_none());
    }
}
