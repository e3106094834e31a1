//! `Decision`: what follows from a score under a policy.
//!
//! It says what should happen; it opens no session and writes nothing.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::event::Category;
use crate::features::Features;
use crate::policy::Policy;
use crate::rule::RuleSet;
use crate::score::{Score, score};

/// What happens to the action.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It may go on at once.
    Allow,
    /// It waits until the person has answered a challenge.
    DelayVerify,
    /// It is blocked, whatever the person answers, until an analyst has looked at it.
    BlockEscalate,
}

/// A score and what follows from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// What happens to the action.
    pub outcome: Outcome,
    /// Why.
    pub score: Score,
    /// A challenge needs a code besides the person's word. False where there is no challenge.
    pub otp_required: bool,
    /// Even a passed challenge ends in a hold for an analyst. False where there is no challenge.
    pub hold: bool,
    /// Until when a reason holds the action, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_until: Option<DateTime<Utc>>,
    /// What the outcome would have been, had the policy not only watched this type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<Outcome>,
}

/// Scores the event and reads the bands of its type.
#[must_use]
pub fn decide(features: &Features, policy: &Policy, rules: &RuleSet) -> Decision {
    let score = score(features, policy, rules);
    let event_type = &features.event.event_type;
    let bands = policy.bands(event_type);
    let led = is_led(features);
    let outcome = if score.points >= bands.block_from {
        Outcome::BlockEscalate
    } else if score.points >= bands.delay_from || led {
        Outcome::DelayVerify
    } else {
        Outcome::Allow
    };
    if policy.observe.watches(event_type) {
        let observed = Some(outcome);
        return Decision {
            outcome: Outcome::Allow,
            otp_required: false,
            hold: false,
            hold_until: None,
            observed,
            score,
        };
    }
    let challenged = outcome == Outcome::DelayVerify;
    let hold_until = hold_until(features, policy, &score).filter(|_| challenged);
    Decision {
        outcome,
        otp_required: challenged && policy.needs_otp(event_type, score.points),
        hold: challenged && (score.points >= bands.hold_from || hold_until.is_some() || led),
        hold_until,
        observed: None,
        score,
    }
}

/// Somebody led this person a short while ago, by their own word. Whatever a policy makes of that in points, what a
/// scammer wants is not let through by starting once more: it is asked about, and a person looks first.
fn is_led(features: &Features) -> bool {
    let Features { event, history } = features;
    history.broke_contact() && (event.is_sensitive_or_order() || event.category() == Category::Payment)
}

/// The end of the longest hold that a reason of `score` calls for.
fn hold_until(features: &Features, policy: &Policy, score: &Score) -> Option<DateTime<Utc>> {
    let called = |code: &str| score.reasons.iter().any(|reason| reason.code == code);
    let hours = policy.holds.iter().filter(|hold| called(&hold.when_reason)).map(|hold| hold.hours).max()?;
    Some(features.history.now + TimeDelta::hours(i64::from(hours)))
}

impl Outcome {
    /// Reads the name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Allow, Self::DelayVerify, Self::BlockEscalate]
            .into_iter()
            .find(|outcome| outcome.as_str() == name)
    }

    /// The name used in answers and in SQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::DelayVerify => "delay_verify",
            Self::BlockEscalate => "block_escalate",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::event::Event;
    use crate::history::History;
    use crate::policy::Bands;
    use crate::signal::sample;

    /// An order on a known device, rated by a provider so that it scores 35.
    fn risky_order() -> (Event, History) {
        let event = sample::event(
            "order.created",
            json!({"action": {"amount": {"value": "20", "currency": "EUR"}}, "signals": [{"name": "p", "score": 80}]}),
        );
        (event, sample::history())
    }

    #[test]
    fn each_band_starts_at_its_first_point() {
        let (event, history) = risky_order();
        let table = [
            ((36, 80, 90), Outcome::Allow, false),
            ((35, 36, 90), Outcome::DelayVerify, false),
            ((30, 35, 36), Outcome::DelayVerify, true),
            ((30, 32, 35), Outcome::BlockEscalate, false),
            ((101, 101, 101), Outcome::Allow, false),
            ((0, 0, 0), Outcome::BlockEscalate, false),
        ];
        for ((delay_from, hold_from, block_from), outcome, hold) in table {
            let mut policy = Policy::default_policy();
            policy.thresholds.default = Bands { delay_from, hold_from, block_from };
            let decision = decide(&Features::new(&event, history.clone()), &policy, &RuleSet::default());
            assert_eq!(decision.score.points, 35);
            assert_eq!(
                (decision.outcome, decision.hold),
                (outcome, hold),
                "{delay_from} {hold_from} {block_from}"
            );
            assert_eq!(decision.otp_required, outcome == Outcome::DelayVerify);
        }
    }

    #[test]
    fn payout_to_a_new_destination_during_a_call_is_delayed_with_a_code() {
        let event = sample::event(
            "payout.destination_changed",
            json!({"device": {"id": "d", "flags": ["call_active"]}, "action": {"destination": {"id": "iban"}}}),
        );
        let decision =
            decide(&Features::new(&event, sample::history()), &Policy::default_policy(), &RuleSet::default());
        assert_eq!(decision.score.points, 15 + 15 + 10 + 15, "{:?}", decision.score);
        assert_eq!(decision.outcome, Outcome::DelayVerify);
        assert!(decision.otp_required && !decision.hold);
    }

    #[test]
    fn quiet_login_is_allowed_without_a_challenge() {
        let history = History { device_first_seen_at: Some(sample::hours_ago(900)), ..sample::history() };
        let event = sample::event("login.succeeded", json!({"device": {"id": "d"}}));
        let decision =
            decide(&Features::new(&event, history), &Policy::default_policy(), &RuleSet::default());
        assert_eq!((decision.outcome, decision.score.points), (Outcome::Allow, 0));
        assert!(!decision.otp_required && !decision.hold);
    }

    #[test]
    fn starting_once_more_after_break_contact_is_never_let_through_at_once() {
        let mut policy = Policy::default_policy();
        // an organisation that gives nothing for it
        policy.thresholds.default = Bands { delay_from: 101, hold_from: 101, block_from: 101 };
        policy.thresholds.categories.clear();
        let table = [
            ("payout.destination_changed", 1, Outcome::DelayVerify),
            ("contact.email_changed", 23, Outcome::DelayVerify),
            ("order.created", 1, Outcome::DelayVerify),
            ("payment.created", 1, Outcome::DelayVerify),
            // nobody is kept out of their account, and a day is enough
            ("login.succeeded", 1, Outcome::Allow),
            ("payout.destination_changed", 25, Outcome::Allow),
        ];
        for (event_type, hours, outcome) in table {
            let history =
                History { challenge_guided_at: Some(sample::hours_ago(hours)), ..sample::history() };
            let features = Features::new(&sample::event(event_type, json!({})), history);
            let decision = decide(&features, &policy, &RuleSet::default());
            let held = outcome == Outcome::DelayVerify;
            assert_eq!((decision.outcome, decision.hold), (outcome, held), "{event_type} after {hours} h");
        }
    }

    #[test]
    fn outcome_is_written_as_it_is_named() {
        for outcome in [Outcome::Allow, Outcome::DelayVerify, Outcome::BlockEscalate] {
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.as_str());
        }
    }
}
