//! What a condition may ask of the past. Times are ages in hours, with fractions, when the decision is made.

mod known;

use std::borrow::Cow;

use rust_decimal::prelude::ToPrimitive;

use self::known::{LISTS_MAX, amount, card, countries, destination, device, hours, ip, lists, networks};
use super::{Feature, Kind, Seen};
use crate::features::Features;

/// How many of the last amounts are kept.
const AMOUNTS_MAX: u32 = 20;
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

/// A count or an answer about something that this event may not name; then it is absent rather than 0 or false.
macro_rules! about {
    ($field:ident, $seen:ident, $known:ident, $doc:literal) => {
        one(concat!("history.", stringify!($field)), Kind::$seen, "", $doc, |f| {
            $known(f).then_some(Seen::$seen(f.history.$field))
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
    about!(
        device_subjects_30d,
        Int,
        device,
        "Other subjects on this device within 30 days. Absent without a device."
    ),
    count!(countries, "Earlier events whose country is known."),
    about!(
        country_seen,
        Bool,
        countries,
        "This event's country is among theirs. Absent when either is unknown."
    ),
    count!(networks, "Earlier events whose network is known."),
    about!(
        network_seen,
        Bool,
        networks,
        "This event's network is among theirs. Absent when either is unknown."
    ),
    about!(
        ip_subjects_1h,
        Int,
        ip,
        "Other subjects on this address within one hour. Absent without an address."
    ),
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
    about!(
        amounts,
        Int,
        amount,
        "Earlier amounts of the same category and currency. Absent without an amount."
    ),
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
        "Sum of earlier payouts and withdrawals within 24 hours. Absent without an amount.",
        |f| if amount(f) { f.history.outflow_24h.to_f64().map(Seen::Double) } else { None },
    ),
    age!(
        "destination_first_seen_hours",
        destination_first_seen_at,
        "Since this destination was first seen for this subject. Absent when it is new."
    ),
    about!(
        destination_uses,
        Int,
        destination,
        "Earlier events of the subject to this destination. Absent without one."
    ),
    about!(
        destination_subjects_7d,
        Int,
        destination,
        "Other subjects that sent to this destination within 7 days. Absent without one."
    ),
    about!(
        device_payment_failures_1h,
        Int,
        device,
        "Failed payments within one hour with this device. Absent without a device."
    ),
    about!(
        ip_payment_failures_1h,
        Int,
        ip,
        "Failed payments within one hour from this address. Absent without an address."
    ),
    about!(
        card_payment_failures_1h,
        Int,
        card,
        "Failed payments within one hour with this card. Absent without a card."
    ),
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
