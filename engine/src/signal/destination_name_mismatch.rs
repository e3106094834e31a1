//! `DESTINATION_NAME_MISMATCH`: the account belongs to somebody else than the person believes.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, read_points};
use crate::event::{Category, NameMatch};
use crate::features::Features;

/// Points by what a payee-name check said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DestinationNameMismatch {
    /// Whether it counts.
    pub mode: Mode,
    /// For names that differ.
    #[serde(deserialize_with = "read_points")]
    pub none: i32,
    /// For names that are alike and not the same.
    #[serde(deserialize_with = "read_points")]
    pub close: i32,
}

impl Default for DestinationNameMismatch {
    fn default() -> Self {
        Self { mode: Mode::Live, none: 15, close: 5 }
    }
}

impl Signal for DestinationNameMismatch {
    fn code(&self) -> &'static str {
        "DESTINATION_NAME_MISMATCH"
    }

    fn group(&self) -> Group {
        Group::Destination
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let event = &features.event;
        let Some(destination) = &event.destination else { return Finding::Miss };
        match destination.name_match {
            Some(NameMatch::None) => Finding::hit(self.none, "the payee's name is not that of the account"),
            Some(NameMatch::Close) => {
                Finding::hit(self.close, "the payee's name is only similar to that of the account")
            }
            None if matches!(event.category(), Category::Payout | Category::Withdrawal) => {
                Finding::Unknown { field: "action.destination.name_match" }
            }
            // Goods go to addresses, which no bank can check.
            Some(NameMatch::Full) | None => Finding::Miss,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::signal::sample::{features, history, outline};

    #[test]
    fn unlike_names_weigh_more_than_similar_ones() {
        let to =
            |name_match: &str| json!({"action": {"destination": {"id": "iban", "name_match": name_match}}});
        let unchecked = json!({"action": {"destination": {"id": "iban"}}});
        let unknown = Err("action.destination.name_match");
        let table = [
            ("payout.created", to("none"), Ok(15)),
            ("payout.created", to("close"), Ok(5)),
            ("payout.created", to("full"), Ok(0)),
            ("payout.created", unchecked.clone(), unknown),
            ("transfer.created", unchecked.clone(), unknown),
            ("order.created", unchecked, Ok(0)),
            ("order.created", to("none"), Ok(15)),
            ("payout.created", json!({}), Ok(0)),
        ];
        for (event_type, members, expected) in table {
            let features = features(event_type, members.clone(), history());
            let finding = DestinationNameMismatch::default().judge(&features);
            assert_eq!(outline(finding), expected, "{event_type} {members}");
        }
    }
}
