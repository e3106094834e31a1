//! `NEAR_LIMIT`: amounts that stay just below what would be looked at.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{AmountLimit, Finding, Group, Mode, Signal, read_points};
use crate::features::Features;

/// Points for amounts just below a limit of the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NearLimit {
    /// Whether it counts.
    pub mode: Mode,
    /// What it adds.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
    /// The limits; amounts of a currency without one are not judged.
    pub limits: Vec<AmountLimit>,
    /// Just below: less than the limit by at most so many per cent of it.
    pub within_percent: u32,
    /// So many such amounts of the same category within 7 days count even where this amount, which is among those
    /// counted, is not one of them; 0 for never.
    pub from_count_7d: u32,
}

impl Default for NearLimit {
    fn default() -> Self {
        Self { mode: Mode::Live, points: 5, limits: Vec::new(), within_percent: 5, from_count_7d: 3 }
    }
}

impl NearLimit {
    fn is_near(&self, value: Decimal, currency: &str) -> bool {
        let share = Decimal::new(100 - i64::from(self.within_percent.min(100)), 2);
        let near =
            |limit: Decimal| value < limit && limit.checked_mul(share).is_some_and(|from| value >= from);
        self.limits.iter().any(|limit| limit.currency == currency && near(limit.value))
    }
}

impl Signal for NearLimit {
    fn code(&self) -> &'static str {
        "NEAR_LIMIT"
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
            let asked = event.carries_money() && !self.limits.is_empty();
            return if asked { Finding::Unknown { field: "action.amount" } } else { Finding::Miss };
        };
        let is_near = |value: &Decimal| self.is_near(*value, &amount.currency);
        let this = is_near(&amount.value);
        let count = history.amounts_7d.iter().filter(|value| is_near(value)).count() + usize::from(this);
        if self.from_count_7d > 0 && u32::try_from(count).is_ok_and(|count| count >= self.from_count_7d) {
            return Finding::hit(
                self.points,
                format!("{count} amounts within 7 days lie just below a limit"),
            );
        }
        if this {
            return Finding::hit(self.points, format!("at most {} % below a limit", self.within_percent));
        }
        Finding::Miss
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::history::History;
    use crate::signal::sample::{features, history, outline};

    fn signal() -> NearLimit {
        let limit = |value: &str| AmountLimit { currency: "EUR".to_owned(), value: value.parse().unwrap() };
        NearLimit { limits: vec![limit("1000"), limit("5000")], ..NearLimit::default() }
    }

    fn money(value: &str, currency: &str) -> Value {
        json!({"action": {"amount": {"value": value, "currency": currency}}})
    }

    #[test]
    fn amount_just_below_a_limit_counts() {
        let table = [
            ("949.99", 0),
            ("950", 5),
            ("999.99", 5),
            ("1000", 0),
            ("1000.01", 0),
            ("4749.99", 0),
            ("4750", 5),
            ("0", 0),
        ];
        for (value, points) in table {
            let finding = signal().judge(&features("payout.created", money(value, "EUR"), history()));
            assert_eq!(outline(finding), Ok(points), "{value}");
        }
    }

    #[test]
    fn three_such_amounts_within_a_week_count() {
        let table: [(&str, &[&str], i32, &str); 5] = [
            ("20", &["990", "4800"], 0, ""),
            ("20", &["990", "10", "4800", "960"], 5, "3 amounts"),
            ("990", &["20", "970", "960"], 5, "3 amounts"),
            ("990", &["970"], 5, "at most"),
            ("990", &[], 5, "at most"),
        ];
        for (value, earlier, points, words) in table {
            let amounts_7d = earlier.iter().map(|text| text.parse().unwrap()).collect();
            let history = History { amounts_7d, ..history() };
            let finding = signal().judge(&features("payout.created", money(value, "EUR"), history));
            if let Finding::Hit { detail, .. } = &finding {
                assert!(detail.contains(words), "{detail}");
            }
            assert_eq!(outline(finding), Ok(points), "{value} after {earlier:?}");
        }
    }

    #[test]
    fn nothing_is_near_without_a_limit_of_its_currency() {
        let table = [
            (signal(), "payout.created", money("990", "USD"), Ok(0)),
            (NearLimit::default(), "payout.created", money("990", "EUR"), Ok(0)),
            (NearLimit::default(), "payout.created", json!({}), Ok(0)),
            (signal(), "payout.created", json!({}), Err("action.amount")),
            (signal(), "login.succeeded", json!({}), Ok(0)),
        ];
        for (signal, event_type, members, expected) in table {
            let finding = signal.judge(&features(event_type, members.clone(), history()));
            assert_eq!(outline(finding), expected, "{event_type} {members}");
        }
    }
}
