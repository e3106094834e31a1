//! `EARLY_FRAUD_WARNING`: the bank of a cardholder reported a payment as fraud.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, age, read_points};
use crate::features::Features;
use crate::mark::Mark;

/// Points for a warning about the subject, the device or the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EarlyFraudWarning {
    /// Whether it counts.
    pub mode: Mode,
    /// What it adds.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
    /// For warnings less than so many days ago; what lies more than 180 days back is not known.
    pub below_days: u32,
}

impl Default for EarlyFraudWarning {
    fn default() -> Self {
        Self { mode: Mode::Live, points: 40, below_days: 90 }
    }
}

impl Signal for EarlyFraudWarning {
    fn code(&self) -> &'static str {
        "EARLY_FRAUD_WARNING"
    }

    fn group(&self) -> Group {
        Group::Provider
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        if Mark::of(&event.event_type) == Some(Mark::FraudWarning) {
            return Finding::hit(self.points, "a payment is reported as fraud");
        }
        let hours = history.fraud_warning_at.map(|warned| history.hours_since(warned));
        match hours.filter(|hours| *hours < i64::from(self.below_days) * 24) {
            Some(hours) => Finding::hit(
                self.points,
                format!("a payment was reported as fraud {} ago", age::words(hours)),
            ),
            None => Finding::Miss,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::history::History;
    use crate::signal::sample::{features, history, hours_ago, just_under, outline};

    #[test]
    fn warning_weighs_for_ninety_days() {
        let table = [
            ("order.created", None, 0),
            ("order.created", Some(hours_ago(0)), 40),
            ("login.succeeded", Some(just_under(90 * 24)), 40),
            ("order.created", Some(hours_ago(90 * 24)), 0),
            ("fraud_warning.created", None, 40),
            ("fraud_warning.created", Some(hours_ago(90 * 24)), 40),
            ("fraud_warning.updated", None, 0),
        ];
        for (event_type, fraud_warning_at, points) in table {
            let history = History { fraud_warning_at, ..history() };
            let finding = EarlyFraudWarning::default().judge(&features(event_type, json!({}), history));
            assert_eq!(outline(finding), Ok(points), "{event_type} {fraud_warning_at:?}");
        }
    }
}
