//! `GIFT_CARD_HEAVY`: gift cards are how a guided person pays a scammer.

use serde::{Deserialize, Serialize};

use super::step::{highest, steps};
use super::{Finding, Group, Mode, Signal, Step};
use crate::event::Category;
use crate::features::Features;

/// Points by share of gift cards in an order, as the attribute `gift_card_share` (0 to 1) tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GiftCardHeavy {
    /// Whether it counts.
    pub mode: Mode,
    /// From so many per cent of the order on.
    pub from_percent: Vec<Step>,
}

impl Default for GiftCardHeavy {
    fn default() -> Self {
        Self { mode: Mode::Live, from_percent: steps([(50, 8), (80, 12)]) }
    }
}

impl Signal for GiftCardHeavy {
    fn code(&self) -> &'static str {
        "GIFT_CARD_HEAVY"
    }

    fn group(&self) -> Group {
        Group::Amount
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let share = match share(features) {
            Ok(share) => share,
            Err(finding) => return finding,
        };
        match highest(&self.from_percent, |percent| share >= f64::from(percent) / 100.0) {
            Some(step) => {
                Finding::hit(step.points, format!("{} % or more of the order is gift cards", step.limit))
            }
            None => Finding::Miss,
        }
    }
}

/// The share of gift cards in an order, or what is found where there is none to judge.
pub(super) fn share(features: &Features) -> Result<f64, Finding> {
    let event = &features.event;
    if event.category() != Category::Order {
        return Err(Finding::Miss);
    }
    let share = event.number("gift_card_share").ok_or(Finding::Miss)?;
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else {
        Err(Finding::Unknown { field: "attributes.gift_card_share" })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::signal::sample::{features, history, outline};

    #[test]
    fn larger_shares_weigh_more() {
        let unknown = Err("attributes.gift_card_share");
        let table = [
            ("order.created", json!({}), Ok(0)),
            ("order.created", json!({"gift_card_share": "most"}), Ok(0)),
            ("order.created", json!({"gift_card_share": 0}), Ok(0)),
            ("order.created", json!({"gift_card_share": 0.499}), Ok(0)),
            ("order.created", json!({"gift_card_share": 0.5}), Ok(8)),
            ("order.created", json!({"gift_card_share": "0.799"}), Ok(8)),
            ("order.created", json!({"gift_card_share": 0.8}), Ok(12)),
            ("order.created", json!({"gift_card_share": 1}), Ok(12)),
            ("order.created", json!({"gift_card_share": 80}), unknown),
            ("order.created", json!({"gift_card_share": -0.1}), unknown),
            ("payment.created", json!({"gift_card_share": 1}), Ok(0)),
        ];
        for (event_type, attributes, expected) in table {
            let members = json!({"attributes": attributes});
            let finding = GiftCardHeavy::default().judge(&features(event_type, members.clone(), history()));
            assert_eq!(outline(finding), expected, "{event_type} {members}");
        }
    }

    #[test]
    fn share_in_hundredths_reaches_the_same_number_of_per_cent() {
        for percent in 0..=100 {
            let signal = GiftCardHeavy { from_percent: steps([(percent, 8)]), ..GiftCardHeavy::default() };
            let share = format!("{}.{:02}", percent / 100, percent % 100);
            let members = json!({"attributes": {"gift_card_share": share}});
            assert_eq!(
                outline(signal.judge(&features("order.created", members, history()))),
                Ok(8),
                "{share}"
            );
        }
    }
}
