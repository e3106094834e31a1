//! `BALANCE_DRAIN`: most of what there was leaves within a day.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::step::{highest, steps};
use super::{Finding, Group, Mode, Signal, Step};
use crate::event::Category;
use crate::features::Features;

/// Points by share of the balance that leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BalanceDrain {
    /// Whether it counts.
    pub mode: Mode,
    /// From so many per cent of the balance on that leave within 24 hours, this action included.
    pub from_percent: Vec<Step>,
}

impl Default for BalanceDrain {
    fn default() -> Self {
        Self { mode: Mode::Live, from_percent: steps([(50, 15), (80, 20)]) }
    }
}

impl Signal for BalanceDrain {
    fn code(&self) -> &'static str {
        "BALANCE_DRAIN"
    }

    fn group(&self) -> Group {
        Group::Amount
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        if !matches!(event.category(), Category::Payout | Category::Withdrawal) {
            return Finding::Miss;
        }
        let Some(amount) = &event.amount else { return Finding::Unknown { field: "action.amount" } };
        let comparable = |balance: &Decimal| balance.is_sign_positive() && !balance.is_zero();
        let balance = event.balance.as_ref().filter(|balance| balance.currency == amount.currency);
        let Some(balance) = balance.map(|balance| balance.value).filter(comparable) else {
            return Finding::Unknown { field: "action.balance" };
        };
        let leaving = history.outflow_24h.checked_add(amount.value).unwrap_or(Decimal::MAX);
        let reached = |percent| {
            balance.checked_mul(Decimal::new(i64::from(percent), 2)).is_some_and(|limit| leaving >= limit)
        };
        match highest(&self.from_percent, reached) {
            Some(step) => {
                let detail = format!("{} % or more of the balance leaves within 24 hours", step.limit);
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
    use crate::history::History;
    use crate::signal::sample::{event, history, outline};

    fn money(value: &str, currency: &str) -> Value {
        json!({"value": value, "currency": currency})
    }

    #[test]
    fn earlier_outflow_counts_towards_the_share() {
        let table = [
            ("499.99", "0", "1000", 0),
            ("500", "0", "1000", 15),
            ("200", "299.99", "1000", 0),
            ("200", "300", "1000", 15),
            ("200", "599.99", "1000", 15),
            ("200", "600", "1000", 20),
            ("900", "900", "1000", 20),
            ("0.01", "0", "70000000000000000000000000000", 0),
            ("70000000000000000000000000000", "70000000000000000000000000000", "0.01", 20),
        ];
        for (amount, outflow, balance, points) in table {
            let action = json!({"amount": money(amount, "EUR"), "balance": money(balance, "EUR")});
            let history = History { outflow_24h: outflow.parse().unwrap(), ..history() };
            let finding = BalanceDrain::default()
                .judge(&Features::new(&event("payout.created", json!({"action": action})), history));
            assert_eq!(outline(finding), Ok(points), "{amount} after {outflow} of {balance}");
        }
    }

    #[test]
    fn what_cannot_be_compared_is_unknown() {
        let unknown = Err("action.balance");
        let table = [
            ("payout.created", json!({}), Err("action.amount")),
            ("payout.created", json!({"amount": money("9", "EUR")}), unknown),
            ("payout.created", json!({"amount": money("9", "EUR"), "balance": money("9", "USD")}), unknown),
            ("transfer.created", json!({"amount": money("9", "EUR"), "balance": money("0", "EUR")}), unknown),
            ("order.created", json!({"amount": money("9", "EUR"), "balance": money("9", "EUR")}), Ok(0)),
        ];
        for (event_type, action, expected) in table {
            let event = event(event_type, json!({"action": action}));
            assert_eq!(
                outline(BalanceDrain::default().judge(&Features::new(&event, history()))),
                expected,
                "{event:?}"
            );
        }
    }
}
