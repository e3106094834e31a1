//! Adyen's amounts, whole numbers of a currency's minor unit, as decimal money.

use ase_connector_kit::Node;
use ase_connector_kit::money::minor;
use ase_connector_kit::wit::Money;

/// Currencies whose minor unit Adyen counts differently from ISO 4217.
///
/// Source: <https://docs.adyen.com/development-resources/currency-codes>, "differs from standard".
const EXCEPTIONS: [(&str, usize); 4] = [("CLP", 2), ("CVE", 0), ("IDR", 0), ("ISK", 2)];

/// The money of an `amount` object; none when either half is missing.
pub(crate) fn amount(node: &Node<'_>) -> Option<Money> {
    minor(node.whole("amount/value")?, &node.text("amount/currency")?, &EXCEPTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_are_adyens_own() {
        let cases = [
            ("EUR", "11.30"),
            ("CLP", "11.30"),
            ("ISK", "11.30"),
            ("IDR", "1130"),
            ("CVE", "1130"),
            ("JPY", "1130"),
        ];
        for (currency, value) in cases {
            let body = format!(r#"{{"amount":{{"value":1130,"currency":"{currency}"}}}}"#);
            assert_eq!(amount(&Node::object(body.as_bytes()).unwrap()).unwrap().value, value, "{currency}");
        }
        for body in [
            r#"{"amount":{"value":-5,"currency":"EUR"}}"#,
            r#"{"amount":{"value":1.5,"currency":"EUR"}}"#,
            "{}",
        ] {
            assert_eq!(amount(&Node::object(body.as_bytes()).unwrap()), None, "{body}");
        }
    }
}
