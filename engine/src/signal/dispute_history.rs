//! `DISPUTE_HISTORY`: earlier payments were taken back.

use serde::{Deserialize, Serialize};

use super::step::{highest, steps};
use super::{Finding, Group, Mode, Signal, Step};
use crate::features::Features;

/// Points by number of disputes against the subject, the device or the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DisputeHistory {
    /// Whether it counts.
    pub mode: Mode,
    /// From so many disputes within 180 days on.
    pub from_count: Vec<Step>,
}

impl Default for DisputeHistory {
    fn default() -> Self {
        Self { mode: Mode::Live, from_count: steps([(1, 12), (3, 25)]) }
    }
}

impl Signal for DisputeHistory {
    fn code(&self) -> &'static str {
        "DISPUTE_HISTORY"
    }

    fn group(&self) -> Group {
        Group::Provider
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let count = features.history.disputes_180d;
        match highest(&self.from_count, |limit| count >= i64::from(limit)) {
            Some(step) => {
                let disputes = if count == 1 { "dispute" } else { "disputes" };
                Finding::hit(step.points, format!("{count} {disputes} within 180 days"))
            }
            None => Finding::Miss,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::history::History;
    use crate::signal::sample::{features, history, outline};

    #[test]
    fn more_disputes_weigh_more() {
        for (disputes_180d, points) in [(0, 0), (1, 12), (2, 12), (3, 25), (i64::MAX, 25)] {
            let history = History { disputes_180d, ..history() };
            let finding = DisputeHistory::default().judge(&features("order.created", json!({}), history));
            assert_eq!(outline(finding), Ok(points), "{disputes_180d}");
        }
    }
}
