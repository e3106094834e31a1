//! `NEW_DESTINATION`: money or goods go where the subject has sent none before.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, age, read_points};
use crate::event::Category;
use crate::features::{DestinationFacts, Features};

/// Points for destinations that are new to the subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewDestination {
    /// Whether it counts.
    pub mode: Mode,
    /// For a destination that is new to the subject.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
    /// For one that the platform itself has known for less than `below_hours`.
    #[serde(deserialize_with = "read_points")]
    pub just_created: i32,
    /// How long a destination stays new after it was created or first seen. A scammer has it added first and used
    /// next, so that being seen once clears nothing.
    pub below_hours: u32,
}

impl Default for NewDestination {
    fn default() -> Self {
        Self { mode: Mode::Live, points: 10, just_created: 15, below_hours: 24 }
    }
}

impl NewDestination {
    fn judge_destination(&self, features: &Features, destination: &DestinationFacts) -> Finding {
        let history = &features.history;
        let recent = |hours: &i64| *hours < i64::from(self.below_hours);
        let created = destination.created_at.map(|created| features.hours_at(created));
        if let Some(hours) = created.filter(recent) {
            return Finding::hit(self.just_created, format!("destination created {} ago", age::words(hours)));
        }
        let seen = history.destination_first_seen_at.map(|seen| history.hours_since(seen));
        match seen {
            None => Finding::hit(self.points, "destination not seen for this subject before"),
            Some(hours) if recent(&hours) => {
                Finding::hit(self.points, format!("destination first seen {} ago", age::words(hours)))
            }
            Some(_) => Finding::Miss,
        }
    }
}

impl Signal for NewDestination {
    fn code(&self) -> &'static str {
        "NEW_DESTINATION"
    }

    fn group(&self) -> Group {
        Group::Destination
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let event = &features.event;
        match &event.destination {
            Some(destination) => self.judge_destination(features, destination),
            None if event.category() == Category::Payout => Finding::Unknown { field: "action.destination" },
            None => Finding::Miss,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::history::History;
    use crate::signal::sample::{event, history, hours_ago, just_under, outline};

    #[test]
    fn destination_is_new_until_a_day_has_passed() {
        let (long_ago, day, recent) = (Some(hours_ago(900)), Some(hours_ago(24)), Some(just_under(24)));
        let table = [
            (None, None, 10),
            (None, long_ago, 10),
            (None, day, 10),
            (None, recent, 15),
            (recent, None, 10),
            (recent, recent, 15),
            (recent, long_ago, 10),
            (day, None, 0),
            (long_ago, recent, 15),
            (long_ago, day, 0),
        ];
        for (destination_first_seen_at, created_at, points) in table {
            let mut event = event("payout.created", json!({"action": {"destination": {"id": "iban"}}}));
            event.action.destination.as_mut().unwrap().created_at = created_at;
            let history = History { destination_first_seen_at, ..history() };
            let finding = NewDestination::default().judge(&Features::new(&event, history));
            assert_eq!(outline(finding), Ok(points), "{destination_first_seen_at:?} {created_at:?}");
        }
    }

    #[test]
    fn only_a_payout_must_have_a_destination() {
        let table = [
            ("payout.created", Err("action.destination")),
            ("order.created", Ok(0)),
            ("login.failed", Ok(0)),
        ];
        for (event_type, expected) in table {
            let finding =
                NewDestination::default().judge(&Features::new(&event(event_type, json!({})), history()));
            assert_eq!(outline(finding), expected, "{event_type}");
        }
    }
}
