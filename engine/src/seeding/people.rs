//! Who the made-up people are, what they use, and under which keys it is found.

use crate::store::seeding::Keyring;
use crate::trace::{Key, Keymaker};
use crate::vault::OrgVault;

/// Events of one person.
const EVENTS_EACH: u64 = 50;

/// The person who does much: 20,000 events, or a tenth of all.
pub const BUSY_PERSON: &str = "user_busy";
/// The device that many people use: 100,000 times, or a tenth of all.
pub const BUSY_DEVICE: &str = "device_busy";
/// Its address.
pub const BUSY_IP: &str = "10.255.255.254";

/// How many people `events` are made up for.
#[must_use]
pub fn people(events: u64) -> u64 {
    (events / EVENTS_EACH).max(1)
}

/// A made-up person: so that an event can be sent that has a past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person(pub u64);

impl Person {
    /// The subject's id.
    #[must_use]
    pub fn subject(self) -> String {
        format!("user_{:08}", self.0)
    }

    /// The device's id.
    #[must_use]
    pub fn device(self) -> String {
        format!("device_{:08}", self.0)
    }

    /// The address, shared with three others.
    #[must_use]
    pub fn ip(self) -> String {
        address(self.0 / 4)
    }

    /// The card's fingerprint.
    #[must_use]
    pub fn card(self) -> String {
        format!("card_{:08}", self.0)
    }

    /// The order that some of the events are about.
    #[must_use]
    pub fn order(self) -> String {
        format!("order_{:08}", self.0)
    }

    /// One of the three destinations, with `people` in all.
    #[must_use]
    pub fn destination(self, people: u64) -> String {
        merchant(self.0 % (people / 20 + 1))
    }
}

/// The keys of `people` and of what they use.
pub(super) fn keyring(vault: &OrgVault, people: u64) -> Keyring {
    let keymaker = Keymaker::new(vault, false);
    let each = |kind: &str, name: fn(Person) -> String| -> Vec<u8> {
        (0..people).flat_map(|number| keymaker.key(kind, &name(Person(number)))).collect()
    };
    let shared = |key: &dyn Fn(&str) -> Key| -> Vec<u8> {
        let addresses = (0..=people / 4).map(address).chain([BUSY_IP.to_owned()]);
        addresses.flat_map(|address| key(&address)).collect()
    };
    let mut devices = each("device", Person::device);
    devices.extend(keymaker.key("device", BUSY_DEVICE));
    Keyring {
        devices,
        addresses: shared(&|address| keymaker.key("ip", address)),
        networks: shared(&|address| keymaker.key("network", &network(address))),
        cards: each("card", Person::card),
        links: each("link/order", Person::order),
        destinations: (0..=people / 20)
            .flat_map(|number| keymaker.key("destination", &merchant(number)))
            .collect(),
    }
}

/// Of the range for private use, 254 of each network.
fn address(number: u64) -> String {
    let (network, host) = (number / 254, number % 254 + 1);
    format!("10.{}.{}.{host}", network / 256 % 255, network % 256)
}

fn network(address: &str) -> String {
    let (network, _) = address.rsplit_once('.').unwrap_or((address, ""));
    format!("{network}.0/24")
}

fn merchant(number: u64) -> String {
    format!("merchant_{number:08}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::signal::sample::event;
    use crate::vault::MasterKey;

    #[test]
    fn an_event_of_a_made_up_person_finds_its_keys() {
        let vault = MasterKey::parse(&MasterKey::generate(&mut rand::rng())).unwrap().org("org_a");
        let ring = keyring(&vault, 100);
        let (number, person) = (42, Person(42));
        let members = json!({
            "device": { "id": person.device(), "ip": person.ip() },
            "action": { "destination": { "id": person.destination(100) } },
            "links": [{ "type": "card", "id": person.card() }, { "type": "order", "id": person.order() }],
        });
        let keys = Keymaker::new(&vault, false).keys(&event("payment.created", members));
        let kept =
            |list: &[u8], place: usize| Some(Key::try_from(&list[16 * place..16 * place + 16]).unwrap());
        assert_eq!(keys.device, kept(&ring.devices, number));
        assert_eq!(keys.ip, kept(&ring.addresses, number / 4));
        assert_eq!(keys.network, kept(&ring.networks, number / 4));
        assert_eq!(keys.card, kept(&ring.cards, number));
        assert_eq!(keys.links.first().copied(), kept(&ring.links, number));
        assert_eq!(keys.destination, kept(&ring.destinations, number % 6));
        assert_eq!(ring.devices.len(), 16 * 101);
        assert_eq!(ring.addresses.len(), 16 * (100 / 4 + 2));
    }
}
