//! `AMOUNT_UNUSUAL`: far more than the subject usually moves.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::step::{highest, steps};
use super::{Finding, Group, Mode, Signal, Step, read_points};
use crate::features::Features;
use crate::history::History;

/// Points by how far the amount lies above what is usual.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AmountUnusual {
    /// Whether it counts.
    pub mode: Mode,
    /// With fewer earlier amounts than this nothing is usual for the subject.
    pub needs_amounts: u32,
    /// For more than so many times the 95th percentile of the earlier amounts.
    pub above_times: Vec<Step>,
    /// Where nothing is usual for the subject: for more than the 95th percentile over all subjects of the organisation.
    #[serde(deserialize_with = "read_points")]
    pub above_org_points: i32,
}

impl Default for AmountUnusual {
    fn default() -> Self {
        Self {
            mode: Mode::Live,
            needs_amounts: 5,
            above_times: steps([(3, 15), (10, 25)]),
            above_org_points: 8,
        }
    }
}

impl AmountUnusual {
    fn judge_among_all(&self, value: Decimal, history: &History) -> Finding {
        match history.org_amount_p95 {
            None => Finding::Unknown { field: "history.amounts" },
            Some(usual) if value > usual => {
                Finding::hit(self.above_org_points, "more than 95 % of the amounts of all subjects")
            }
            Some(_) => Finding::Miss,
        }
    }
}

impl Signal for AmountUnusual {
    fn code(&self) -> &'static str {
        "AMOUNT_UNUSUAL"
    }

    fn group(&self) -> Group {
        Group::Amount
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        let Some(amount) = &event.amount else {
            return if event.carries_money() {
                Finding::Unknown { field: "action.amount" }
            } else {
                Finding::Miss
            };
        };
        let usual = history.amount_p95.filter(|_| history.amounts >= i64::from(self.needs_amounts));
        let Some(usual) = usual else { return self.judge_among_all(amount.value, history) };
        // A product too large for a decimal is larger than any amount.
        let above = |times| usual.checked_mul(Decimal::from(times)).is_some_and(|limit| amount.value > limit);
        match highest(&self.above_times, above) {
            Some(step) => {
                let detail = format!(
                    "more than {} times what 95 % of {} earlier amounts stay within",
                    step.limit, history.amounts
                );
                Finding::hit(step.points, detail)
            }
            None => Finding::Miss,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::signal::sample::{event, features, history, outline};

    #[test]
    fn amount_is_compared_with_earlier_ones() {
        let unknown = Err("history.amounts");
        let table = [
            ("300.00", 5, Some("100"), Ok(0)),
            ("300.01", 5, Some("100"), Ok(15)),
            ("1000", 5, Some("100"), Ok(15)),
            ("1000.01", 5, Some("100"), Ok(25)),
            ("0.01", 5, Some("0"), Ok(25)),
            ("0", 5, Some("0"), Ok(0)),
            ("9000", 4, Some("100"), unknown),
            ("9000", 0, None, unknown),
            ("70000000000000000000000000000", 5, Some("70000000000000000000000000000"), Ok(0)),
        ];
        for (value, amounts, p95, expected) in table {
            let amount_p95 = p95.map(|text| text.parse().unwrap());
            let history = History { amounts, amount_p95, ..history() };
            let event =
                event("order.created", json!({"action": {"amount": {"value": value, "currency": "EUR"}}}));
            assert_eq!(
                outline(AmountUnusual::default().judge(&Features::new(&event, history))),
                expected,
                "{value} {p95:?}"
            );
        }
    }

    #[test]
    fn with_few_amounts_of_its_own_a_subject_is_compared_with_all() {
        let unknown = Err("history.amounts");
        let table = [
            ("100", 4, Some("100"), Ok(0)),
            ("100.01", 4, Some("100"), Ok(8)),
            ("9000", 0, Some("100"), Ok(8)),
            ("9000", 4, None, unknown),
            ("40", 5, Some("30"), Ok(15)),
            ("30", 5, Some("20"), Ok(0)),
        ];
        for (value, amounts, org_p95, expected) in table {
            let org_amount_p95 = org_p95.map(|text| text.parse().unwrap());
            let amount_p95 = Some(Decimal::TEN);
            let history = History { amounts, amount_p95, org_amount_p95, ..history() };
            let members = json!({"action": {"amount": {"value": value, "currency": "EUR"}}});
            let finding = AmountUnusual::default().judge(&features("payout.created", members, history));
            assert_eq!(outline(finding), expected, "{value} {amounts} {org_p95:?}");
        }
    }

    #[test]
    fn missing_amount_is_unknown_only_where_money_moves() {
        let table = [
            ("payout.created", Err("action.amount")),
            ("transfer.created", Err("action.amount")),
            ("order.created", Err("action.amount")),
            ("payment.created", Err("action.amount")),
            ("login.succeeded", Ok(0)),
            ("password.reset", Ok(0)),
            ("dispute.created", Ok(0)),
        ];
        for (event_type, expected) in table {
            let finding =
                AmountUnusual::default().judge(&Features::new(&event(event_type, json!({})), history()));
            assert_eq!(outline(finding), expected, "{event_type}");
        }
    }
}
