//! Reads a [`NewEntry`] into a [`Listing`], field by field, naming the field that is wrong.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use chrono::{DateTime, Utc};

use super::range::{AddressRange, RangeError};
use super::{EntryKind, ListName, NewEntry};
use crate::event::{is_domain, is_unsafe_char};
use crate::problem::FieldError;

/// Longest id that an entry names, as in events.
const ID_MAX: usize = 255;
/// Longest reason, in characters.
const REASON_MAX: usize = 500;

type Read<T> = Result<T, FieldError>;

/// An entry whose every field is good and in its one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listing {
    pub(crate) list: ListName,
    pub(crate) kind: EntryKind,
    pub(crate) value: String,
    /// The range as a `cidr`, for addresses alone.
    pub(crate) network: Option<String>,
    pub(crate) reason: String,
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

/// Reads all of them as of `now`, or says which is wrong: `/entries/3/value`.
pub(crate) fn read_all(entries: Vec<NewEntry>, now: DateTime<Utc>) -> Read<Vec<Listing>> {
    let mut seen = HashMap::with_capacity(entries.len());
    let mut read = Vec::with_capacity(entries.len());
    for (index, entry) in entries.into_iter().enumerate() {
        let listing = entry.read(&format!("/entries/{index}"), now)?;
        match seen.entry((listing.list, listing.kind, listing.value.clone())) {
            Slot::Vacant(slot) => slot.insert(index),
            Slot::Occupied(_) => {
                let detail = "is named by an earlier entry of the same list; leave one of the two out";
                return Err(FieldError::new(format!("/entries/{index}/value"), detail));
            }
        };
        read.push(listing);
    }
    Ok(read)
}

impl NewEntry {
    fn read(self, place: &str, now: DateTime<Utc>) -> Read<Listing> {
        let at = |field: &str| format!("{place}/{field}");
        let list = ListName::read(&at("list"), &given(&at("list"), self.list)?)?;
        let kind = EntryKind::read(&at("kind"), &given(&at("kind"), self.kind)?)?;
        if list.is_of_networks() && kind != EntryKind::Ip {
            let detail = format!("must be `ip`: the list `{}` holds addresses alone", list.as_str());
            return Err(FieldError::new(at("kind"), detail));
        }
        let (value, network) = value(&at("value"), list, kind, given(&at("value"), self.value)?)?;
        Ok(Listing {
            list,
            kind,
            value,
            network,
            reason: reason(&at("reason"), given(&at("reason"), self.reason)?)?,
            expires_at: expiry(&at("expires_at"), self.expires_at.as_deref(), now)?,
        })
    }
}

fn given(pointer: &str, text: Option<String>) -> Read<String> {
    match text {
        None => Err(FieldError::new(pointer, "is required")),
        Some(text) if text.is_empty() => Err(FieldError::new(pointer, "must not be empty")),
        Some(text) => Ok(text),
    }
}

/// The value in its one form and, for addresses, the range.
fn value(pointer: &str, list: ListName, kind: EntryKind, text: String) -> Read<(String, Option<String>)> {
    match kind {
        EntryKind::Ip => {
            let range = range(pointer, list, &text)?;
            Ok((range.to_string(), Some(range.cidr())))
        }
        // subjects are found by the part behind the `@`, in lower case
        EntryKind::EmailDomain => match text.to_lowercase() {
            domain if is_domain(&domain) => Ok((domain, None)),
            _ => Err(FieldError::new(
                pointer,
                "must be a domain with a dot, such as `mail.example`, without `@`",
            )),
        },
        EntryKind::Subject | EntryKind::Device | EntryKind::Destination => {
            // events hold the ids of devices to characters, those of all else to bytes
            let device = kind == EntryKind::Device;
            let (length, unit) =
                if device { (text.chars().count(), "characters") } else { (text.len(), "bytes") };
            if length > ID_MAX {
                return Err(FieldError::new(pointer, format!("must be at most {ID_MAX} {unit}")));
            }
            if text.chars().any(is_unsafe_char) {
                return Err(FieldError::new(pointer, "must not hold control or direction characters"));
            }
            Ok((text, None))
        }
    }
}

fn range(pointer: &str, list: ListName, text: &str) -> Read<AddressRange> {
    let range = AddressRange::parse(text).map_err(|error| {
        let detail = match error {
            RangeError::Shape => "must be an IPv4 or IPv6 address, or a range such as `203.0.113.0/24`",
            RangeError::Loose => {
                "must be a range that begins with its first address, such as `203.0.113.0/24`, or a single address"
            }
        };
        FieldError::new(pointer, detail)
    })?;
    if range.is_vast() && matches!(list, ListName::Deny | ListName::Allow) {
        let detail = "must not be wider than /8 (IPv4) or /16 (IPv6): write the ranges that are really meant";
        return Err(FieldError::new(pointer, detail));
    }
    Ok(range)
}

fn reason(pointer: &str, text: String) -> Read<String> {
    if text.trim().is_empty() || text.chars().count() > REASON_MAX {
        return Err(FieldError::new(pointer, format!("must be 1 to {REASON_MAX} characters")));
    }
    if text.chars().any(is_unsafe_char) {
        let detail = "must be one line without control or direction characters";
        return Err(FieldError::new(pointer, detail));
    }
    Ok(text)
}

fn expiry(pointer: &str, text: Option<&str>, now: DateTime<Utc>) -> Read<Option<DateTime<Utc>>> {
    let Some(text) = text else { return Ok(None) };
    match DateTime::parse_from_rfc3339(text).map(|time| time.with_timezone(&Utc)) {
        Ok(time) if time > now => Ok(Some(time)),
        Ok(_) => {
            let detail = "must lie in the future; leave it out for an entry that counts until it is ended";
            Err(FieldError::new(pointer, detail))
        }
        Err(_) => Err(FieldError::new(pointer, "must be an RFC 3339 time such as `2027-01-31T00:00:00Z`")),
    }
}
