//! `Session`: one challenged subject's path, and which step may follow which.
//!
//! Pure: the same machine is enforced a second time in SQL (the `sessions_transition` trigger).

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::challenge::Intent;
use crate::token::TokenOutcome;

/// Whether the session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// An answer is awaited.
    Pending,
    /// It ended with an outcome.
    Resolved,
    /// Its time ran out without one.
    Expired,
}

/// Where the session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The question is open.
    Question,
    /// The subject says nobody guides them; a code is awaited.
    Code,
    /// Let through.
    Allowed,
    /// Stopped by the score alone, or by whoever looked at a hold.
    Blocked,
    /// Somebody guides the subject, or they are not sure: stopped for good.
    BreakContact,
    /// Confirmed, yet a person must look at it first.
    Held,
    /// Too many wrong codes.
    Locked,
    /// Time ran out.
    Expired,
    /// Stopped by the subject after all.
    Revoked,
}

/// What happens to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The question is answered.
    Answer(Intent),
    /// The right code came.
    RightCode,
    /// The last wrong code came.
    LastWrongCode,
    /// The subject stops the action, by the link in a mail.
    Stop,
    /// Time ran out.
    Expire,
    /// A person looked at what was held and lets it through.
    Release,
    /// A person looked at what was held and does not.
    Deny,
}

/// What the policy asked for when the session was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demands {
    /// A confirmed intent still needs a code.
    pub otp_required: bool,
    /// Whatever is answered, a person looks first.
    pub hold: bool,
    /// There is an address that a code can go to.
    pub reachable: bool,
}

/// A step that the session's stage does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a session in stage `{}` does not take this step", .0.as_str())]
pub struct InvalidTransition(pub Stage);

impl Stage {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Question,
        Self::Code,
        Self::Allowed,
        Self::Blocked,
        Self::BreakContact,
        Self::Held,
        Self::Locked,
        Self::Expired,
        Self::Revoked,
    ];

    /// The stage after `step`.
    ///
    /// # Errors
    /// [`InvalidTransition`] when the step is out of order; whoever is guided can never come back from it.
    pub fn after(self, step: Step, demands: Demands) -> Result<Self, InvalidTransition> {
        let confirmed = if demands.hold { Self::Held } else { Self::Allowed };
        match (self, step) {
            // also after a "no": whoever thinks better of it while a code or a person is awaited is led out
            (Self::Question | Self::Code | Self::Held, Step::Answer(Intent::Guided | Intent::Unsure)) => {
                Ok(Self::BreakContact)
            }
            // without an address a demanded code cannot be given: a person has to look
            (Self::Question, Step::Answer(Intent::Confirmed)) if demands.otp_required => {
                Ok(if demands.reachable { Self::Code } else { Self::Held })
            }
            (Self::Question, Step::Answer(Intent::Confirmed)) | (Self::Code, Step::RightCode) => {
                Ok(confirmed)
            }
            (Self::Code, Step::LastWrongCode) => Ok(Self::Locked),
            (Self::Question | Self::Code, Step::Stop) => Ok(Self::BreakContact),
            // until its token is used, what was let through can be stopped; a hold always
            (Self::Allowed | Self::Held, Step::Stop) => Ok(Self::Revoked),
            (Self::Question | Self::Code, Step::Expire) => Ok(Self::Expired),
            (Self::Held, Step::Release) => Ok(Self::Allowed),
            (Self::Held, Step::Deny) => Ok(Self::Blocked),
            _ => Err(InvalidTransition(self)),
        }
    }

    /// Whether the session is over, by its stage.
    #[must_use]
    pub fn status(self) -> Status {
        match self {
            Self::Question | Self::Code => Status::Pending,
            Self::Expired => Status::Expired,
            _ => Status::Resolved,
        }
    }

    /// Whether it is over, in a word that tells nobody how it ended.
    #[must_use]
    pub fn standing(self) -> &'static str {
        match self.status() {
            Status::Pending => "open",
            Status::Resolved => "closed",
            Status::Expired => "expired",
        }
    }

    /// What a session in this stage comes to; `None` while it is open or when it expired.
    #[must_use]
    pub fn outcome(self) -> Option<TokenOutcome> {
        match self {
            Self::Question | Self::Code | Self::Expired => None,
            Self::Allowed => Some(TokenOutcome::Allow),
            Self::Blocked | Self::BreakContact | Self::Held | Self::Locked | Self::Revoked => {
                Some(TokenOutcome::Block)
            }
        }
    }

    /// The name used in SQL, JSON and pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Code => "code",
            Self::Allowed => "allowed",
            Self::Blocked => "blocked",
            Self::BreakContact => "break_contact",
            Self::Held => "held",
            Self::Locked => "locked",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == name)
    }
}

