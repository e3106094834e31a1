//! What this event names, so that its past can be known.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use crate::features::Features;
use crate::rule::catalogue::Seen;

/// Pairs of a list and what matched: there are fewer.
pub(super) const LISTS_MAX: u32 = 32;

pub(super) fn device(f: &Features) -> bool {
    f.event.has_device
}

pub(super) fn ip(f: &Features) -> bool {
    f.event.has_ip
}

pub(super) fn card(f: &Features) -> bool {
    f.event.has_card
}

pub(super) fn amount(f: &Features) -> bool {
    f.event.amount.is_some()
}

pub(super) fn destination(f: &Features) -> bool {
    f.event.destination.is_some()
}

pub(super) fn countries(f: &Features) -> bool {
    f.event.country.is_some() && f.history.countries > 0
}

pub(super) fn networks(f: &Features) -> bool {
    f.event.has_ip && f.history.networks > 0
}

/// Each pair once, so that many entries of one list cannot push another out of sight.
pub(super) fn lists(f: &Features) -> Seen<'_> {
    let mut pairs: Vec<Cow<'_, str>> = Vec::new();
    for found in &f.history.lists {
        let pair = format!("{}:{}", found.list, found.kind);
        if !pairs.iter().any(|known| *known == pair) && pairs.len() < LISTS_MAX as usize {
            pairs.push(Cow::Owned(pair));
        }
    }
    Seen::Texts(pairs)
}

/// Hours from `then` to the decision, with fractions.
#[expect(clippy::cast_precision_loss, reason = "seconds of a few centuries")]
pub(super) fn hours(f: &Features, then: DateTime<Utc>) -> Seen<'static> {
    Seen::Double(f.history.seconds_since(then) as f64 / 3600.0)
}
