//! `CREDENTIAL_RESET_THEN_MONEY`: whoever took over an account takes the money next.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, age, read_points};
use crate::event::Category;
use crate::features::Features;

/// Points for money that moves soon after a password, second factor or recovery changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CredentialResetThenMoney {
    /// Whether it counts.
    pub mode: Mode,
    /// What it adds.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
    /// For changes less than so many hours ago.
    pub below_hours: u32,
    /// The least order that counts as money, in whole units of its own currency, whichever it is.
    pub big_order_from: u32,
}

impl Default for CredentialResetThenMoney {
    fn default() -> Self {
        Self { mode: Mode::Live, points: 20, below_hours: 24, big_order_from: 500 }
    }
}

impl Signal for CredentialResetThenMoney {
    fn code(&self) -> &'static str {
        "CREDENTIAL_RESET_THEN_MONEY"
    }

    fn group(&self) -> Group {
        Group::Sequence
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        let hours = history.credential_changed_at.map(|changed| history.hours_since(changed));
        let Some(hours) = hours.filter(|hours| *hours < i64::from(self.below_hours)) else {
            return Finding::Miss;
        };
        let moves = match (event.category(), &event.amount) {
            (Category::Payout | Category::Withdrawal, _) => true,
            (Category::Order, None) => return Finding::Unknown { field: "action.amount" },
            (Category::Order, Some(amount)) => amount.value >= Decimal::from(self.big_order_from),
            _ => false,
        };
        if !moves {
            return Finding::Miss;
        }
        let detail = format!("a password, second factor or recovery changed {} ago", age::words(hours));
        Finding::hit(self.points, detail)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::history::History;
    use crate::signal::sample::{features, history, hours_ago, just_under, outline};

    fn money(value: &str) -> Value {
        json!({"action": {"amount": {"value": value, "currency": "EUR"}}})
    }

    #[test]
    fn money_after_a_change_of_credentials_weighs_for_a_day() {
        let (recent, day) = (Some(just_under(24)), Some(hours_ago(24)));
        let table = [
            ("payout.created", json!({}), None, Ok(0)),
            ("payout.created", json!({}), Some(hours_ago(-1)), Ok(20)),
            ("payout.created", json!({}), recent, Ok(20)),
            ("payout.created", json!({}), day, Ok(0)),
            ("transfer.created", money("1"), recent, Ok(20)),
            ("order.created", money("500"), recent, Ok(20)),
            ("order.created", money("499.99"), recent, Ok(0)),
            ("order.created", money("500"), day, Ok(0)),
            ("order.created", json!({}), recent, Err("action.amount")),
            ("order.created", json!({}), day, Ok(0)),
            ("payment.created", money("900"), recent, Ok(0)),
            ("password.reset", json!({}), recent, Ok(0)),
            ("login.succeeded", json!({}), recent, Ok(0)),
        ];
        for (event_type, members, credential_changed_at, expected) in table {
            let history = History { credential_changed_at, ..history() };
            let features = features(event_type, members.clone(), history);
            let finding = CredentialResetThenMoney::default().judge(&features);
            assert_eq!(outline(finding), expected, "{event_type} {members} {credential_changed_at:?}");
        }
    }
}