impl Status {
    /// The name used in SQL and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Resolved => "resolved",
            Self::Expired => "expired",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            Just(Step::Answer(Intent::Confirmed)),
            Just(Step::Answer(Intent::Guided)),
            Just(Step::Answer(Intent::Unsure)),
            Just(Step::RightCode),
            Just(Step::LastWrongCode),
            Just(Step::Stop),
            Just(Step::Expire),
            Just(Step::Release),
            Just(Step::Deny),
        ];
        proptest::collection::vec(step, 0..8)
    }

    /// The accepted steps and the stage they lead to.
    fn walk(steps: &[Step], demands: Demands) -> (Vec<Step>, Stage) {
        steps.iter().fold((Vec::new(), Stage::Question), |(mut taken, stage), step| {
            match stage.after(*step, demands) {
                Ok(next) => {
                    taken.push(*step);
                    (taken, next)
                }
                Err(InvalidTransition(_)) => (taken, stage),
            }
        })
    }

    proptest! {
        #[test]
        fn a_guided_subject_is_never_let_through(steps in steps(), otp_required: bool, hold: bool, reachable: bool) {
            let (taken, stage) = walk(&steps, Demands { otp_required, hold, reachable });
            if taken.iter().any(|step| matches!(step, Step::Answer(Intent::Guided | Intent::Unsure))) {
                prop_assert_eq!(stage, Stage::BreakContact);
            }
        }

        #[test]
        fn only_confirmed_and_demanded_codes_lead_to_allow(steps in steps(), otp_required: bool, hold: bool, reachable: bool) {
            let (taken, stage) = walk(&steps, Demands { otp_required, hold, reachable });
            if stage == Stage::Allowed {
                prop_assert!(taken.contains(&Step::Answer(Intent::Confirmed)));
                let released = taken.contains(&Step::Release);
                prop_assert!(released || !hold);
                prop_assert!(released || !otp_required || taken.contains(&Step::RightCode));
                prop_assert!(![Step::LastWrongCode, Step::Stop, Step::Deny].iter().any(|step| taken.contains(step)));
            }
        }

        #[test]
        fn what_is_over_stays_over(steps in steps(), more in steps(), otp_required: bool, hold: bool) {
            let demands = Demands { otp_required, hold, reachable: true };
            let (_, stage) = walk(&steps, demands);
            let all: Vec<Step> = steps.into_iter().chain(more).collect();
            let (_, later) = walk(&all, demands);
            match stage {
                Stage::Question | Stage::Code => {}
                Stage::Allowed => prop_assert!(later == stage || later == Stage::Revoked),
                Stage::Held => prop_assert!(!matches!(
                    later,
                    Stage::Question | Stage::Code | Stage::Locked | Stage::Expired
                )),
                _ => prop_assert_eq!(stage, later),
            }
        }
    }

    #[test]
    fn every_stage_reads_back() {
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(stage.as_str()), Some(stage));
        }
        assert_eq!(Stage::parse("won"), None);
    }

    #[test]
    fn its_standing_does_not_tell_who_passed() {
        for stage in Stage::ALL.into_iter().filter(|stage| stage.outcome().is_some()) {
            assert_eq!(stage.standing(), "closed", "{stage:?}");
        }
        assert_eq!(
            [Stage::Question, Stage::Code, Stage::Expired].map(Stage::standing),
            ["open", "open", "expired"]
        );
    }
}
