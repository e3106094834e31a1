//! What a condition may ask of the past. Times are ages in hours, with fractions, when the decision is made.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use rust_decimal::prelude::ToPrimitive;

use super::{Feature, Kind, Seen};
use crate::features::Features;

/// How many of the last amounts are kept.
const AMOUNTS_MAX: u32 = 20;
/// Pairs of a list and what matched: there are fewer.
const LISTS_MAX: u32 = 32;
/// Names of what can come over from another event: there are fewer.
const INHERITED_MAX: u32 = 16;

type Read = for<'a> fn(&'a Features) -> Option<Seen<'a>>;

const fn one(name: &'static str, kind: Kind, unit: &'static str, doc: &'static str, read: Read) -> Feature {
    Feature { name, kind, unit, doc, items_max: 0, read }
}

const fn list(name: &'static str, kind: Kind, doc: &'static str, items_max: u32, read: Read) -> Feature {
    Feature { name, kind, unit: "", doc, items_max, read }
}

macro_rules! count {
    ($field:ident, $doc:literal) => {
        one(concat!("history.", stringify!($field)), Kind::Int, "", $doc, |f| {
            Some(Seen::Int(f.history.$field))
        })
    };
}

macro_rules! flag {
    ($field:ident, $doc:literal) => {
        one(concat!("history.", stringify!($field)), Kind::Bool, "", $doc, |f| {
            Some(Seen::Bool(f.history.$field))
        })
    };
}

macro_rules! age {
    ($name:literal, $field:ident, $doc:literal) => {
        one(concat!("history.", $name), Kind::Double, "hours", $doc, |f| Some(hours(f, f.history.$field?)))
    };
}

pub(super) static FEATURES: &[Feature] = &[
    count!(events, "Earlier events of the subject in 90 days, counted up to 500."),
    age!("first_seen_hours", first_seen_at, "Since the subject was first seen. Absent when it is new."),
    age!("previous_hours", previous_at, "Since it was last seen. Absent when it is new."),
    count!(events_near_hour, "Earlier events within an hour of this time of day, whichever the day."),
    flag!(account_restricted, "The account was last told to be disabled, restricted or the like."),
    age!(
        "device_first_seen_hours",
        device_first_seen_at,
        "Since this device was first seen for this subject. Absent when it is new."
    ),
    count!(device_subjects_30d, "Other subjects on this device within 30 days."),
    count!(countries, "Earlier events whose country is known."),
    flag!(country_seen, "This event's country is among theirs."),
    count!(networks, "Earlier events whose network is known."),
    flag!(network_seen, "This event's network is among theirs."),
    count!(ip_subjects_1h, "Other subjects on this address within one hour."),
    one(
        "history.travel_km",
        Kind::Int,
        "kilometres",
        "From the last known place. Absent when either is unknown.",
        |f| f.history.travel.map(|travel| Seen::Int(travel.km)),
    ),
    one(
        "history.travel_km_per_hour",
        Kind::Int,
        "kilometres an hour",
        "Speed of that way. Absent when either place is unknown.",
        |f| f.history.travel.map(|travel| Seen::Int(travel.km_per_hour())),
    ),
    one(
        "history.travel_proxied",
        Kind::Bool,
        "",
        "Either end is a proxy, so the way says nothing. Absent like the way.",
        |f| f.history.travel.map(|travel| Seen::Bool(travel.proxied)),
    ),
    count!(sensitive_1h, "Earlier sensitive events within one hour."),
    count!(login_failures_1h, "Failed sign-ins within one hour."),
    count!(login_failures_24h, "Failed sign-ins within 24 hours."),
    count!(otp_failures_24h, "Wrong one-time codes within 24 hours."),
    age!("login_hours", login_at, "Since the latest successful sign-in. Absent without one."),
    age!(
        "contact_changed_hours",
        contact_changed_at,
        "Since e-mail, phone or address last changed. Absent without a change."
    ),
    age!(
        "credential_changed_hours",
        credential_changed_at,
        "Since a password, second factor or recovery last changed. Absent without a change."
    ),
    count!(amounts, "Earlier amounts of the same category and currency."),
    one(
        "history.amount_p95",
        Kind::Double,
        "units of `event.currency`",
        "What 95 of 100 of those amounts do not exceed. Absent without any.",
        |f| f.history.amount_p95?.to_f64().map(Seen::Double),
    ),
    one(
        "history.org_amount_p95",
        Kind::Double,
        "units of `event.currency`",
        "The same over all subjects of the organisation. Absent until it is worked out.",
        |f| f.history.org_amount_p95?.to_f64().map(Seen::Double),
    ),
    list(
        "history.amounts_7d",
        Kind::Doubles,
        "The last amounts of the same category and currency within 7 days, in units of `event.currency`, newest first, up to 20.",
        AMOUNTS_MAX,
        |f| {
            let amounts = f.history.amounts_7d.iter().take(AMOUNTS_MAX as usize);
            Some(Seen::Doubles(amounts.filter_map(ToPrimitive::to_f64).collect()))
        },
    ),
    one(
        "history.outflow_24h",
        Kind::Double,
        "units of `event.currency`",
        "Sum of earlier payouts and withdrawals within 24 hours.",
        |f| f.history.outflow_24h.to_f64().map(Seen::Double),
    ),
    age!(
        "destination_first_seen_hours",
        destination_first_seen_at,
        "Since this destination was first seen for this subject. Absent when it is new."
    ),
    count!(destination_uses, "Earlier events of the subject to this destination."),
    count!(destination_subjects_7d, "Other subjects that sent to this destination within 7 days."),
    count!(device_payment_failures_1h, "Failed payments within one hour with this device."),
    count!(ip_payment_failures_1h, "Failed payments within one hour from this address."),
    count!(card_payment_failures_1h, "Failed payments within one hour with this card."),
    count!(disputes_180d, "Disputes within 180 days against the subject, the device or the card."),
    age!(
        "fraud_warning_hours",
        fraud_warning_at,
        "Since the latest early fraud warning within 180 days. Absent without one."
    ),
    age!(
        "challenge_failed_hours",
        challenge_failed_at,
        "Since the latest challenge within 7 days that was locked or ran out. Absent without one."
    ),
    age!(
        "challenge_guided_hours",
        challenge_guided_at,
        "Since the latest challenge within 7 days that was answered with \"guided\" or \"unsure\". Absent without one."
    ),
    list(
        "history.lists",
        Kind::Texts,
        "Entries of the organisation's lists that match, each as `list:kind`, such as `deny:device`.",
        LISTS_MAX,
        |f| Some(lists(f)),
    ),
    list(
        "history.inherited",
        Kind::Texts,
        "What came over from events that this one is linked to, such as `device.id`.",
        INHERITED_MAX,
        |f| {
            let names = f.history.inherited.iter().take(INHERITED_MAX as usize);
            Some(Seen::Texts(names.map(|name| Cow::Borrowed(name.as_str())).collect()))
        },
    ),
];

/// Each pair once, so that many entries of one list cannot push another out of sight.
fn lists(f: &Features) -> Seen<'_> {
    let mut pairs: Vec<Cow<'_, str>> = Vec::new();
    for found in &f.history.lists {
        let pair = format!("{}:{}", found.list, found.kind);
        if !pairs.iter().any(|known| *known == pair) && pairs.len() < LISTS_MAX as usize {
            pairs.push(Cow::Owned(pair));
        }
    }
    Seen::Texts(pairs)
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a few centuries")]
fn hours(f: &Features, then: DateTime<Utc>) -> Seen<'static> {
    Seen::Double(f.history.seconds_since(then) as f64 / 3600.0)
}
