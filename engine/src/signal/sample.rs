//! Events and histories for the tests of this crate's pure rooms.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::Finding;
use crate::event::{Draft, Event};
use crate::features::Features;
use crate::history::History;

/// The time at which samples are judged.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

/// So many hours before [`now`].
pub(crate) fn hours_ago(hours: i64) -> DateTime<Utc> {
    now() - TimeDelta::hours(hours)
}

/// One second less than so many hours before [`now`].
pub(crate) fn just_under(hours: i64) -> DateTime<Utc> {
    hours_ago(hours) + TimeDelta::seconds(1)
}

/// A subject without a past.
pub(crate) fn history() -> History {
    History { now: now(), ..History::default() }
}

/// An event of this type with the further `members` of its document.
pub(crate) fn event(event_type: &str, mut members: Value) -> Event {
    members["id"] = "evt-1".into();
    members["type"] = event_type.into();
    members["subject"]["id"] = "user_42".into();
    Draft::from_json(members.to_string().as_bytes()).unwrap().strict().unwrap()
}

/// What is judged of such an event after such a past.
pub(crate) fn features(event_type: &str, members: Value, history: History) -> Features {
    Features::new(&event(event_type, members), history)
}

/// The points of a hit, below zero for trust, none for a miss, the missing field otherwise.
pub(crate) fn outline(finding: Finding) -> Result<i32, &'static str> {
    match finding {
        Finding::Hit { points, detail } => {
            assert!(!detail.is_empty() && points != 0);
            Ok(points)
        }
        Finding::Miss => Ok(0),
        Finding::Unknown { field } => Err(field),
    }
}
