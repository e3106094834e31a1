//! `ACTION_SENSITIVE`: what a scammer wants done starts above zero.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, read_points};
use crate::event::Category;
use crate::features::{Facts, Features};

/// Points by kind of action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ActionSensitive {
    /// Whether it counts.
    pub mode: Mode,
    /// For a payout or a change of its destination.
    #[serde(deserialize_with = "read_points")]
    pub payout: i32,
    /// For a withdrawal or transfer.
    #[serde(deserialize_with = "read_points")]
    pub withdrawal: i32,
    /// For a change of e-mail, phone or address.
    #[serde(deserialize_with = "read_points")]
    pub contact: i32,
    /// For a change of password, second factor or recovery.
    #[serde(deserialize_with = "read_points")]
    pub credential: i32,
    /// For an order of at least `big_order_from`.
    #[serde(deserialize_with = "read_points")]
    pub big_order: i32,
    /// Whole units of the order's own currency, whichever it is.
    pub big_order_from: u32,
}

impl Default for ActionSensitive {
    fn default() -> Self {
        Self {
            mode: Mode::Live,
            payout: 15,
            withdrawal: 15,
            contact: 12,
            credential: 10,
            big_order: 5,
            big_order_from: 500,
        }
    }
}

impl ActionSensitive {
    fn judge_order(&self, event: &Facts) -> Finding {
        match &event.amount {
            None => Finding::Unknown { field: "action.amount" },
            Some(amount) if amount.value >= Decimal::from(self.big_order_from) => Finding::hit(
                self.big_order,
                format!("an order of {} {} or more", self.big_order_from, amount.currency),
            ),
            Some(_) => Finding::Miss,
        }
    }
}

impl Signal for ActionSensitive {
    fn code(&self) -> &'static str {
        "ACTION_SENSITIVE"
    }

    fn group(&self) -> Group {
        Group::Action
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let event = &features.event;
        match event.category() {
            Category::Payout => Finding::hit(self.payout, "a payout, or a change of where payouts go"),
            Category::Withdrawal => Finding::hit(self.withdrawal, "money leaves the account"),
            Category::Credential => {
                Finding::hit(self.credential, "a password, second factor or recovery changes")
            }
            _ if event.changes_contact() => Finding::hit(self.contact, "an e-mail, phone or address changes"),
            Category::Order => self.judge_order(event),
            _ => Finding::Miss,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::signal::sample::{event, history, outline};

    fn order(value: &str) -> Value {
        json!({"action": {"amount": {"value": value, "currency": "EUR"}}})
    }

    #[test]
    fn kinds_of_action_weigh_differently() {
        let table = [
            ("payout.created", json!({}), Ok(15)),
            ("transfer.created", json!({}), Ok(15)),
            ("account.email_changed", json!({}), Ok(12)),
            ("customer.updated", json!({"changes": [{"field": "email"}]}), Ok(12)),
            ("customer.updated", json!({"changes": [{"field": "tags"}]}), Ok(0)),
            ("password.reset", json!({}), Ok(10)),
            ("order.created", order("500"), Ok(5)),
            ("order.created", order("499.99"), Ok(0)),
            ("order.created", json!({}), Err("action.amount")),
            ("payment.created", order("900"), Ok(0)),
            ("login.succeeded", json!({}), Ok(0)),
        ];
        for (event_type, members, expected) in table {
            let finding = ActionSensitive::default()
                .judge(&Features::new(&event(event_type, members.clone()), history()));
            assert_eq!(outline(finding), expected, "{event_type} {members}");
        }
    }
}
