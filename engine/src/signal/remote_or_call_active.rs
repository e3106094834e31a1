//! `REMOTE_OR_CALL_ACTIVE`: somebody talks to the person, watches the screen or moves the pointer.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, read_points};
use crate::features::Features;

/// Points for signs that somebody guides the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RemoteOrCallActive {
    /// Whether it counts.
    pub mode: Mode,
    /// For a call during the action.
    #[serde(deserialize_with = "read_points")]
    pub call: i32,
    /// For a shared screen or remote control.
    #[serde(deserialize_with = "read_points")]
    pub remote: i32,
    /// For both kinds at once.
    #[serde(deserialize_with = "read_points")]
    pub both: i32,
}

impl Default for RemoteOrCallActive {
    fn default() -> Self {
        Self { mode: Mode::Live, call: 15, remote: 30, both: 40 }
    }
}

impl Signal for RemoteOrCallActive {
    fn code(&self) -> &'static str {
        "REMOTE_OR_CALL_ACTIVE"
    }

    fn group(&self) -> Group {
        Group::Coercion
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let event = &features.event;
        let call = event.has_flag("call_active");
        let remote = event.has_flag("screen_share") || event.has_flag("remote_control");
        match (call, remote) {
            (true, true) => Finding::hit(self.both, "on a call while the screen is shared or controlled"),
            (false, true) => Finding::hit(self.remote, "the screen is shared or controlled by another"),
            (true, false) => Finding::hit(self.call, "on a call during the action"),
            (false, false) => Finding::Miss,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::signal::sample::{event, history, outline};

    #[test]
    fn both_kinds_weigh_more_than_one() {
        let table: [(&[&str], i32); 7] = [
            (&[], 0),
            (&["vpn", "emulator"], 0),
            (&["call_active"], 15),
            (&["screen_share"], 30),
            (&["remote_control"], 30),
            (&["screen_share", "remote_control"], 30),
            (&["remote_control", "call_active"], 40),
        ];
        for (flags, points) in table {
            let event = event("payout.created", json!({"device": {"flags": flags}}));
            let finding = RemoteOrCallActive::default().judge(&Features::new(&event, history()));
            assert_eq!(outline(finding), Ok(points), "{flags:?}");
        }
    }
}
