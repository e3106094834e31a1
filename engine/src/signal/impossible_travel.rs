//! `IMPOSSIBLE_TRAVEL`: nobody moves that fast, so two people act in one name.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, read_points};
use crate::features::Features;

/// Points for a way that no traveller covers in the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ImpossibleTravel {
    /// Whether it counts.
    pub mode: Mode,
    /// What it adds.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
    /// Only for a way of more than so many kilometres: places of connections are rough.
    pub above_km: u32,
    /// Only for more than so many kilometres an hour: airliners are hardly faster.
    pub above_km_per_hour: u32,
}

impl Default for ImpossibleTravel {
    fn default() -> Self {
        Self { mode: Mode::Live, points: 20, above_km: 500, above_km_per_hour: 900 }
    }
}

impl Signal for ImpossibleTravel {
    fn code(&self) -> &'static str {
        "IMPOSSIBLE_TRAVEL"
    }

    fn group(&self) -> Group {
        Group::Network
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        if !event.has_place {
            return Finding::Unknown { field: "device.latitude" };
        }
        let Some(travel) = history.travel else { return Finding::Unknown { field: "history.travel" } };
        let speed = travel.km_per_hour();
        let too_far = travel.km > i64::from(self.above_km) && speed > i64::from(self.above_km_per_hour);
        if travel.proxied || !too_far {
            return Finding::Miss;
        }
        let detail = format!("{} km from the last known place, at {speed} km an hour", travel.km);
        Finding::hit(self.points, detail)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::history::{History, Travel};
    use crate::signal::sample::{features, history, outline};

    #[test]
    fn way_must_be_both_long_and_too_fast() {
        let place = json!({"device": {"latitude": 52.5, "longitude": 13.4}});
        let way = |km, minutes, proxied| Some(Travel { km, minutes, proxied });
        let table = [
            (&place, way(501, 33, false), Ok(20)),
            (&place, way(500, 1, false), Ok(0)),
            (&place, way(901, 60, false), Ok(20)),
            (&place, way(900, 60, false), Ok(0)),
            (&place, way(20_000, 1, false), Ok(20)),
            (&place, way(20_000, 1, true), Ok(0)),
            (&place, way(i64::MAX, 0, false), Ok(20)),
            (&place, None, Err("history.travel")),
            (&json!({}), None, Err("device.latitude")),
            (&json!({"device": {"latitude": 52.5}}), None, Err("device.latitude")),
        ];
        for (members, travel, expected) in table {
            let history = History { travel, ..history() };
            let finding =
                ImpossibleTravel::default().judge(&features("login.succeeded", members.clone(), history));
            assert_eq!(outline(finding), expected, "{travel:?}");
        }
    }
}
