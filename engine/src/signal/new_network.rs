//! `NEW_NETWORK`: the connection comes from a network new to the subject.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, read_points};
use crate::features::Features;

/// Points for a new network (IPv4 /24, IPv6 /48).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewNetwork {
    /// Whether it counts.
    pub mode: Mode,
    /// What it adds.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
}

impl Default for NewNetwork {
    fn default() -> Self {
        Self { mode: Mode::Live, points: 5 }
    }
}

impl Signal for NewNetwork {
    fn code(&self) -> &'static str {
        "NEW_NETWORK"
    }

    fn group(&self) -> Group {
        Group::Network
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        if !event.has_ip {
            return Finding::Unknown { field: "device.ip" };
        }
        if history.networks == 0 {
            return Finding::Unknown { field: "history.networks" };
        }
        if history.network_seen {
            return Finding::Miss;
        }
        let detail = match history.networks {
            1 => "not the network of the one earlier event whose network is known".to_owned(),
            count => format!("none of {count} earlier events came from this network"),
        };
        Finding::hit(self.points, detail)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::history::History;
    use crate::signal::sample::{features, history, outline};

    #[test]
    fn network_is_compared_with_earlier_ones() {
        let known = json!({"device": {"ip": "192.0.2.7"}});
        let table = [
            (&known, 4, false, Ok(5)),
            (&known, 1, false, Ok(5)),
            (&known, 1, true, Ok(0)),
            (&known, 0, false, Err("history.networks")),
            (&json!({}), 4, false, Err("device.ip")),
        ];
        for (members, networks, network_seen, expected) in table {
            let history = History { networks, network_seen, ..history() };
            let finding = NewNetwork::default().judge(&features("login.succeeded", members.clone(), history));
            assert_eq!(outline(finding), expected, "{networks} {network_seen}");
        }
    }
}
