//! `DEVICE_TAMPERED`: the device is not what it claims to be.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, read_points};
use crate::features::Features;

/// Flags of such a device, and what they mean.
const SIGNS: [(&str, &str); 5] = [
    ("emulator", "an emulator"),
    ("virtual_machine", "a virtual machine"),
    ("headless", "a browser without a window"),
    ("automation", "automation"),
    ("replayed_token", "a token that was used before"),
];

/// Points for a device that is emulated, automated or replayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DeviceTampered {
    /// Whether it counts.
    pub mode: Mode,
    /// What it adds, however many signs there are.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
}

impl Default for DeviceTampered {
    fn default() -> Self {
        Self { mode: Mode::Live, points: 15 }
    }
}

impl Signal for DeviceTampered {
    fn code(&self) -> &'static str {
        "DEVICE_TAMPERED"
    }

    fn group(&self) -> Group {
        Group::Device
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let told = SIGNS.iter().filter(|(flag, _)| features.event.has_flag(flag));
        let signs: Vec<&str> = told.map(|(_, words)| *words).collect();
        if signs.is_empty() {
            Finding::Miss
        } else {
            Finding::hit(self.points, format!("the device shows signs of {}", signs.join(" and of ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::signal::sample::{features, history, outline};

    #[test]
    fn any_sign_suffices_and_more_add_nothing() {
        let table: [(&[&str], i32); 8] = [
            (&[], 0),
            (&["vpn", "call_active", "passkey"], 0),
            (&["emulator"], 15),
            (&["automation"], 15),
            (&["headless"], 15),
            (&["virtual_machine"], 15),
            (&["replayed_token"], 15),
            (&["emulator", "headless", "vpn"], 15),
        ];
        for (flags, points) in table {
            let members = json!({"device": {"flags": flags}});
            let finding = DeviceTampered::default().judge(&features("login.succeeded", members, history()));
            assert_eq!(outline(finding), Ok(points), "{flags:?}");
        }
    }

    #[test]
    fn detail_names_every_sign() {
        let members = json!({"device": {"flags": ["headless", "emulator"]}});
        let finding = DeviceTampered::default().judge(&features("login.succeeded", members, history()));
        let Finding::Hit { detail, .. } = finding else { panic!("{finding:?}") };
        assert!(detail.contains("emulator") && detail.contains("without a window"), "{detail}");
    }
}
