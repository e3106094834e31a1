//! What a person rules on a hold: it goes ahead after all, or it does not.
//!
//! A hold lasts a while before anybody may let it through: whoever leads a person presses for haste, and an hour later
//! many see what they did not see before.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;

use super::{Opened, SessionView, VerificationError};
use crate::Engine;
use crate::audit::{Actor, action};
use crate::directory::Tenant;
use crate::policy::Policy;
use crate::problem::FieldError;
use crate::session::{InvalidTransition, Stage, Step};
use crate::store;
use crate::store::sessions::Move;
use crate::token::TokenOutcome;

/// What becomes of a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// It goes ahead.
    Release,
    /// It does not.
    Deny,
}

/// A ruling as somebody wrote it, nothing read yet.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewRuling {
    /// `release` or `deny`.
    pub ruling: String,
}

impl NewRuling {
    /// Reads the word.
    ///
    /// # Errors
    /// A [`FieldError`] at `/ruling` that says which words there are.
    pub fn read(&self) -> Result<Ruling, FieldError> {
        match self.ruling.as_str() {
            "release" => Ok(Ruling::Release),
            "deny" => Ok(Ruling::Deny),
            _ => Err(FieldError::new("/ruling", "must be one of release, deny")),
        }
    }
}

/// From when on a hold can be let through: the policy's time after the person's answer, and no sooner than the
/// decision itself said.
#[must_use]
pub fn hold_ends_at(
    policy: &Policy,
    held_at: DateTime<Utc>,
    hold_until: Option<DateTime<Utc>>,
) -> DateTime<Utc> {
    let cooled = held_at + TimeDelta::minutes(i64::from(policy.cool_off_minutes));
    hold_until.map_or(cooled, |until| until.max(cooled))
}

impl Engine {
    /// Ends a hold by the word of `actor`. What is let through has a token of its own from then on, which the platform
    /// finds at the session; the one that said `block` is void. [`Engine::renew_token`] gives later ones.
    ///
    /// # Errors
    /// [`VerificationError::NotFound`]; [`VerificationError::InvalidTransition`] for what is not held;
    /// [`VerificationError::HoldNotOver`]; [`VerificationError::Store`].
    pub async fn rule(
        &self,
        tenant: &Tenant,
        session_id: &str,
        ruling: Ruling,
        actor: &Actor,
    ) -> Result<SessionView, VerificationError> {
        let mut opened = self.locked(session_id, Some(&tenant.org.org_id), actor.clone()).await?;
        let from = opened.session.stage;
        let (step, noted) = match ruling {
            Ruling::Release => (Step::Release, action::HOLD_RELEASED),
            Ruling::Deny => (Step::Deny, action::HOLD_DENIED),
        };
        let to = from
            .after(step, opened.demands())
            .map_err(|InvalidTransition(_)| VerificationError::InvalidTransition)?;
        if ruling == Ruling::Release {
            wait_for(&mut opened).await?;
        }
        opened.note(noted, json!({}));
        move_on(&mut opened, to, &actor.id).await?;
        if ruling == Ruling::Release {
            self.replace_token(&mut opened).await?;
        }
        let view = self.session_view(&opened.session);
        opened.commit().await?;
        Ok(view)
    }
}

/// Refuses what comes before the hold's time.
async fn wait_for(opened: &mut Opened) -> Result<(), VerificationError> {
    let (org_id, session_id) = (opened.session.org_id.clone(), opened.session.session_id.clone());
    let decided = store::decisions::find(&mut opened.tx, &org_id, &session_id).await?;
    let held_at = opened.session.resolved_at.unwrap_or(opened.session.now);
    let until = decided.and_then(|decision| decision.hold_until);
    let available_at = hold_ends_at(&opened.tenant.policy.policy, held_at, until);
    if available_at > opened.session.now {
        return Err(VerificationError::HoldNotOver { available_at });
    }
    Ok(())
}

async fn move_on(opened: &mut Opened, to: Stage, reviewer: &str) -> Result<(), VerificationError> {
    let step = Move {
        org_id: &opened.tenant.org.org_id,
        session_id: &opened.session.session_id,
        from: opened.session.stage,
        to,
        intent: opened.session.intent,
        assurance: None,
        binding_hash: None,
        variant: None,
        reviewed_by: Some(reviewer),
    };
    opened.session.resolved_at = store::sessions::advance(&mut opened.tx, &step).await?;
    opened.session.stage = to;
    opened.session.outcome = to.outcome();
    let outcome = to.outcome().map(TokenOutcome::as_str);
    opened.note(action::SESSION_RESOLVED, json!({ "outcome": outcome, "stage": to.as_str() }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_lasts_as_long_as_the_policy_and_the_decision_say() {
        let mut policy = Policy::default_policy();
        assert_eq!(policy.cool_off_minutes, 30);
        let held_at = DateTime::UNIX_EPOCH;
        let at = |minutes| held_at + TimeDelta::minutes(minutes);
        assert_eq!(hold_ends_at(&policy, held_at, None), at(30));
        assert_eq!(hold_ends_at(&policy, held_at, Some(at(10))), at(30));
        assert_eq!(hold_ends_at(&policy, held_at, Some(at(600))), at(600));
        policy.cool_off_minutes = 0;
        assert_eq!(hold_ends_at(&policy, held_at, None), held_at);
    }

    #[test]
    fn other_words_are_no_ruling() {
        for (word, ruling) in
            [("release", Some(Ruling::Release)), ("deny", Some(Ruling::Deny)), ("Release", None), ("", None)]
        {
            assert_eq!(NewRuling { ruling: word.to_owned() }.read().ok(), ruling, "{word}");
        }
    }
}
