//! `Travel`: how far, and in what time, a subject seems to have moved.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Mean radius of the earth (IUGG), in kilometres.
const EARTH_KM: f64 = 6371.0;

/// Where a connection came from, in degrees north and east.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// The way from one place to the next. The places themselves are not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Travel {
    /// Kilometres along the surface.
    pub km: i64,
    /// Minutes between the two events, at least 1.
    pub minutes: i64,
    /// Either end is a proxy, so the way says nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub proxied: bool,
}

impl Travel {
    /// The way from `from`, left at `then`, to `to` at `now`.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "at most half the circumference of the earth")]
    pub fn between(from: Place, then: DateTime<Utc>, to: Place, now: DateTime<Utc>, proxied: bool) -> Self {
        let minutes = now.signed_duration_since(then).num_minutes().max(1);
        Self { km: from.km_to(to).round() as i64, minutes, proxied }
    }

    /// Kilometres an hour.
    #[must_use]
    pub fn km_per_hour(self) -> i64 {
        self.km.saturating_mul(60) / self.minutes.max(1)
    }
}

impl Place {
    /// Great-circle distance by the haversine formula.
    #[must_use]
    pub fn km_to(self, other: Self) -> f64 {
        let (north, other_north) = (self.latitude.to_radians(), other.latitude.to_radians());
        let half_north = (other_north - north) / 2.0;
        let half_east = (other.longitude - self.longitude).to_radians() / 2.0;
        let chord = half_north.sin().powi(2) + north.cos() * other_north.cos() * half_east.sin().powi(2);
        2.0 * EARTH_KM * chord.sqrt().min(1.0).asin()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn distances_are_those_of_the_map() {
        let berlin = Place { latitude: 52.52, longitude: 13.405 };
        let new_york = Place { latitude: 40.7128, longitude: -74.006 };
        let now = DateTime::<Utc>::default();
        let travel = Travel::between(berlin, now - TimeDelta::hours(2), new_york, now, false);
        assert!((6370..6400).contains(&travel.km), "{}", travel.km);
        assert_eq!(travel.km_per_hour(), travel.km / 2);
        assert_eq!(
            Travel::between(berlin, now, berlin, now, false),
            Travel { km: 0, minutes: 1, proxied: false }
        );
    }
}
