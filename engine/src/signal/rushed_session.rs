//! `RUSHED_SESSION`: straight from signing in to what a scammer wants done, on a device hardly known.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, read_points};
use crate::features::Features;

/// Points for a sensitive action at the very start of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RushedSession {
    /// Whether it counts.
    pub mode: Mode,
    /// What it adds.
    #[serde(deserialize_with = "read_points")]
    pub points: i32,
    /// Less than so many seconds after the session began or the subject signed in, whichever came last.
    pub below_seconds: u32,
    /// Only on a device that is new to the subject, or was first seen less than so many hours ago.
    pub device_below_hours: u32,
}

impl Default for RushedSession {
    fn default() -> Self {
        Self { mode: Mode::Live, points: 8, below_seconds: 120, device_below_hours: 24 }
    }
}

impl RushedSession {
    fn knows_device(&self, features: &Features) -> bool {
        let Features { event, history } = features;
        let old = |seen| history.hours_since(seen) >= i64::from(self.device_below_hours);
        event.has_device && history.device_first_seen_at.is_some_and(old)
    }
}

impl Signal for RushedSession {
    fn code(&self) -> &'static str {
        "RUSHED_SESSION"
    }

    fn group(&self) -> Group {
        Group::Behaviour
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let event = &features.event;
        if !event.is_sensitive() || self.knows_device(features) {
            return Finding::Miss;
        }
        let Some(seconds) = seconds_in(features) else {
            return Finding::Unknown { field: "device.session_started_at" };
        };
        if seconds >= i64::from(self.below_seconds) {
            return Finding::Miss;
        }
        if !event.has_device {
            return Finding::Unknown { field: "device.id" };
        }
        Finding::hit(self.points, format!("{seconds} seconds into the session, on a device hardly known"))
    }
}

/// Seconds from the last start to the event. The session's own start is of the sender's clock, so it is compared
/// with when the event happened.
fn seconds_in(features: &Features) -> Option<i64> {
    let history = &features.history;
    let session = features.event.session_started_at.map(|started| features.seconds_at(started));
    let login = history.login_at.map(|login| history.seconds_since(login));
    session.into_iter().chain(login).min()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use serde_json::json;

    use super::*;
    use crate::history::History;
    use crate::signal::sample::{event, features, history, hours_ago, just_under, now, outline};

    /// What is found so many seconds into a session, on a device first seen at that time.
    fn judged(event_type: &str, seconds: i64, device_first_seen_at: Option<DateTime<Utc>>) -> i32 {
        let mut event = event(event_type, json!({"device": {"id": "d"}}));
        event.device.session_started_at = Some(now() - TimeDelta::seconds(seconds));
        let history = History { device_first_seen_at, ..history() };
        outline(RushedSession::default().judge(&Features::new(&event, history))).unwrap()
    }

    #[test]
    fn haste_counts_on_a_device_hardly_known() {
        let table = [
            ("payout.created", 0, None, 8),
            ("payout.created", 119, None, 8),
            ("payout.created", 120, None, 0),
            ("payout.created", 119, Some(just_under(24)), 8),
            ("payout.created", 119, Some(hours_ago(24)), 0),
            ("password.reset", 5, None, 8),
            ("order.created", 5, None, 0),
            ("login.succeeded", 5, None, 0),
        ];
        for (event_type, seconds, device, points) in table {
            assert_eq!(judged(event_type, seconds, device), points, "{event_type} {seconds} {device:?}");
        }
    }

    #[test]
    fn sign_in_counts_like_a_session_that_began() {
        let device = json!({"device": {"id": "d"}});
        let old_session = json!({"device": {"id": "d", "session_started_at": "2026-11-22T09:00:00Z"}});
        let (minute, hour) = (Some(now() - TimeDelta::seconds(60)), Some(hours_ago(1)));
        let table = [
            (&device, minute, Ok(8)),
            (&device, hour, Ok(0)),
            (&old_session, minute, Ok(8)),
            (&old_session, hour, Ok(0)),
            (&device, None, Err("device.session_started_at")),
            (&json!({}), minute, Err("device.id")),
            (&json!({}), hour, Ok(0)),
        ];
        for (members, login_at, expected) in table {
            let history = History { login_at, ..history() };
            let finding =
                RushedSession::default().judge(&features("payout.created", members.clone(), history));
            assert_eq!(outline(finding), expected, "{members} {login_at:?}");
        }
    }
}
