//! A range of addresses in its one form: an IPv4 address written as IPv6 is IPv4, and a whole prefix is one address.

use std::fmt;
use std::net::IpAddr;

/// Bits of `::ffff:0:0/96`, under which IPv6 writes IPv4 addresses.
const MAPPED_BITS: u8 = 96;

/// An address, or all that share its first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AddressRange {
    first: IpAddr,
    bits: u8,
}

/// Why it is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RangeError {
    /// It does not read.
    Shape,
    /// Bits beyond the prefix are set: the writer may have meant one address or the whole range.
    Loose,
}

impl AddressRange {
    pub(super) fn parse(text: &str) -> Result<Self, RangeError> {
        let (address, bits) = match text.split_once('/') {
            None => (text, None),
            Some((address, bits)) => (address, Some(bits)),
        };
        let address: IpAddr = address.parse().or(Err(RangeError::Shape))?;
        let most = width(address);
        let bits = match bits {
            None => most,
            // a sign would read as a number too
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => {
                bits.parse().or(Err(RangeError::Shape))?
            }
            Some(_) => return Err(RangeError::Shape),
        };
        if bits > most {
            return Err(RangeError::Shape);
        }
        let range = Self { first: address, bits };
        if range.is_loose() { Err(RangeError::Loose) } else { Ok(range.canonical()) }
    }

    /// So wide that it is more likely a slip than a wish: wider than IPv4 /8 or IPv6 /16.
    pub(super) fn is_vast(self) -> bool {
        self.bits < if self.first.is_ipv4() { 8 } else { 16 }
    }

    /// As the database reads a `cidr`.
    pub(super) fn cidr(self) -> String {
        format!("{}/{}", self.first, self.bits)
    }

    fn is_loose(self) -> bool {
        let beyond = width(self.first) - self.bits;
        let address = match self.first {
            IpAddr::V4(address) => u128::from(address.to_bits()),
            IpAddr::V6(address) => address.to_bits(),
        };
        address & !(u128::MAX.checked_shl(beyond.into()).unwrap_or(0)) != 0
    }

    /// Events are looked for by the canonical form of their address, so ranges must have it too.
    fn canonical(self) -> Self {
        match self.first.to_canonical() {
            first @ IpAddr::V4(_) if self.first.is_ipv6() && self.bits >= MAPPED_BITS => {
                Self { first, bits: self.bits - MAPPED_BITS }
            }
            _ => self,
        }
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.bits == width(self.first) { self.first.fmt(to) } else { to.write_str(&self.cidr()) }
    }
}

fn width(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_has_one_form() {
        let table = [
            ("203.0.113.9", "203.0.113.9", "203.0.113.9/32"),
            ("203.0.113.9/32", "203.0.113.9", "203.0.113.9/32"),
            ("203.0.113.0/24", "203.0.113.0/24", "203.0.113.0/24"),
            ("::ffff:203.0.113.9", "203.0.113.9", "203.0.113.9/32"),
            ("::ffff:203.0.113.0/120", "203.0.113.0/24", "203.0.113.0/24"),
            ("::ffff:0:0/96", "0.0.0.0/0", "0.0.0.0/0"),
            ("2001:0DB8:0::1", "2001:db8::1", "2001:db8::1/128"),
            ("2001:db8::/32", "2001:db8::/32", "2001:db8::/32"),
            ("::/0", "::/0", "::/0"),
        ];
        for (text, shown, cidr) in table {
            let range = AddressRange::parse(text).expect(text);
            assert_eq!((range.to_string().as_str(), range.cidr().as_str()), (shown, cidr), "{text}");
        }
    }

    #[test]
    fn what_is_no_range_is_refused() {
        let shape =
            ["", "/", "203.0.113", "203.0.113.9/", "203.0.113.9/33", "203.0.113.9/+8", "2001:db8::/129"];
        for text in shape.into_iter().chain([
            "010.0.0.1",
            "10.0.0.0/8/8",
            "fe80::1%eth0",
            " 10.0.0.1",
            "10.0.0.0/256",
        ]) {
            assert_eq!(AddressRange::parse(text), Err(RangeError::Shape), "{text}");
        }
        for text in ["203.0.113.9/24", "2001:db8::1/64", "0.0.0.1/0", "::ffff:0:0/90"] {
            assert_eq!(AddressRange::parse(text), Err(RangeError::Loose), "{text}");
        }
    }

    #[test]
    fn half_the_world_is_vast() {
        for (text, vast) in [
            ("0.0.0.0/0", true),
            ("10.0.0.0/7", true),
            ("10.0.0.0/8", false),
            ("::/0", true),
            ("2000::/15", true),
            ("2001::/16", false),
            ("::ffff:0:0/96", true),
            ("203.0.113.9", false),
        ] {
            assert_eq!(AddressRange::parse(text).unwrap().is_vast(), vast, "{text}");
        }
    }
}
