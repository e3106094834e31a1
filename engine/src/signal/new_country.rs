//! `NEW_COUNTRY`: the connection comes from a country new to the subject.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, read_points};
use crate::features::Features;

/// Points for a new country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewCountry {
    /// Whether it counts.
    pub mode: Mode,
    /// What it adds.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
}

impl Default for NewCountry {
    fn default() -> Self {
        Self { mode: Mode::Live, points: 10 }
    }
}

impl Signal for NewCountry {
    fn code(&self) -> &'static str {
        "NEW_COUNTRY"
    }

    fn group(&self) -> Group {
        Group::Network
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        if event.country.is_none() {
            return Finding::Unknown { field: "device.country" };
        }
        if history.countries == 0 {
            return Finding::Unknown { field: "history.countries" };
        }
        if history.country_seen {
            return Finding::Miss;
        }
        let detail = match history.countries {
            1 => "not the country of the one earlier event whose country is known".to_owned(),
            count => format!("none of {count} earlier events came from this country"),
        };
        Finding::hit(self.points, detail)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::history::History;
    use crate::signal::sample::{event, history, outline};

    #[test]
    fn country_is_compared_with_earlier_ones() {
        let german = json!({"device": {"country": "DE"}});
        let table = [
            (german.clone(), 4, false, Ok(10)),
            (german.clone(), 1, false, Ok(10)),
            (german.clone(), 1, true, Ok(0)),
            (german, 0, false, Err("history.countries")),
            (json!({}), 4, false, Err("device.country")),
        ];
        for (members, countries, country_seen, expected) in table {
            let history = History { countries, country_seen, ..history() };
            let finding =
                NewCountry::default().judge(&Features::new(&event("login.succeeded", members), history));
            assert_eq!(outline(finding), expected, "{countries} {country_seen}");
        }
    }
}
