//! Stripe's amounts, whole numbers of a currency's minor unit, as decimal money.

use crate::bindings::exports::ase::connector::normalizer::Money;

/// Currencies whose amounts are whole units.
///
/// UGX stands on Stripe's list of zero-decimal currencies too, and ISK has no minor unit either, yet for both
/// the section "Special cases" of the same page asks for two decimals, for backwards compatibility: "to charge
/// 5 UGX, provide an `amount` value of `500`". So neither is listed here. HUF and TWD are special for payouts
/// alone and keep two decimals even there.
///
/// Source: <https://docs.stripe.com/currencies#zero-decimal> and
/// <https://docs.stripe.com/currencies#special-cases>.
const ZERO_DECIMAL: [&str; 15] =
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"];

/// Currencies whose amounts are thousandths.
///
/// Source: <https://docs.stripe.com/currencies#three-decimal>.
const THREE_DECIMAL: [&str; 5] = ["BHD", "JOD", "KWD", "OMR", "TND"];

/// The money that an amount of minor units stands for; none unless the currency is three letters.
pub(crate) fn money(minor: u64, currency: &str) -> Option<Money> {
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let currency = currency.to_ascii_uppercase();
    let value = if ZERO_DECIMAL.contains(&currency.as_str()) {
        minor.to_string()
    } else if THREE_DECIMAL.contains(&currency.as_str()) {
        format!("{}.{:03}", minor / 1000, minor % 1000)
    } else {
        format!("{}.{:02}", minor / 100, minor % 100)
    };
    Some(Money { value, currency })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_units_become_decimal_money() {
        let cases = [
            (1099, "usd", "10.99", "USD"),
            (5, "EUR", "0.05", "EUR"),
            (0, "usd", "0.00", "USD"),
            (500, "jpy", "500", "JPY"),
            (500, "mga", "500", "MGA"),
            (5124, "kwd", "5.124", "KWD"),
            (7, "bhd", "0.007", "BHD"),
            (500, "isk", "5.00", "ISK"),
            (500, "ugx", "5.00", "UGX"),
            (1045, "huf", "10.45", "HUF"),
            (80045, "twd", "800.45", "TWD"),
            (u64::MAX, "usd", "184467440737095516.15", "USD"),
        ];
        for (minor, currency, value, code) in cases {
            let money = money(minor, currency).unwrap();
            assert_eq!((money.value.as_str(), money.currency.as_str()), (value, code));
        }
    }

    #[test]
    fn an_odd_currency_makes_money_unknown() {
        for currency in ["", "us", "usdt", "u5d", "€€€", "***"] {
            assert!(money(100, currency).is_none(), "{currency:?}");
        }
    }
}
