//! Addresses: a home line, the shared addresses of a mobile network, and what hides where somebody is. All of them
//! are of ranges that are kept for private use, measurements and documents.

use super::chance::Chance;

/// How many networks of 256 addresses a mobile provider puts its customers behind.
const MOBILE_NETWORKS: i64 = 20;

/// The home line of a person in its `lease`-th network: some providers give a new one every few weeks.
pub(super) fn home(person: u32, lease: i64) -> String {
    let net = i64::from(person) * 8 + lease;
    format!("10.{}.{}.{}", (net / 256) % 256, net % 256, 20 + i64::from(person) % 200)
}

/// An address of a mobile provider, which it gives to many at once.
pub(super) fn mobile(provider: i64, chance: &mut Chance) -> String {
    let net = chance.between(0, MOBILE_NETWORKS - 1);
    format!("100.{}.{net}.{}", 64 + provider, chance.between(1, 254))
}

/// Hotels, cafés and foreign mobile networks.
pub(super) fn away(chance: &mut Chance) -> String {
    format!("198.18.{}.{}", chance.between(0, 255), chance.between(1, 254))
}

/// The exit of a provider of private networks: a few, used by many.
pub(super) fn vpn(chance: &mut Chance) -> String {
    format!("198.19.{}.{}", chance.between(0, 7), chance.between(1, 254))
}

/// A home line in the victim's own country that somebody else rents out, so that nothing about it looks strange.
pub(super) fn rented(chance: &mut Chance) -> String {
    format!("172.{}.{}.{}", chance.between(16, 31), chance.between(0, 255), chance.between(1, 254))
}
