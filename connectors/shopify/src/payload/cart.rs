//! What is being bought. Owns the sums over line items; one that cannot be read makes the sum unknown.

use serde::Deserialize;

use super::{
    decimal::Decimal,
    nested::{List, Nested},
    scalar::Scalar,
};

/// One of `line_items`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct LineItem<'a> {
    gift_card: Scalar<'a>,
    price: Scalar<'a>,
    quantity: Scalar<'a>,
}

impl LineItem<'_> {
    fn value(&self) -> Option<Decimal> {
        Decimal::of(self.price)?.times(self.quantity.count()?)
    }
}

impl List<Nested<LineItem<'_>>> {
    /// How many pieces, spelt.
    pub(super) fn item_count(&self) -> Option<String> {
        let add = |sum: u64, item: &Nested<LineItem<'_>>| sum.checked_add(item.get()?.quantity.count()?);
        let count = self.items().iter().try_fold(0, add)?;
        (count > 0).then(|| count.to_string())
    }

    /// The share of the items' value that is gift cards, as good as cash to a thief: `0.00` to `1.00`.
    pub(super) fn gift_card_share(&self) -> Option<String> {
        let mut all = Decimal::ZERO;
        let mut cards = Decimal::ZERO;
        for item in self.items() {
            let item = item.get()?;
            let value = item.value()?;
            all = all.plus(value)?;
            if item.gift_card.flag()? {
                cards = cards.plus(value)?;
            }
        }
        cards.share_of(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_unreadable_item_makes_the_sums_unknown() {
        let cases = [
            (
                r#"[{"gift_card":true,"price":"5.00","quantity":2},{"gift_card":false,"price":"10.00","quantity":1}]"#,
                Some("3"),
                Some("0.50"),
            ),
            (r#"[{"gift_card":true,"price":"example string","quantity":2}]"#, Some("2"), None),
            (r#"[{"gift_card":null,"price":"5.00","quantity":2}]"#, Some("2"), None),
            (r#"[{"gift_card":true,"price":"5.00","quantity":null}]"#, None, None),
            (r#"[{"gift_card":true,"price":"5.00","quantity":2},7]"#, None, None),
            ("[]", None, None),
            ("{}", None, None),
            ("null", None, None),
        ];
        for (json, count, share) in cases {
            let cart: List<Nested<LineItem<'_>>> = serde_json::from_str(json).unwrap();
            assert_eq!(cart.item_count().as_deref(), count, "{json}");
            assert_eq!(cart.gift_card_share().as_deref(), share, "{json}");
        }
    }
}
