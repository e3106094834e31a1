//! `Keys`: the keyed hashes under which an event is found again, made once for each event.
//!
//! A key is 128 bits of an HMAC over the kind and the id, so the store can say that two events share a device and not
//! which device. Test events have keys of their own: they never speak of real ones.

use std::net::IpAddr;

use crate::event::Event;
use crate::vault::OrgVault;

/// A keyed hash of a kind and an id.
pub type Key = [u8; 16];

/// How many links of an event are followed.
const LINKS_MAX: usize = 8;

/// The keys of one event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys {
    /// The subject.
    pub subject: Key,
    /// The device.
    pub device: Option<Key>,
    /// The address.
    pub ip: Option<Key>,
    /// Its network: IPv4 /24, IPv6 /48.
    pub network: Option<Key>,
    /// The destination.
    pub destination: Option<Key>,
    /// The card.
    pub card: Option<Key>,
    /// What else the event is about.
    pub links: Vec<Key>,
    /// By which lists name it, test event or not; addresses are looked for by their range.
    pub listed: Vec<Key>,
}

/// Makes keys of one organisation.
#[derive(Debug, Clone, Copy)]
pub struct Keymaker<'a> {
    vault: &'a OrgVault,
    test: bool,
}

impl<'a> Keymaker<'a> {
    /// For real or for test events.
    #[must_use]
    pub fn new(vault: &'a OrgVault, test: bool) -> Self {
        Self { vault, test }
    }

    /// The key of `id` as a `kind`.
    #[must_use]
    pub fn key(self, kind: &str, id: &str) -> Key {
        let purpose = if self.test { "test" } else { "trace" };
        let hash = self.vault.fingerprint(&format!("{purpose}/{kind}"), id);
        let mut key = Key::default();
        key.copy_from_slice(&hash[..16]);
        key
    }

    /// Every key of `event`.
    #[must_use]
    pub fn keys(self, event: &Event) -> Keys {
        let key = |kind: &str, id: Option<&str>| id.map(|id| self.key(kind, id));
        let links = event.links.iter().filter(|link| link.link_type != "card").take(LINKS_MAX);
        let mut keys = Keys {
            subject: self.key("subject", &event.subject.id),
            device: key("device", event.device.id.as_deref()),
            ip: event.device.ip.map(|ip| self.key("ip", &ip.to_canonical().to_string())),
            network: event.device.ip.map(|ip| self.key("network", &network(ip))),
            destination: key("destination", event.action.destination.as_ref().map(|to| to.id.as_str())),
            card: key("card", event.card()),
            links: links.map(|link| self.key(&format!("link/{}", link.link_type), &link.id)).collect(),
            listed: Vec::new(),
        };
        keys.listed = self.listed(event, &keys);
        keys
    }

    /// The keys of entries of lists that would name `event`: the same for real and for test events.
    fn listed(self, event: &Event, keys: &Keys) -> Vec<Key> {
        let real = Self { test: false, ..self };
        let domain = event.subject.email.as_deref().and_then(|email| email.rsplit_once('@'));
        let domain = domain.map(|(_, domain)| real.key("email_domain", &domain.to_lowercase()));
        let named = if self.test {
            let destination = event.action.destination.as_ref();
            [
                Some(real.key("subject", &event.subject.id)),
                event.device.id.as_deref().map(|id| real.key("device", id)),
                destination.map(|destination| real.key("destination", &destination.id)),
            ]
        } else {
            [Some(keys.subject), keys.device, keys.destination]
        };
        named.into_iter().chain([domain]).flatten().collect()
    }
}

impl Keys {
    /// Under which the event is found by others: where it came from, where it goes, and what it is about.
    pub fn traces(&self) -> impl Iterator<Item = &Key> {
        [&self.device, &self.ip, &self.destination, &self.card].into_iter().flatten().chain(&self.links)
    }
}

/// The part of an address that a household or an office shares.
fn network(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::signal::sample::event;
    use crate::vault::MasterKey;

    fn vault() -> OrgVault {
        MasterKey::parse(&MasterKey::generate(&mut rand::rng())).unwrap().org("org_a")
    }

    #[test]
    fn equal_ids_have_equal_keys_within_their_kind_alone() {
        let vault = vault();
        let (real, test) = (Keymaker::new(&vault, false), Keymaker::new(&vault, true));
        assert_eq!(real.key("device", "a"), real.key("device", "a"));
        assert_ne!(real.key("device", "a"), real.key("card", "a"));
        assert_ne!(real.key("device", "a"), test.key("device", "a"));
    }

    #[test]
    fn addresses_of_one_network_share_its_key() {
        let table = [
            ("203.0.113.9", "203.0.113.200", true),
            ("203.0.113.9", "203.0.114.9", false),
            ("::ffff:203.0.113.9", "203.0.113.1", true),
            ("2001:db8:1::1", "2001:db8:1:ff::1", true),
            ("2001:db8:1::1", "2001:db8:2::1", false),
        ];
        for (one, other, same) in table {
            assert_eq!(
                network(one.parse().unwrap()) == network(other.parse().unwrap()),
                same,
                "{one} {other}"
            );
        }
    }

    #[test]
    fn lists_name_real_and_test_events_alike() {
        let vault = vault();
        let fields = json!({
            "subject": {"id": "u", "email": "u@Example.com"}, "device": {"id": "d"},
            "action": {"destination": {"id": "to"}},
        });
        let [real, test] = [false, true]
            .map(|test| Keymaker::new(&vault, test).keys(&event("payout.created", fields.clone())));
        assert_eq!(real.listed, test.listed);
        assert_eq!(real.listed.len(), 4);
        assert_eq!(real.listed[0], real.subject);
        assert_ne!(test.listed[0], test.subject);
    }

    #[test]
    fn a_card_is_no_link() {
        let vault = vault();
        let links = json!([{"type": "card", "id": "fp"}, {"type": "order", "id": "1"}]);
        let keys = Keymaker::new(&vault, false).keys(&event("payment.failed", json!({"links": links})));
        assert!(keys.card.is_some());
        assert_eq!(keys.links.len(), 1);
        assert_eq!(keys.traces().count(), 2);
    }
}
