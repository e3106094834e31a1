//! `ANON_NETWORK`: the connection hides where it comes from.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, read_points};
use crate::features::Features;

/// Points by kind of network, told by a flag of the device or by the organisation's lists; the highest counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AnonNetwork {
    /// Whether it counts.
    pub mode: Mode,
    /// For Tor.
    #[serde(deserialize_with = "read_points")]
    pub tor: i32,
    /// For a data centre, where people seldom sit.
    #[serde(deserialize_with = "read_points")]
    pub hosting: i32,
    /// For a private network of a provider.
    #[serde(deserialize_with = "read_points")]
    pub vpn: i32,
    /// For a relay that many honest devices have switched on.
    #[serde(deserialize_with = "read_points")]
    pub relay: i32,
}

impl Default for AnonNetwork {
    fn default() -> Self {
        Self { mode: Mode::Live, tor: 25, hosting: 10, vpn: 10, relay: 0 }
    }
}

impl AnonNetwork {
    /// Each kind by its name as a flag or a list, what it adds, and what to say of it.
    fn kinds(&self) -> [(&'static str, i32, &'static str); 4] {
        [
            ("relay", self.relay, "the connection comes through a relay"),
            ("vpn", self.vpn, "the connection comes through a VPN"),
            ("hosting", self.hosting, "the connection comes from a data centre"),
            ("tor", self.tor, "the connection comes through Tor"),
        ]
    }
}

impl Signal for AnonNetwork {
    fn code(&self) -> &'static str {
        "ANON_NETWORK"
    }

    fn group(&self) -> Group {
        Group::Network
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        let told = |kind: &str| event.has_flag(kind) || history.listed(kind).is_some();
        let known: Vec<_> = self.kinds().into_iter().filter(|(kind, ..)| told(kind)).collect();
        match known.iter().max_by_key(|(_, points, _)| *points) {
            Some((_, points, detail)) if *points > 0 => Finding::hit(*points, *detail),
            // The lists can only be asked for an address.
            None if !event.has_ip => Finding::Unknown { field: "device.ip" },
            _ => Finding::Miss,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::history::{History, ListMatch};
    use crate::signal::sample::{features, history, outline};

    fn listed(list: &str) -> History {
        let found = ListMatch { list: list.to_owned(), kind: "ip".to_owned(), entry_id: "entry".to_owned() };
        History { lists: vec![found], ..history() }
    }

    #[test]
    fn flag_or_list_tells_the_kind_and_the_highest_counts() {
        let table: [(&[&str], &str, i32); 11] = [
            (&[], "", 0),
            (&["tor"], "", 25),
            (&["vpn"], "", 10),
            (&["hosting"], "", 10),
            (&["relay"], "", 0),
            (&["relay", "vpn", "tor"], "", 25),
            (&[], "tor", 25),
            (&[], "hosting", 10),
            (&[], "relay", 0),
            (&["vpn"], "tor", 25),
            (&["emulator"], "deny", 0),
        ];
        for (flags, list, points) in table {
            let members = json!({"device": {"ip": "192.0.2.7", "flags": flags}});
            let finding = AnonNetwork::default().judge(&features("login.succeeded", members, listed(list)));
            assert_eq!(outline(finding), Ok(points), "{flags:?} {list}");
        }
    }

    #[test]
    fn without_address_and_flag_it_is_unknown() {
        let table: [(&[&str], Result<i32, &str>); 4] = [
            (&[], Err("device.ip")),
            (&["emulator"], Err("device.ip")),
            (&["relay"], Ok(0)),
            (&["tor"], Ok(25)),
        ];
        for (flags, expected) in table {
            let members = json!({"device": {"flags": flags}});
            let finding = AnonNetwork::default().judge(&features("login.succeeded", members, history()));
            assert_eq!(outline(finding), expected, "{flags:?}");
        }
    }
}
