//! `TRUSTED_DEVICE`: the subject has used this device for months.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, age, read_points};
use crate::features::Features;

/// Points for a device that is long known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TrustedDevice {
    /// Whether it counts.
    pub mode: Mode,
    /// How much it takes off.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
    /// For a device first seen for this subject at least so many days ago.
    pub from_days: u32,
}

impl Default for TrustedDevice {
    fn default() -> Self {
        Self { mode: Mode::Live, points: 8, from_days: 90 }
    }
}

impl Signal for TrustedDevice {
    fn code(&self) -> &'static str {
        "TRUSTED_DEVICE"
    }

    fn group(&self) -> Group {
        Group::Trust
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        if !event.has_device {
            return Finding::Unknown { field: "device.id" };
        }
        let hours = history.device_first_seen_at.map(|seen| history.hours_since(seen));
        match hours.filter(|hours| *hours >= i64::from(self.from_days) * 24) {
            Some(hours) => Finding::hit(-self.points, format!("device first seen {} ago", age::words(hours))),
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
    fn device_is_trusted_after_ninety_days() {
        let device = json!({"device": {"id": "d"}});
        let table = [
            (&device, None, Ok(0)),
            (&device, Some(hours_ago(0)), Ok(0)),
            (&device, Some(just_under(90 * 24)), Ok(0)),
            (&device, Some(hours_ago(90 * 24)), Ok(-8)),
            (&json!({}), Some(hours_ago(90 * 24)), Err("device.id")),
        ];
        for (members, device_first_seen_at, expected) in table {
            let history = History { device_first_seen_at, ..history() };
            let finding =
                TrustedDevice::default().judge(&features("payout.created", members.clone(), history));
            assert_eq!(outline(finding), expected, "{members} {device_first_seen_at:?}");
        }
    }
}
