//! `GIFT_CARD_VALUE`: a scammer wants many codes or dear ones, and no present costs as much.
//!
//! It tells of coercion: the victim shops alone, on their own device, so that what is known of the device clears
//! nothing.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive as _;
use serde::{Deserialize, Serialize};

use super::gift_card_heavy::share;
use super::step::{highest, steps};
use super::{Finding, Group, Mode, Signal, Step};
use crate::features::Features;

/// Points by what the gift cards of an order are worth: its amount times the attribute `gift_card_share` (0 to 1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GiftCardValue {
    /// Whether it counts.
    pub mode: Mode,
    /// From so many whole units of the order's own currency on, whichever it is.
    pub from_value: Vec<Step>,
}

impl Default for GiftCardValue {
    fn default() -> Self {
        Self { mode: Mode::Live, from_value: steps([(100, 10), (200, 25)]) }
    }
}

impl Signal for GiftCardValue {
    fn code(&self) -> &'static str {
        "GIFT_CARD_VALUE"
    }

    fn group(&self) -> Group {
        Group::Coercion
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let share = match share(features) {
            Ok(0.0) => return Finding::Miss,
            Ok(share) => share,
            Err(finding) => return finding,
        };
        let Some(share) = Decimal::from_f64(share) else {
            return Finding::Unknown { field: "attributes.gift_card_share" };
        };
        let Some(amount) = &features.event.amount else { return Finding::Unknown { field: "action.amount" } };
        let value = amount.value.checked_mul(share).unwrap_or(Decimal::MAX);
        match highest(&self.from_value, |limit| value >= Decimal::from(limit)) {
            Some(step) => {
                let detail = format!("gift cards worth {} {} or more", step.limit, amount.currency);
                Finding::hit(step.points, detail)
            }
            None => Finding::Miss,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::signal::sample::{features, history, outline};

    fn order(value: &str, share: impl Into<Value>) -> Value {
        json!({
            "action": {"amount": {"value": value, "currency": "EUR"}},
            "attributes": {"gift_card_share": share.into()},
        })
    }

    #[test]
    fn what_the_cards_are_worth_counts_and_not_what_is_beside_them() {
        let unknown = Err("attributes.gift_card_share");
        let table = [
            ("order.created", order("99.99", 1), Ok(0)),
            ("order.created", order("100", 1), Ok(10)),
            ("order.created", order("199.99", "1"), Ok(10)),
            ("order.created", order("200", 1), Ok(25)),
            ("order.created", order("400", 0.5), Ok(25)),
            ("order.created", order("400", 0.49), Ok(10)),
            ("order.created", order("2000", 0), Ok(0)),
            ("order.created", order("79228162514264337593543950335", 1), Ok(25)),
            ("order.created", order("200", 80), unknown),
            ("order.created", order("200", -0.1), unknown),
            ("order.created", json!({"attributes": {"gift_card_share": 1}}), Err("action.amount")),
            ("order.created", json!({"action": {"amount": {"value": "500", "currency": "EUR"}}}), Ok(0)),
            ("payment.created", order("500", 1), Ok(0)),
        ];
        for (event_type, members, expected) in table {
            let finding = GiftCardValue::default().judge(&features(event_type, members.clone(), history()));
            assert_eq!(outline(finding), expected, "{event_type} {members}");
        }
    }
}
