//! `ACCOUNT_DORMANT`: an account that slept for months wakes up to move money.

use serde::{Deserialize, Serialize};

use super::step::{highest, steps};
use super::{Finding, Group, Mode, Signal, Step};
use crate::features::Features;
use crate::history::History;

/// How far back the history of a subject reaches.
const KNOWN_DAYS: i64 = 90;
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// Points by how long nothing was heard of the subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AccountDormant {
    /// Whether it counts.
    pub mode: Mode,
    /// For silences of more than so many days; how far beyond 90 days they go is not known.
    pub above_days: Vec<Step>,
}

impl Default for AccountDormant {
    fn default() -> Self {
        Self { mode: Mode::Live, above_days: steps([(30, 6), (90, 12)]) }
    }
}

impl Signal for AccountDormant {
    fn code(&self) -> &'static str {
        "ACCOUNT_DORMANT"
    }

    fn group(&self) -> Group {
        Group::Account
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let Features { event, history } = features;
        let Some(seconds) = silence(history).filter(|_| event.is_sensitive_or_order()) else {
            return Finding::Miss;
        };
        match highest(&self.above_days, |days| seconds > i64::from(days) * DAY_SECONDS) {
            Some(step) => Finding::hit(
                step.points,
                format!("nothing heard of this subject for more than {} days", step.limit),
            ),
            None => Finding::Miss,
        }
    }
}

/// Seconds since the subject was last seen. When that was before its history begins, it is more than the history
/// reaches back, and no more is known.
fn silence(history: &History) -> Option<i64> {
    let beyond = KNOWN_DAYS * DAY_SECONDS + 1;
    let last = history.previous_at.map(|seen| history.seconds_since(seen));
    last.or_else(|| history.first_seen_at.map(|seen| history.seconds_since(seen).min(beyond)))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use serde_json::json;

    use super::*;
    use crate::signal::sample::{features, history, hours_ago, outline};

    fn judged(
        event_type: &str,
        previous_at: Option<DateTime<Utc>>,
        first_seen_at: Option<DateTime<Utc>>,
    ) -> i32 {
        let history = History { first_seen_at, previous_at, ..history() };
        outline(AccountDormant::default().judge(&features(event_type, json!({}), history))).unwrap()
    }

    #[test]
    fn longer_silences_weigh_more() {
        let (month, quarter) = (hours_ago(30 * 24), hours_ago(90 * 24));
        let second = TimeDelta::seconds(1);
        let table = [
            ("payout.created", None, 0),
            ("payout.created", Some(hours_ago(-1)), 0),
            ("payout.created", Some(month), 0),
            ("payout.created", Some(month - second), 6),
            ("payout.created", Some(quarter), 6),
            ("payout.created", Some(quarter - second), 12),
            ("order.created", Some(quarter - second), 12),
            ("customer.updated", Some(quarter - second), 0),
            ("login.succeeded", Some(quarter - second), 0),
        ];
        for (event_type, previous_at, points) in table {
            assert_eq!(judged(event_type, previous_at, previous_at), points, "{event_type} {previous_at:?}");
        }
    }

    #[test]
    fn subject_seen_only_before_the_history_begins_was_silent_since() {
        let years_ago = Some(hours_ago(800 * 24));
        assert_eq!(judged("payout.created", None, years_ago), 12);
        assert_eq!(judged("payout.created", Some(hours_ago(1)), years_ago), 0);
        let history = History { first_seen_at: years_ago, ..history() };
        let patient = AccountDormant { above_days: steps([(91, 12)]), ..AccountDormant::default() };
        assert_eq!(outline(patient.judge(&features("payout.created", json!({}), history))), Ok(0));
    }
}
