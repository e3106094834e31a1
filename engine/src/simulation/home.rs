//! `Place`: where people live and where they travel.

use super::chance::Chance;

/// A place with its country and its money.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) country: &'static str,
    pub(super) currency: &'static str,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
}

const fn place(country: &'static str, currency: &'static str, latitude: f64, longitude: f64) -> Place {
    Place { country, currency, latitude, longitude }
}

/// Home to most.
const LONDON: Place = place("GB", "GBP", 51.5, -0.1);

/// Home to the others, each with its share.
const HOMES: [(Place, f64); 7] = [
    (place("GB", "GBP", 53.5, -2.2), 0.15),
    (place("DE", "EUR", 52.5, 13.4), 0.15),
    (place("DE", "EUR", 48.1, 11.6), 0.1),
    (place("FR", "EUR", 48.9, 2.4), 0.15),
    (place("ES", "EUR", 40.4, -3.7), 0.1),
    (place("NL", "EUR", 52.4, 4.9), 0.1),
    (place("IE", "EUR", 53.3, -6.3), 0.05),
];

/// Where people travel, where networks of providers end, and where thieves sit; the money is not used.
const ELSEWHERE: [Place; 8] = [
    place("ES", "EUR", 39.6, 2.6),
    place("IT", "EUR", 41.9, 12.5),
    place("GR", "EUR", 37.9, 23.7),
    place("US", "USD", 40.7, -74.0),
    place("TH", "THB", 13.8, 100.5),
    place("AE", "AED", 25.2, 55.3),
    place("RO", "RON", 44.4, 26.1),
    place("NG", "NGN", 6.5, 3.4),
];

/// Where somebody lives.
pub(super) fn home(chance: &mut Chance) -> Place {
    let mut place = chance.draw(LONDON, &HOMES);
    place.latitude += chance.within(-0.8, 0.8);
    place.longitude += chance.within(-0.8, 0.8);
    place
}

/// Anywhere but there.
pub(super) fn elsewhere(chance: &mut Chance) -> Place {
    chance.pick(&ELSEWHERE).copied().unwrap_or(LONDON)
}
