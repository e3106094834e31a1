//! What a condition may ask of the event.

use chrono::{DateTime, Timelike as _, Utc};
use rust_decimal::prelude::ToPrimitive as _;

use super::{Feature, Kind, Seen};
use crate::event::NameMatch;
use crate::features::Features;

/// How many items of a list of the event a condition sees: as many as an event may carry.
const ITEMS_MAX: u32 = 128;

type Read = for<'a> fn(&'a Features) -> Option<Seen<'a>>;

const fn one(name: &'static str, kind: Kind, unit: &'static str, doc: &'static str, read: Read) -> Feature {
    Feature { name, kind, unit, doc, items_max: 0, read }
}

const fn text(name: &'static str, doc: &'static str, read: Read) -> Feature {
    one(name, Kind::Text, "", doc, read)
}

const fn flag(name: &'static str, doc: &'static str, read: Read) -> Feature {
    one(name, Kind::Bool, "", doc, read)
}

const fn double(name: &'static str, unit: &'static str, doc: &'static str, read: Read) -> Feature {
    one(name, Kind::Double, unit, doc, read)
}

const fn int(name: &'static str, unit: &'static str, doc: &'static str, read: Read) -> Feature {
    one(name, Kind::Int, unit, doc, read)
}

const fn texts(name: &'static str, doc: &'static str, read: Read) -> Feature {
    Feature { name, kind: Kind::Texts, unit: "", doc, items_max: ITEMS_MAX, read }
}

pub(super) static FEATURES: &[Feature] = &[
    text("event.type", "What happened, such as `payout.created`.", |f| {
        Some(Seen::Text(f.event.event_type.as_str()))
    }),
    text("event.category", "The kind of action behind the type, such as `payout`.", |f| {
        Some(Seen::Text(f.event.category().as_str()))
    }),
    flag("event.test", "A test or sandbox event.", |f| Some(Seen::Bool(f.event.test))),
    double(
        "event.amount",
        "units of `event.currency`",
        "How much. Absent when the event names no amount.",
        |f| f.event.amount.as_ref()?.value.to_f64().map(Seen::Double),
    ),
    text("event.currency", "ISO 4217 code of the amount, upper case. Absent without an amount.", |f| {
        Some(Seen::Text(&f.event.amount.as_ref()?.currency))
    }),
    double(
        "event.balance",
        "units of `event.currency`",
        "What the subject had before. Absent when unknown, or in another currency than the amount.",
        balance,
    ),
    text("event.country", "ISO 3166-1 alpha-2 country of the connection. Absent when unknown.", |f| {
        f.event.country.as_deref().map(Seen::Text)
    }),
    text("event.billing_country", "Country of the payer. Absent when unknown.", |f| {
        f.event.billing_country.as_deref().map(Seen::Text)
    }),
    text("event.shipping_country", "Country of the recipient. Absent when unknown.", |f| {
        f.event.shipping_country.as_deref().map(Seen::Text)
    }),
    texts("event.flags", "The device's flags, such as `call_active`.", |f| Some(list(&f.event.flags))),
    texts("event.changes", "Names of the fields that changed, such as `email`.", |f| {
        Some(list(&f.event.changes))
    }),
    flag("event.has_device", "The device is known by an id.", |f| Some(Seen::Bool(f.event.has_device))),
    flag("event.has_ip", "The address of the connection was given.", |f| Some(Seen::Bool(f.event.has_ip))),
    flag("event.has_card", "A card is known by its fingerprint.", |f| Some(Seen::Bool(f.event.has_card))),
    flag("event.has_place", "Coordinates of the connection were given.", |f| {
        Some(Seen::Bool(f.event.has_place))
    }),
    flag("event.has_destination", "The event says where money or goods would go.", |f| {
        Some(Seen::Bool(f.event.destination.is_some()))
    }),
    double(
        "event.provider_score",
        "of 100",
        "The highest rating that came with the event. Absent without one.",
        |f| f.event.signals.iter().map(|signal| signal.score).max_by(f64::total_cmp).map(Seen::Double),
    ),
    one(
        "event.attributes",
        Kind::Attributes,
        "",
        "Further facts by name: `event.attributes.risk_level`, `event.attributes[\"a.b\"]`, `\"a.b\" in \
         event.attributes`. Each is a bool, a double or a string; one that is not there is absent.",
        |f| Some(Seen::Attributes(&f.event.attributes)),
    ),
    int("event.session_age_seconds", "seconds", "How long the session lasts. Absent when unknown.", |f| {
        f.event.session_started_at.map(|then| Seen::Int(seconds(f, then)))
    }),
    double("event.account_age_hours", "hours", "Age of the account. Absent when unknown.", |f| {
        f.event.account_created_at.map(|then| hours(f, then))
    }),
    double("event.destination_age_hours", "hours", "Age of the destination. Absent when unknown.", |f| {
        f.event.destination.as_ref()?.created_at.map(|then| hours(f, then))
    }),
    text("event.name_match", "Payee-name check: `none`, `close` or `full`. Absent without one.", |f| {
        f.event.destination.as_ref()?.name_match.map(|found| Seen::Text(name_match(found)))
    }),
    int(
        "event.local_hour",
        "hour of the day, 0 to 23",
        "By the sun at the place. Absent without one.",
        |f| {
            let ahead = i64::from(f.event.sun_offset?);
            Some(Seen::Int((i64::from(happened(f).hour()) + ahead).rem_euclid(24)))
        },
    ),
];

fn list(items: &[String]) -> Seen<'_> {
    Seen::Texts(items.iter().take(ITEMS_MAX as usize).map(|item| item.as_str().into()).collect())
}

/// Amounts of different currencies are never compared.
fn balance(f: &Features) -> Option<Seen<'_>> {
    let balance = f.event.balance.as_ref()?;
    let comparable = f.event.amount.as_ref().is_none_or(|amount| amount.currency == balance.currency);
    if comparable { balance.value.to_f64().map(Seen::Double) } else { None }
}

fn name_match(found: NameMatch) -> &'static str {
    match found {
        NameMatch::None => "none",
        NameMatch::Close => "close",
        NameMatch::Full => "full",
    }
}

/// When it happened; a time of the event that lies ahead counts as now.
fn happened(f: &Features) -> DateTime<Utc> {
    f.event.occurred_at.map_or(f.history.now, |time| time.min(f.history.now))
}

fn seconds(f: &Features, then: DateTime<Utc>) -> i64 {
    happened(f).signed_duration_since(then).num_seconds().max(0)
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a few centuries")]
fn hours(f: &Features, then: DateTime<Utc>) -> Seen<'static> {
    Seen::Double(seconds(f, then) as f64 / 3600.0)
}
