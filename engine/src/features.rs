//! `Features`: all that a decision looks at, without personal data.
//!
//! Made once from an event and the history of its subject, stored beside the decision, and enough to judge it again:
//! the same features under the same policy always give the same reasons.

mod facts;
mod words;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::history::History;

pub use facts::{DestinationFacts, Fact, Facts};

/// What a decision is made from. What an older snapshot lacks is unknown.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Features {
    /// What the event says.
    pub event: Facts,
    /// What was known before it.
    pub history: History,
}

impl Features {
    /// Takes from `event` what may be kept and judged.
    #[must_use]
    pub fn new(event: &Event, history: History) -> Self {
        Self { event: Facts::of(event), history }
    }

    /// Whole hours that something made at `created` was old when the event happened: a delivery that comes late
    /// makes an account or a destination no older. A time of the event that lies ahead counts as now.
    #[must_use]
    pub fn hours_at(&self, created: DateTime<Utc>) -> i64 {
        self.age_at(created).num_hours().max(0)
    }

    /// The same in whole seconds.
    #[must_use]
    pub fn seconds_at(&self, created: DateTime<Utc>) -> i64 {
        self.age_at(created).num_seconds().max(0)
    }

    fn age_at(&self, created: DateTime<Utc>) -> TimeDelta {
        let happened = self.event.occurred_at.map_or(self.history.now, |time| time.min(self.history.now));
        happened.signed_duration_since(created)
    }

    /// Reads a stored snapshot.
    ///
    /// # Errors
    /// When the text is no snapshot.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_is_that_at_the_event_and_not_at_its_delivery() {
        let now = DateTime::<Utc>::default();
        let hour = TimeDelta::hours(1);
        let table = [
            (None, now - hour, 3600),
            (Some(now - hour), now - hour, 0),
            (Some(now - hour), now - hour - TimeDelta::seconds(59), 59),
            (Some(now + hour), now - hour, 3600),
            (Some(now - hour), now, 0),
        ];
        for (occurred_at, created, seconds) in table {
            let features = Features {
                event: Facts { occurred_at, ..Facts::default() },
                history: History { now, ..History::default() },
            };
            assert_eq!(features.seconds_at(created), seconds, "{occurred_at:?} {created}");
            assert_eq!(features.hours_at(created), seconds / 3600, "{occurred_at:?} {created}");
        }
    }
}
