//! `PRIOR_CHALLENGE_RISK`: what the person said or failed to say before weighs on what follows.

use serde::{Deserialize, Serialize};

use super::{Finding, Group, Mode, Signal, age, read_points};
use crate::features::Features;

/// Points for challenges of the last days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PriorChallengeRisk {
    /// Whether it counts.
    pub mode: Mode,
    /// For a challenge that was locked or ran out unanswered.
    #[serde(deserialize_with = "read_points")]
    pub failed: i32,
    /// For a challenge whose answer was that somebody guides the person, or that the person is not sure.
    #[serde(deserialize_with = "read_points")]
    pub guided: i32,
    /// How long it weighs; what lies more than 168 hours back is not known.
    pub below_hours: u32,
}

impl Default for PriorChallengeRisk {
    fn default() -> Self {
        Self { mode: Mode::Live, failed: 15, guided: 30, below_hours: 168 }
    }
}

impl Signal for PriorChallengeRisk {
    fn code(&self) -> &'static str {
        "PRIOR_CHALLENGE_RISK"
    }

    fn group(&self) -> Group {
        Group::Coercion
    }

    fn mode(&self) -> Mode {
        self.mode
    }

    fn judge(&self, features: &Features) -> Finding {
        let history = &features.history;
        let recent = |hours: &i64| *hours < i64::from(self.below_hours);
        let hours = |at: Option<_>| at.map(|at| history.hours_since(at)).filter(recent);
        if let Some(hours) = hours(history.challenge_guided_at) {
            let detail =
                format!("said {} ago to be guided by somebody, or not to be sure", age::words(hours));
            return Finding::hit(self.guided, detail);
        }
        match hours(history.challenge_failed_at) {
            Some(hours) => {
                Finding::hit(self.failed, format!("failed or left a challenge {} ago", age::words(hours)))
            }
            None => Finding::Miss,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::history::History;
    use crate::signal::sample::{event, history, hours_ago, just_under, outline};

    #[test]
    fn guidance_weighs_more_than_failure_for_seven_days() {
        let table = [
            (None, None, 0),
            (Some(hours_ago(0)), None, 15),
            (Some(just_under(168)), None, 15),
            (Some(hours_ago(168)), None, 0),
            (None, Some(just_under(168)), 30),
            (Some(hours_ago(1)), Some(hours_ago(100)), 30),
            (Some(hours_ago(1)), Some(hours_ago(168)), 15),
        ];
        for (challenge_failed_at, challenge_guided_at, points) in table {
            let history = History { challenge_failed_at, challenge_guided_at, ..history() };
            let finding = PriorChallengeRisk::default()
                .judge(&Features::new(&event("login.succeeded", json!({})), history));
            assert_eq!(outline(finding), Ok(points), "{challenge_failed_at:?} {challenge_guided_at:?}");
        }
    }
}
