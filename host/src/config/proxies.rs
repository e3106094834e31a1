//! `TrustedProxies`: whose word on a client's address is believed.

use std::net::IpAddr;
use std::str::FromStr;

/// Networks of reverse proxies that add the client's address to `X-Forwarded-For`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Network>);

/// An address and how many of its leading bits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

impl TrustedProxies {
    /// Reads `10.0.0.0/8`, `192.0.2.1` or `2001:db8::/32`.
    ///
    /// # Errors
    /// The first entry that is none of these.
    pub fn parse(entries: &[String]) -> Result<Self, String> {
        let networks = entries.iter().map(|entry| entry.trim().parse());
        networks.collect::<Result<_, String>>().map(Self)
    }

    /// Whether `address` is one of the proxies.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address.to_canonical()))
    }

    /// The client's address: `peer`, unless that is a proxy; then the last address in `forwarded_for` (the values of
    /// all `X-Forwarded-For` headers, in order) that is none. What stands before it is the client's own claim.
    #[must_use]
    pub fn client<'a>(&self, peer: IpAddr, forwarded_for: impl IntoIterator<Item = &'a str>) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.contains(peer) {
            return peer;
        }
        let hops: Vec<&str> = forwarded_for.into_iter().flat_map(|value| value.split(',')).collect();
        let mut client = peer;
        for hop in hops.into_iter().rev() {
            let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
            client = address.to_canonical();
            if !self.contains(client) {
                break;
            }
        }
        client
    }
}

impl Network {
    fn contains(self, other: IpAddr) -> bool {
        match (self.address, other) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let differing = u32::from(own) ^ u32::from(other);
                differing.leading_zeros() >= self.bits
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let differing = u128::from(own) ^ u128::from(other);
                differing.leading_zeros() >= self.bits
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no address or network such as 10.0.0.0/8");
        let (address, bits) =
            text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().or_else(|_| Err(wrong()))?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse).or_else(|_| Err(wrong()))?;
        if bits > most { Err(wrong()) } else { Ok(Self { address, bits }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(entries: &[&str]) -> TrustedProxies {
        TrustedProxies::parse(&entries.iter().map(|entry| (*entry).to_owned()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn networks_hold_the_addresses_of_their_prefix() {
        let proxies = proxies(&["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"]);
        for inside in ["10.255.0.1", "192.0.2.1", "2001:db8:ffff::1", "::ffff:10.1.1.1"] {
            assert!(proxies.contains(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["11.0.0.1", "192.0.2.2", "2001:db9::1", "::1"] {
            assert!(!proxies.contains(outside.parse().unwrap()), "{outside}");
        }
        assert!(self::proxies(&["0.0.0.0/0"]).contains("198.51.100.7".parse().unwrap()));
        for wrong in ["10.0.0.0/33", "10.0.0", "ten", "::/129", "10.0.0.0/"] {
            assert!(TrustedProxies::parse(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_proxys_word_on_the_client_counts() {
        let proxies = proxies(&["10.0.0.0/8"]);
        let client = |peer: &str, headers: &[&str]| {
            proxies.client(peer.parse().unwrap(), headers.iter().copied()).to_string()
        };
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9", "a stranger's word");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            client("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"]),
            "198.51.100.1",
            "a forged first hop"
        );
        assert_eq!(client("10.0.0.1", &["1.1.1.1", "198.51.100.1"]), "198.51.100.1", "two headers");
        assert_eq!(client("10.0.0.1", &["198.51.100.1, nonsense"]), "10.0.0.1");
    }
}
