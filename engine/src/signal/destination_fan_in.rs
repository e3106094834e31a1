//! `DESTINATION_FAN_IN`: many victims pay into one account.

use serde::{Deserialize, Serialize};

use super::step::{highest, steps};
use super::{Finding, Group, Mode, Signal, Step};
use crate::event::Category;
use crate::features::Features;

/// Points by number of other subjects that sent to the destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DestinationFanIn {
    /// Whether it counts.
    pub mode: Mode,
    /// From so many other subjects within 7 days on.
    pub from_subjects: Vec<Step>,
}

impl Default for DestinationFanIn {
    fn default() -> Self {
        Self { mode: Mode::Live, from_subjects: steps([(3, 20)]) }
    }
}

impl Signal for DestinationFanIn {
    fn code(&self) -> &'static str {
        "DESTINATION_FAN_IN"
    }

    fn group(&self) -> Group {
        Group::Destination
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        // a shop has many customers; an account that strangers pay into is another thing
        let pays_out = matches!(event.category(), Category::Payout | Category::Withdrawal);
        if event.destination.is_none() || !pays_out {
            return Finding::Miss;
        }
        let others = history.destination_subjects_7d;
        match highest(&self.from_subjects, |limit| others >= i64::from(limit)) {
            Some(step) => Finding::hit(
                step.points,
                format!("{others} other subjects sent to this destination within 7 days"),
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
    use crate::signal::sample::{features, history, outline};

    #[test]
    fn only_other_subjects_of_the_destination_count() {
        let known = json!({"action": {"destination": {"id": "iban"}}});
        let table = [(&known, 0, 0), (&known, 2, 0), (&known, 3, 20), (&known, 200, 20), (&json!({}), 3, 0)];
        for (members, destination_subjects_7d, points) in table {
            let history = History { destination_subjects_7d, ..history() };
            let finding =
                DestinationFanIn::default().judge(&features("payout.created", members.clone(), history));
            assert_eq!(outline(finding), Ok(points), "{members} {destination_subjects_7d}");
        }
        let history = History { destination_subjects_7d: 9, ..history() };
        let finding = DestinationFanIn::default().judge(&features("order.created", known, history));
        assert_eq!(outline(finding), Ok(0), "a shop has many customers");
    }
}
