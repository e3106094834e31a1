//! `NEW_DEVICE`: the subject has not used this device before.

use serde::{Deserialize, Serialize};

use super::step::{highest, steps};
use super::{Finding, Group, Mode, Signal, Step, age, read_points};
use crate::features::Features;

/// Points for devices that are new to the subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewDevice {
    /// Whether it counts.
    pub mode: Mode,
    /// For a device not seen for this subject in 90 days.
    #[serde(deserialize_with = "read_points")]
    pub unseen: i32,
    /// For a device first seen less than so many hours ago.
    pub below_hours: Vec<Step>,
}

impl Default for NewDevice {
    fn default() -> Self {
        Self { mode: Mode::Live, unseen: 15, below_hours: steps([(24, 8)]) }
    }
}

impl Signal for NewDevice {
    fn code(&self) -> &'static str {
        "NEW_DEVICE"
    }

    fn group(&self) -> Group {
        Group::Device
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        if !event.has_device {
            return Finding::Unknown { field: "device.id" };
        }
        let Some(seen) = history.device_first_seen_at else {
            let detail = if history.events == 0 {
                "first event of this subject, so its device is not known yet"
            } else {
                "device not seen for this subject in 90 days"
            };
            return Finding::hit(self.unseen, detail);
        };
        let hours = history.hours_since(seen);
        match highest(&self.below_hours, |limit| hours < i64::from(limit)) {
            Some(step) => Finding::hit(step.points, format!("device first seen {} ago", age::words(hours))),
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
    fn device_is_new_until_a_day_has_passed() {
        let table =
            [(None, 15), (Some(hours_ago(0)), 8), (Some(just_under(24)), 8), (Some(hours_ago(24)), 0)];
        for (device_first_seen_at, points) in table {
            let history = History { device_first_seen_at, events: 3, ..history() };
            let event = event("login.succeeded", json!({"device": {"id": "d"}}));
            assert_eq!(outline(NewDevice::default().judge(&Features::new(&event, history))), Ok(points));
        }
    }

    #[test]
    fn first_event_of_a_subject_says_so() {
        let event = event("login.succeeded", json!({"device": {"id": "d"}}));
        let finding = NewDevice::default().judge(&Features::new(&event, history()));
        let Finding::Hit { points: 15, detail } = finding else { panic!("{finding:?}") };
        assert!(detail.starts_with("first event"), "{detail}");
    }

    #[test]
    fn without_an_id_it_is_unknown() {
        let finding =
            NewDevice::default().judge(&Features::new(&event("login.succeeded", json!({})), history()));
        assert_eq!(outline(finding), Err("device.id"));
    }
}
