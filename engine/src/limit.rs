//! What is counted of codes, and how often each may happen. It never counts: counters live in the store.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use unicode_normalization::UnicodeNormalization as _;

use crate::vault::OrgVault;

/// The organisation of rows that count over all organisations.
pub(crate) const EVERYWHERE: &str = "*";

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Codes to one address or number, of one organisation.
    Address,
    /// Codes to one address or number, of all organisations.
    AddressEverywhere,
    /// Codes to one subject.
    Subject,
    /// Codes asked for from one network.
    Network,
    /// Codes of one organisation.
    Organisation,
    /// Text messages below one beginning of numbers.
    Prefix,
    /// Text messages to numbers that differ in their last three digits alone.
    Block,
    /// Wrong codes of one subject, over all its sessions.
    SubjectTries,
    /// Wrong codes from one network.
    NetworkTries,
    /// Mails to one address about something that was stopped.
    Notices,
}

/// One thing to be counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Whose count.
    pub org_id: String,
    /// What.
    pub limit: Limit,
    /// Of whom: a keyed digest.
    pub key: [u8; 32],
    /// At most so often within an hour.
    pub hourly: i32,
    /// At most so often within a day.
    pub daily: Option<i32>,
}

impl Limit {
    /// The name used in SQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::AddressEverywhere => "address_everywhere",
            Self::Subject => "subject",
            Self::Network => "network",
            Self::Organisation => "organisation",
            Self::Prefix => "prefix",
            Self::Block => "block",
            Self::SubjectTries => "subject_tries",
            Self::NetworkTries => "network_tries",
            Self::Notices => "notices",
        }
    }

    /// True when another way to the same person may still be open.
    #[must_use]
    pub fn is_of_numbers(self) -> bool {
        matches!(self, Self::Prefix | Self::Block)
    }

    /// So often within an hour and a day; an organisation sets its own for the rest.
    fn most(self) -> (i32, Option<i32>) {
        match self {
            Self::Address | Self::Notices => (5, Some(10)),
            Self::AddressEverywhere | Self::Subject | Self::Block => (10, Some(20)),
            Self::Network => (30, Some(100)),
            Self::SubjectTries => (20, Some(20)),
            Self::NetworkTries => (60, Some(200)),
            Self::Organisation | Self::Prefix => (1, None),
        }
    }

    /// To be counted for an organisation under its own digest of `value`.
    pub(crate) fn of(self, org_id: &str, vault: &OrgVault, value: &str) -> Ask {
        let (hourly, daily) = self.most();
        let key = vault.fingerprint("limit", value);
        Ask { org_id: org_id.to_owned(), limit: self, key, hourly, daily }
    }

    /// The same with a limit that the organisation set.
    pub(crate) fn up_to(self, org_id: &str, vault: &OrgVault, value: &str, hourly: i32) -> Ask {
        Ask { hourly, ..self.of(org_id, vault, value) }
    }
}

/// An address of mail as limits count it: in lower case, in the one spelling of Unicode (NFC), and without a `+tag`,
/// which would make one mailbox many. A domain in other scripts counts as its ASCII form.
pub(crate) fn mailbox(address: &str) -> String {
    // composed before and after: a letter in lower case may be spelled in another way than the capital was
    let lower: String = address.trim().nfc().flat_map(char::to_lowercase).nfc().collect();
    match lower.rsplit_once('@') {
        Some((local, domain)) => {
            let local = local.split('+').next().unwrap_or(local);
            format!("{local}@{}", ascii(domain.trim_end_matches('.')))
        }
        None => lower,
    }
}

fn ascii(domain: &str) -> String {
    match url::Host::parse(domain) {
        Ok(host) => host.to_string(),
        Err(_) => domain.to_owned(),
    }
}

/// A client's address as limits count it: the whole of IPv4, the first 64 bits of IPv6, which one client has to itself.
pub(crate) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{:x}/64", u128::from(address) >> 64),
    }
}

/// Seconds until one more fits, of `hits` that leave no room at `now`.
pub(crate) fn seconds_until_room(
    hits: &[DateTime<Utc>],
    hourly: i32,
    daily: Option<i32>,
    now: DateTime<Utc>,
) -> i64 {
    let mut sorted = hits.to_vec();
    sorted.sort_unstable();
    let wait = |most: i32, window: TimeDelta| {
        let recent: Vec<_> = sorted.iter().filter(|hit| **hit > now - window).collect();
        let excess = recent.len().checked_sub(usize::try_from(most).unwrap_or(1))?;
        recent.get(excess).map(|hit| **hit + window - now)
    };
    let daily = daily.and_then(|most| wait(most, TimeDelta::days(1)));
    let longest = wait(hourly, TimeDelta::hours(1)).max(daily);
    longest.map_or(1, |span| span.num_seconds().saturating_add(1).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mailbox_is_one_address() {
        for address in ["Ana@Example.com", "ana+1@example.com", "ana+a+b@example.COM", " ana@example.com. "] {
            assert_eq!(mailbox(address), "ana@example.com", "{address}");
        }
        assert_eq!(mailbox("ana@bücher.example"), mailbox("Ana@XN--BCHER-KVA.example"));
        for (composed, other) in [
            ("jos\u{e9}@example.com", "Jose\u{301}@example.com"),
            ("\u{e5}sa@example.com", "\u{212b}sa@example.com"),
            ("\u{1ed9}@example.com", "O\u{302}\u{323}@example.com"),
        ] {
            assert_eq!(mailbox(composed), mailbox(other), "{other}");
        }
        assert_ne!(
            mailbox("jose@example.com"),
            mailbox("jos\u{e9}@example.com"),
            "another mailbox stays another"
        );
    }

    #[test]
    fn one_client_is_one_network() {
        let network = |text: &str| network(text.parse().unwrap());
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:203.0.113.9"), network("203.0.113.9"));
        assert_ne!(network("203.0.113.9"), network("203.0.113.10"));
    }

    #[test]
    fn whoever_is_turned_away_hears_for_how_long() {
        let now = crate::clock::now();
        let hits: Vec<_> = (1..=5).map(|minutes| now - TimeDelta::minutes(10 * minutes)).collect();
        assert_eq!(seconds_until_room(&hits, 5, Some(10), now), 601, "the oldest leaves in ten minutes");
        assert_eq!(seconds_until_room(&hits, 4, None, now), 1201);
        assert_eq!(seconds_until_room(&hits, 9, Some(5), now), 23 * 3600 + 601);
        assert_eq!(seconds_until_room(&hits, 9, None, now), 1, "there is room");
    }
}
