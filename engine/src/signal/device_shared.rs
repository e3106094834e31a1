//! `DEVICE_SHARED`: one device acts for many subjects.

use serde::{Deserialize, Serialize};

use super::step::{highest, steps};
use super::{Finding, Group, Mode, Signal, Step};
use crate::features::Features;

/// Points by number of subjects on the device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DeviceShared {
    /// Whether it counts.
    pub mode: Mode,
    /// From so many subjects within 30 days on, this one included.
    pub from_subjects: Vec<Step>,
}

impl Default for DeviceShared {
    fn default() -> Self {
        Self { mode: Mode::Live, from_subjects: steps([(3, 10), (6, 20)]) }
    }
}

impl Signal for DeviceShared {
    fn code(&self) -> &'static str {
        "DEVICE_SHARED"
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
        let subjects = history.device_subjects_30d.saturating_add(1);
        match highest(&self.from_subjects, |limit| subjects >= i64::from(limit)) {
            Some(step) => {
                Finding::hit(step.points, format!("{subjects} subjects on this device within 30 days"))
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
    fn this_subject_counts_among_those_on_the_device() {
        let device = json!({"device": {"id": "d"}});
        let unknown = Err("device.id");
        let table = [
            (&device, 0, Ok(0)),
            (&device, 1, Ok(0)),
            (&device, 2, Ok(10)),
            (&device, 4, Ok(10)),
            (&device, 5, Ok(20)),
            (&device, i64::MAX, Ok(20)),
            (&json!({}), 5, unknown),
        ];
        for (members, device_subjects_30d, expected) in table {
            let history = History { device_subjects_30d, ..history() };
            let finding =
                DeviceShared::default().judge(&features("login.succeeded", members.clone(), history));
            assert_eq!(outline(finding), expected, "{device_subjects_30d} others");
        }
    }
}
