//! `OFF_HOURS`: the action comes at an hour at which the subject is not about.

use chrono::{TimeDelta, Timelike as _};
use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, read_points};
use crate::features::Features;

/// Points for an unusual time of day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OffHours {
    /// Whether it counts.
    pub mode: Mode,
    /// For a time at which the subject is hardly ever seen.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
    /// With fewer earlier events than this no time is usual.
    pub needs_events: u32,
    /// Hardly ever: less than so many per cent of them came within an hour of this time of day.
    pub below_percent: u32,
    /// For the night, where no time is usual yet.
    #[serde(deserialize_with = "read_points")]
    pub night: i32,
    /// The full hour at which the night ends that begins at midnight, by the sun.
    pub night_until_hour: u32,
}

impl Default for OffHours {
    fn default() -> Self {
        Self {
            mode: Mode::Live,
            points: 8,
            needs_events: 20,
            below_percent: 2,
            night: 3,
            night_until_hour: 5,
        }
    }
}

impl OffHours {
    fn judge_night(&self, features: &Features) -> Finding {
        let Some(offset) = features.event.sun_offset else {
            return Finding::Unknown { field: "device.longitude" };
        };
        let local = features.history.now + TimeDelta::hours(i64::from(offset));
        if local.hour() < self.night_until_hour {
            Finding::hit(self.night, "at night, by the sun where the connection comes from")
        } else {
            Finding::Miss
        }
    }
}

impl Signal for OffHours {
    fn code(&self) -> &'static str {
        "OFF_HOURS"
    }

    fn group(&self) -> Group {
        Group::Behaviour
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        if !event.is_sensitive_or_order() {
            return Finding::Miss;
        }
        if history.events < i64::from(self.needs_events) {
            return self.judge_night(features);
        }
        let near = history.events_near_hour.saturating_mul(100);
        if near < history.events.saturating_mul(i64::from(self.below_percent)) {
            let (percent, events) = (self.below_percent, history.events);
            let detail =
                format!("less than {percent} % of {events} earlier events came near this time of day");
            return Finding::hit(self.points, detail);
        }
        Finding::Miss
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::history::History;
    use crate::signal::sample::{features, history, outline};

    #[test]
    fn hour_is_compared_with_those_of_earlier_events() {
        let table = [
            ("payout.created", 20, 0, Ok(8)),
            ("payout.created", 50, 0, Ok(8)),
            ("payout.created", 50, 1, Ok(0)),
            ("payout.created", 51, 1, Ok(8)),
            ("order.created", 500, 9, Ok(8)),
            ("order.created", 500, 10, Ok(0)),
            ("payout.created", 19, 0, Err("device.longitude")),
            ("login.succeeded", 500, 0, Ok(0)),
        ];
        for (event_type, events, events_near_hour, expected) in table {
            let history = History { events, events_near_hour, ..history() };
            let finding = OffHours::default().judge(&features(event_type, json!({}), history));
            assert_eq!(outline(finding), expected, "{event_type} {events} {events_near_hour}");
        }
    }

    #[test]
    fn night_counts_where_nothing_is_usual() {
        // Samples are judged at 10 o'clock UTC; 15 degrees are one hour.
        let table = [(-150, 3), (-165, 0), (-90, 3), (-75, 0), (0, 0), (180, 0)];
        for (longitude, points) in table {
            let members = json!({"device": {"longitude": longitude}});
            let finding = OffHours::default().judge(&features("payout.created", members, history()));
            assert_eq!(outline(finding), Ok(points), "{longitude}");
        }
    }
}
