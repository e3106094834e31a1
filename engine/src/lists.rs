//! The organisation's lists: whom and what it denies, watches or allows, and which addresses hide where they come from.
//!
//! It owns what an entry is, how one is read and how lists travel as CSV. It never stores, matches or weighs one.

mod range;
mod read;
mod sheet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::problem::FieldError;

pub(crate) use read::{Listing, read_all};
pub use sheet::LINES_MAX;
pub(crate) use sheet::{Sheet, to_csv};

/// Most entries that are added in one call; more of them come as CSV.
pub const ENTRIES_MAX: usize = 1000;

/// A list of an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListName {
    /// Never let through.
    Deny,
    /// Looked at more closely.
    Watch,
    /// Known and trusted.
    Allow,
    /// Exits of an anonymity network.
    Tor,
    /// Computers for hire.
    Hosting,
    /// Relays and proxies.
    Relay,
}

/// What an entry names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A subject, by its id.
    Subject,
    /// A device, by its id.
    Device,
    /// An address or a range of addresses.
    Ip,
    /// The domain of subjects' e-mail addresses; not the domains below it.
    EmailDomain,
    /// A destination, by its id.
    Destination,
}

/// An entry as somebody wrote it: every field text, nothing read yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewEntry {
    /// Name of a [`ListName`].
    pub list: Option<String>,
    /// Name of an [`EntryKind`].
    pub kind: Option<String>,
    /// Whom or what it names.
    pub value: Option<String>,
    /// Why, for whoever reads the list later: 1 to 500 characters.
    pub reason: Option<String>,
    /// RFC 3339; until it is ended where nothing is said.
    pub expires_at: Option<String>,
}

/// An entry as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// `lst_...`.
    pub entry_id: String,
    /// Name of a [`ListName`].
    pub list: String,
    /// Name of an [`EntryKind`].
    pub kind: String,
    /// Whom or what it names, in its one form.
    pub value: String,
    /// Why.
    pub reason: String,
    /// Who added it.
    pub author: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// From when on it counts no longer.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was ended by hand.
    pub ended_at: Option<DateTime<Utc>>,
    /// By whom.
    pub ended_by: Option<String>,
    /// It counts now: neither ended nor expired.
    pub active: bool,
}

impl ListName {
    /// All lists.
    pub const ALL: [Self; 6] = [Self::Deny, Self::Watch, Self::Allow, Self::Tor, Self::Hosting, Self::Relay];

    /// The word used in SQL, in commands and in documentation.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Watch => "watch",
            Self::Allow => "allow",
            Self::Tor => "tor",
            Self::Hosting => "hosting",
            Self::Relay => "relay",
        }
    }

    /// Reads the word.
    ///
    /// # Errors
    /// A [`FieldError`] at `pointer` that says which words there are.
    pub fn read(pointer: &str, word: &str) -> Result<Self, FieldError> {
        Self::ALL.into_iter().find(|list| list.as_str() == word).ok_or_else(|| {
            FieldError::new(pointer, format!("must be one of {}", Self::ALL.map(Self::as_str).join(", ")))
        })
    }

    /// It tells of networks, so it holds addresses alone.
    fn is_of_networks(self) -> bool {
        matches!(self, Self::Tor | Self::Hosting | Self::Relay)
    }
}

impl EntryKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Subject, Self::Device, Self::Ip, Self::EmailDomain, Self::Destination];

    /// The word used in SQL, in commands and in documentation, and the one that keys are made with.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Device => "device",
            Self::Ip => "ip",
            Self::EmailDomain => "email_domain",
            Self::Destination => "destination",
        }
    }

    /// Reads the word.
    ///
    /// # Errors
    /// A [`FieldError`] at `pointer` that says which words there are.
    pub fn read(pointer: &str, word: &str) -> Result<Self, FieldError> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| {
            FieldError::new(pointer, format!("must be one of {}", Self::ALL.map(Self::as_str).join(", ")))
        })
    }
}

#[cfg(test)]
mod tests;
