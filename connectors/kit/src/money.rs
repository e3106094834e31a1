//! Amounts of money as decimal text. No float ever touches one.

use crate::wit::Money;

/// Currencies of ISO 4217 (list one) whose minor unit is not a hundredth, by their number of decimals.
const DECIMALS: [(usize, &[&str]); 3] = [
    (
        0,
        &[
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
            "XAF", "XOF", "XPF",
        ],
    ),
    (3, &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]),
    (4, &["CLF", "UYW"]),
];

/// Digits beyond this are no amount of money, and no decimal type would hold them.
const DIGITS: usize = 24;

/// A three-letter code in upper case.
#[must_use]
pub fn currency(text: &str) -> Option<String> {
    let letters = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    letters.then(|| text.to_ascii_uppercase())
}

/// Decimals of a currency; `exceptions` are those that a provider counts differently from ISO 4217.
fn decimals(currency: &str, exceptions: &[(&str, usize)]) -> usize {
    let own = exceptions.iter().find(|(code, _)| *code == currency).map(|(_, count)| *count);
    let iso = || DECIMALS.iter().find(|(_, codes)| codes.contains(&currency)).map(|(count, _)| *count);
    own.or_else(iso).unwrap_or(2)
}

/// The money that a whole number of minor units stands for; none unless the currency is three letters.
#[must_use]
pub fn minor(units: u64, code: &str, exceptions: &[(&str, usize)]) -> Option<Money> {
    let currency = currency(code)?;
    let decimals = decimals(&currency, exceptions);
    let digits = format!("{units:0>width$}", width = decimals + 1);
    let (whole, fraction) = digits.split_at_checked(digits.len().checked_sub(decimals)?)?;
    let value = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
    Some(Money { value, currency })
}

/// The money that a decimal text stands for; none for signs, exponents, separators and words.
#[must_use]
pub fn decimal(text: &str, code: &str) -> Option<Money> {
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let plain = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    (plain(whole) && plain(fraction) && text.len() <= DIGITS).then_some(())?;
    Some(Money { value: text.to_owned(), currency: currency(code)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_units_become_decimal_money() {
        let cases = [
            (1099, "usd", "10.99"),
            (5, "EUR", "0.05"),
            (0, "usd", "0.00"),
            (500, "jpy", "500"),
            (0, "JPY", "0"),
            (5124, "kwd", "5.124"),
            (7, "bhd", "0.007"),
            (12, "clf", "0.0012"),
            (500, "XXQ", "50.0"),
            (u64::MAX, "usd", "184467440737095516.15"),
        ];
        for (units, code, value) in cases {
            let money = minor(units, code, &[("XXQ", 1)]).unwrap();
            assert_eq!((money.value, money.currency), (value.to_owned(), code.to_ascii_uppercase()));
        }
        for code in ["", "us", "usdt", "u5d", "€€€", "***"] {
            assert!(minor(100, code, &[]).is_none(), "{code:?}");
        }
    }

    #[test]
    fn only_plain_decimals_are_money() {
        for text in ["29.35", "0", "1000.00", "007.5"] {
            assert_eq!(decimal(text, "eur").map(|money| money.value).as_deref(), Some(text));
        }
        for text in
            ["", ".", "1.", ".5", "-1.00", "+1", "1e3", "1,00", "1.0.0", "NaN", "1 000", &"9".repeat(25)]
        {
            assert_eq!(decimal(text, "EUR"), None, "{text:?}");
        }
    }
}
