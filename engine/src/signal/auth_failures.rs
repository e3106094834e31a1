//! `AUTH_FAILURES`: somebody tried passwords or codes until one fitted.

use serde::{Deserialize, Serialize};

use super::step::{highest, steps};
use super::{Finding, Group, Mode, Signal, Step};
use crate::features::Features;

/// Points by number of failures before this event; of the two lists, the one with more points counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AuthFailures {
    /// Whether it counts.
    pub mode: Mode,
    /// From so many failed sign-ins within one hour on.
    pub from_count_1h: Vec<Step>,
    /// From so many failed sign-ins and wrong one-time codes within 24 hours on.
    pub from_count_24h: Vec<Step>,
}

impl Default for AuthFailures {
    fn default() -> Self {
        Self { mode: Mode::Live, from_count_1h: steps([(3, 10)]), from_count_24h: steps([(10, 15)]) }
    }
}

impl Signal for AuthFailures {
    fn code(&self) -> &'static str {
        "AUTH_FAILURES"
    }

    fn group(&self) -> Group {
        Group::Velocity
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let history = &features.history;
        let hour = history.login_failures_1h;
        let day = history.login_failures_24h.saturating_add(history.otp_failures_24h);
        let in_hour = highest(&self.from_count_1h, |limit| hour >= i64::from(limit))
            .map(|step| (step.points, format!("{hour} failed sign-ins within one hour")));
        let in_day = highest(&self.from_count_24h, |limit| day >= i64::from(limit))
            .map(|step| (step.points, format!("{day} failed sign-ins and wrong codes within 24 hours")));
        match in_hour.into_iter().chain(in_day).max_by_key(|(points, _)| *points) {
            Some((points, detail)) => Finding::hit(points, detail),
            None => Finding::Miss,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::history::History;
    use crate::signal::sample::{features, history, outline};

    #[test]
    fn failures_count_by_the_hour_and_by_the_day() {
        let table = [
            (0, 0, 0, 0),
            (2, 2, 0, 0),
            (3, 3, 0, 10),
            (0, 9, 0, 0),
            (0, 10, 0, 15),
            (0, 4, 6, 15),
            (0, 0, 10, 15),
            (3, 3, 6, 10),
            (3, 3, 7, 15),
            (2, 2, 7, 0),
            (0, i64::MAX, i64::MAX, 15),
        ];
        for (login_failures_1h, login_failures_24h, otp_failures_24h, points) in table {
            let history = History { login_failures_1h, login_failures_24h, otp_failures_24h, ..history() };
            let finding = AuthFailures::default().judge(&features("login.succeeded", json!({}), history));
            assert_eq!(
                outline(finding),
                Ok(points),
                "{login_failures_1h} {login_failures_24h} {otp_failures_24h}"
            );
        }
    }

    #[test]
    fn more_points_win_whichever_list_they_stand_in() {
        let signal = AuthFailures { from_count_1h: steps([(3, 40)]), ..AuthFailures::default() };
        let history = History { login_failures_1h: 12, login_failures_24h: 12, ..history() };
        assert_eq!(outline(signal.judge(&features("payout.created", json!({}), history))), Ok(40));
    }
}
