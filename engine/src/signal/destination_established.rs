//! `DESTINATION_ESTABLISHED`: the subject has long sent to this destination.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, age, read_points};
use crate::features::Features;

/// Points for a destination that was used often and for long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DestinationEstablished {
    /// Whether it counts.
    pub mode: Mode,
    /// How much it takes off.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
    /// From so many earlier uses on.
    pub from_uses: u32,
    /// And first seen for this subject at least so many days ago.
    pub from_days: u32,
}

impl Default for DestinationEstablished {
    fn default() -> Self {
        Self { mode: Mode::Live, points: 10, from_uses: 3, from_days: 30 }
    }
}

impl Signal for DestinationEstablished {
    fn code(&self) -> &'static str {
        "DESTINATION_ESTABLISHED"
    }

    fn group(&self) -> Group {
        Group::Trust
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        let seen = history.destination_first_seen_at.filter(|_| event.destination.is_some());
        let Some(hours) = seen.map(|seen| history.hours_since(seen)) else { return Finding::Miss };
        let uses = history.destination_uses;
        if uses >= i64::from(self.from_uses) && hours >= i64::from(self.from_days) * 24 {
            let detail =
                format!("destination first seen {} ago and used {uses} times since", age::words(hours));
            return Finding::hit(-self.points, detail);
        }
        Finding::Miss
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::history::History;
    use crate::signal::sample::{features, history, hours_ago, just_under, outline};

    #[test]
    fn destination_must_be_used_often_and_for_long() {
        let known = json!({"action": {"destination": {"id": "iban"}}});
        let (long_ago, recent) = (Some(hours_ago(30 * 24)), Some(just_under(30 * 24)));
        let table = [
            (&known, 3, long_ago, -10),
            (&known, 90, long_ago, -10),
            (&known, 2, long_ago, 0),
            (&known, 3, recent, 0),
            (&known, 3, None, 0),
            (&json!({}), 3, long_ago, 0),
        ];
        for (members, destination_uses, destination_first_seen_at, points) in table {
            let history = History { destination_first_seen_at, destination_uses, ..history() };
            let features = features("payout.created", members.clone(), history);
            let finding = DestinationEstablished::default().judge(&features);
            assert_eq!(outline(finding), Ok(points), "{destination_uses} {destination_first_seen_at:?}");
        }
    }
}
