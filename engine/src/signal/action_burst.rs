//! `ACTION_BURST`: many sensitive actions within an hour.

use serde::{Deserialize, Serialize};

use super::step::{highest, steps};
use super::{Finding, Group, Mode, Signal, Step};
use crate::features::Features;

/// Points by number of sensitive actions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ActionBurst {
    /// Whether it counts.
    pub mode: Mode,
    /// From so many sensitive actions within one hour on, this one included.
    pub from_count: Vec<Step>,
}

impl Default for ActionBurst {
    fn default() -> Self {
        Self { mode: Mode::Live, from_count: steps([(3, 10), (6, 20)]) }
    }
}

impl Signal for ActionBurst {
    fn code(&self) -> &'static str {
        "ACTION_BURST"
    }

    fn group(&self) -> Group {
        Group::Velocity
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        if !event.is_sensitive() {
            return Finding::Miss;
        }
        let count = history.sensitive_1h.saturating_add(1);
        match highest(&self.from_count, |limit| count >= i64::from(limit)) {
            Some(step) => Finding::hit(step.points, format!("{count} sensitive actions within one hour")),
            None => Finding::Miss,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::history::History;
    use crate::signal::sample::{event, history, outline};

    #[test]
    fn this_action_counts_among_the_sensitive_ones() {
        let table = [
            ("payout.created", 0, 0),
            ("payout.created", 1, 0),
            ("payout.created", 2, 10),
            ("password.reset", 4, 10),
            ("account.email_changed", 5, 20),
            ("transfer.created", i64::MAX, 20),
            ("order.created", 5, 0),
            ("login.succeeded", 5, 0),
        ];
        for (event_type, sensitive_1h, points) in table {
            let history = History { sensitive_1h, ..history() };
            let finding =
                ActionBurst::default().judge(&Features::new(&event(event_type, json!({})), history));
            assert_eq!(outline(finding), Ok(points), "{event_type} after {sensitive_1h}");
        }
    }
}
