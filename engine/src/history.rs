//! `History`: what the store knows of a subject before the event that is judged.
//!
//! All windows end at `now`, and the event itself is never counted. It is read in one statement and judged
//! without a further look at the store or the clock.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::event::Event;

/// What is known of the subject before this event.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The store's time of the decision.
    pub now: DateTime<Utc>,
    /// Earlier events of the subject in 90 days, counted up to 500.
    pub events: i64,
    /// When the subject was first seen.
    pub first_seen_at: Option<DateTime<Utc>>,
    /// When this device was first seen for this subject, within 90 days.
    pub device_first_seen_at: Option<DateTime<Utc>>,
    /// Earlier events whose country is known.
    pub countries: i64,
    /// True when this event's country is among theirs.
    pub country_seen: bool,
    /// Earlier sensitive events within one hour.
    pub sensitive_1h: i64,
    /// Latest earlier change of e-mail, phone or address.
    pub contact_changed_at: Option<DateTime<Utc>>,
    /// Earlier amounts of the same category and currency.
    pub amounts: i64,
    /// What 95 of 100 of those amounts do not exceed.
    pub amount_p95: Option<Decimal>,
    /// When this destination was first seen for this subject.
    pub destination_first_seen_at: Option<DateTime<Utc>>,
    /// Sum of earlier payouts and withdrawals within 24 hours, in the currency of this event.
    pub outflow_24h: Decimal,
    /// Latest challenge within 7 days that was locked or ran out unanswered.
    pub challenge_failed_at: Option<DateTime<Utc>>,
    /// Latest challenge within 7 days that was answered with "guided" or "unsure".
    pub challenge_guided_at: Option<DateTime<Utc>>,
}

impl History {
    /// Whole hours between `then` and `now`; zero when `then` lies ahead, as clocks of others may differ.
    #[must_use]
    pub fn hours_since(&self, then: DateTime<Utc>) -> i64 {
        self.now.signed_duration_since(then).num_hours().max(0)
    }

    /// Whole hours that something made at `created` was old when `event` happened: a delivery that comes late makes
    /// an account or a destination no older. A time of the event that lies ahead counts as now.
    #[must_use]
    pub fn hours_at(&self, event: &Event, created: DateTime<Utc>) -> i64 {
        let happened = event.occurred_at.map_or(self.now, |time| time.min(self.now));
        happened.signed_duration_since(created).num_hours().max(0)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn hours_are_whole_and_never_negative() {
        let history = History::default();
        let table = [(0, 0), (59, 0), (60, 1), (24 * 60 - 1, 23), (24 * 60, 24), (-600, 0)];
        for (minutes, hours) in table {
            let then = history.now - TimeDelta::minutes(minutes);
            assert_eq!(history.hours_since(then), hours, "{minutes} minutes");
        }
    }
}
