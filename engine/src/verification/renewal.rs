//! A token for what a person released: the first, and another whenever one ended before the platform used it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;

use super::{Opened, VerificationError};
use crate::Engine;
use crate::access::Caller;
use crate::audit::action;
use crate::challenge::RELEASED_FOR;
use crate::issue::{Bound, issue};
use crate::session::Stage;
use crate::store;
use crate::token::{Assurance, TokenOutcome};

/// A token that a platform can redeem now.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Renewed {
    /// The token.
    pub decision_token: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for Renewed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Renewed").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

impl Engine {
    /// The token of a released session: the one it has while that can be used, else another in its place.
    ///
    /// # Errors
    /// [`VerificationError::NotFound`]; [`VerificationError::InvalidTransition`] for what nobody released or the person
    /// stopped since; [`VerificationError::WentAhead`] when its token was used; [`VerificationError::Expired`] a day
    /// after the release; [`VerificationError::Store`].
    pub async fn renew_token(&self, caller: &Caller, session_id: &str) -> Result<Renewed, VerificationError> {
        let org_id = caller.tenant.org.org_id.as_str();
        let mut opened = self.locked(session_id, Some(org_id), caller.actor()).await?;
        let released_at = opened.session.reviewed_at.filter(|_| opened.session.stage == Stage::Allowed);
        let released_at = released_at.ok_or(VerificationError::InvalidTransition)?;
        let token = store::decision_tokens::of_session(&mut opened.tx, org_id, session_id).await?;
        let token = token.ok_or(VerificationError::InvalidTransition)?;
        if token.used_at.is_some() {
            return Err(VerificationError::WentAhead);
        }
        if token.expires_at > opened.session.now {
            let signed = self.token_of(&opened.tenant, &mut opened.tx, session_id).await?;
            let decision_token = signed.ok_or(VerificationError::Writing("token"))?;
            return Ok(Renewed { decision_token, expires_at: token.expires_at });
        }
        if released_at + RELEASED_FOR <= opened.session.now {
            return Err(VerificationError::Expired);
        }
        let renewed = self.replace_token(&mut opened).await?;
        opened.commit().await?;
        Ok(renewed)
    }

    /// Issues a token that lets the action go ahead, in place of the one that the session has.
    pub(super) async fn replace_token(&self, opened: &mut Opened) -> Result<Renewed, VerificationError> {
        let (org_id, session_id) = (opened.session.org_id.clone(), opened.session.session_id.clone());
        let (now, assurance) =
            (opened.session.now, opened.session.assurance.unwrap_or(Assurance::IntentOnly));
        let row = store::events::bound_action(&mut opened.tx, &org_id, &session_id).await?;
        let bound = Bound::of_row(&row, &session_id);
        let (token, decision_token) =
            issue(&opened.tenant, &self.public_url, &bound, TokenOutcome::Allow, assurance, now)
                .or(Err(VerificationError::Writing("token")))?;
        store::decision_tokens::replace(&mut opened.tx, &org_id, &session_id, &token, now).await?;
        opened.note(action::TOKEN_ISSUED, json!({ "token_id": token.token_id }));
        Ok(Renewed { decision_token, expires_at: token.expires_at })
    }
}
