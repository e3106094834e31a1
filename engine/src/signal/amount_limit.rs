//! `AmountLimit`: an amount from which an organisation looks closer.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::event::{Money, MoneyError};

/// An amount from which the organisation looks closer, and which a scammer therefore stays below.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "Written")]
pub struct AmountLimit {
    /// ISO 4217 code, upper case.
    pub currency: String,
    /// More than 0; written as a decimal string.
    #[serde(with = "rust_decimal::serde::str")]
    #[schemars(with = "Decimal")]
    pub value: Decimal,
}

/// A limit as a document has it, before it is read.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// ISO 4217 code, such as `EUR`.
    currency: String,
    /// More than 0, as a decimal string such as `1000.00`.
    value: String,
}

impl TryFrom<Written> for AmountLimit {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        match Money::parse(&written.value, &written.currency) {
            Ok(Money { value, currency }) if !value.is_zero() => Ok(Self { currency, value }),
            Ok(_) => Err("`value` must be more than 0"),
            Err(MoneyError::Currency) => Err("`currency` must be an ISO 4217 code such as `EUR`"),
            Err(_) => Err("`value` must be a decimal string such as `900.00`, not negative"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn limits_are_read_exactly_or_refused() {
        let read = |document: Value| serde_json::from_value::<AmountLimit>(document);
        let limit = read(json!({"currency": "eur", "value": "1000.50"})).unwrap();
        assert_eq!(limit, AmountLimit { currency: "EUR".to_owned(), value: Decimal::new(100_050, 2) });
        assert_eq!(serde_json::to_value(&limit).unwrap(), json!({"currency": "EUR", "value": "1000.50"}));
        for (currency, value) in [("EURO", "1"), ("EUR", "0"), ("EUR", "-1"), ("EUR", "1e3"), ("EUR", "")] {
            assert!(read(json!({"currency": currency, "value": value})).is_err(), "{currency} {value}");
        }
        assert!(read(json!({"currency": "EUR", "value": 1000})).is_err());
    }
}
