//! `STRONG_AUTH`: the person proved with a passkey who acts.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, read_points};
use crate::features::Features;

/// Points for a session that began with a passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StrongAuth {
    /// Whether it counts.
    pub mode: Mode,
    /// How much it takes off.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
}

impl Default for StrongAuth {
    fn default() -> Self {
        Self { mode: Mode::Live, points: 10 }
    }
}

impl Signal for StrongAuth {
    fn code(&self) -> &'static str {
        "STRONG_AUTH"
    }

    fn group(&self) -> Group {
        Group::Trust
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        if features.event.has_flag("passkey") {
            Finding::hit(-self.points, "signed in with a passkey")
        } else {
            Finding::Miss
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::signal::sample::{features, history, outline};

    #[test]
    fn only_a_passkey_is_strong() {
        let table: [(&[&str], i32); 3] = [(&[], 0), (&["vpn", "otp"], 0), (&["vpn", "passkey"], -10)];
        for (flags, points) in table {
            let members = json!({"device": {"flags": flags}});
            let finding = StrongAuth::default().judge(&features("payout.created", members, history()));
            assert_eq!(outline(finding), Ok(points), "{flags:?}");
        }
    }
}
