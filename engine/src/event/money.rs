//! `Money`: an exact decimal amount and its currency.

use std::str::FromStr as _;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An amount of money; amounts of different currencies are never compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Exact, not negative; written as a decimal string.
    #[serde(with = "rust_decimal::serde::str")]
    pub value: Decimal,
    /// ISO 4217 code, upper case.
    pub currency: String,
}

/// Why a text is no amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// Not a plain decimal number.
    #[error("must be a decimal string such as `900.00`")]
    Value,
    /// Below zero.
    #[error("must not be negative")]
    Negative,
    /// Not three letters.
    #[error("must be an ISO 4217 code such as `EUR`")]
    Currency,
}

impl Money {
    /// Reads a decimal string (digits and at most one point; up to 28 digits) and an ISO 4217 code in any case.
    ///
    /// # Errors
    /// [`MoneyError`] names what is wrong.
    pub fn parse(value: &str, currency: &str) -> Result<Self, MoneyError> {
        if value.is_empty() || value.len() > 30 || !value.bytes().all(is_decimal_byte) {
            return Err(MoneyError::Value);
        }
        let value = Decimal::from_str(value).or(Err(MoneyError::Value))?;
        if value.is_sign_negative() && !value.is_zero() {
            return Err(MoneyError::Negative);
        }
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(MoneyError::Currency);
        }
        Ok(Self { value, currency: currency.to_ascii_uppercase() })
    }
}

fn is_decimal_byte(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'.' | b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly_or_refused() {
        assert_eq!(Money::parse("900.00", "eur").unwrap().value.to_string(), "900.00");
        assert_eq!(Money::parse("0", "JPY").unwrap().currency, "JPY");
        let refused = [
            ("", "EUR", MoneyError::Value),
            ("1e3", "EUR", MoneyError::Value),
            ("1,000", "EUR", MoneyError::Value),
            ("NaN", "EUR", MoneyError::Value),
            ("1.2.3", "EUR", MoneyError::Value),
            ("-1", "EUR", MoneyError::Negative),
            ("1", "EURO", MoneyError::Currency),
            ("1", "E1R", MoneyError::Currency),
            ("99999999999999999999999999999999", "EUR", MoneyError::Value),
        ];
        for (value, currency, error) in refused {
            assert_eq!(Money::parse(value, currency), Err(error), "{value} {currency}");
        }
    }
}
