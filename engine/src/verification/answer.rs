//! The answer to the one question.

use serde::Serialize;
use serde_json::json;

use super::sending::Via;
use super::{Access, Opened, OtpView, SessionView, VerificationError, Visitor};
use crate::Engine;
use crate::audit::action;
use crate::challenge::Intent;
use crate::session::{Stage, Step};
use crate::token::Assurance;

/// What comes after the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    /// A code was sent and is awaited.
    Otp,
    /// Nothing: the session is over.
    Resolved,
    /// The subject is led out of the scam.
    BreakContact,
}

/// What became of an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IntentAnswer {
    /// The session as it stands now.
    pub session: SessionView,
    /// What comes next.
    pub next: Next,
    /// The code that was sent, when one is awaited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub otp: Option<OtpView>,
    /// Signed, when the session is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_token: Option<String>,
}

impl Engine {
    /// Takes the subject's answer. "Guided" and "unsure" end the session for good.
    ///
    /// # Errors
    /// [`VerificationError`]; then the session is where it was.
    pub async fn answer(
        &self,
        session_id: &str,
        intent: Intent,
        access: Access<'_>,
    ) -> Result<IntentAnswer, VerificationError> {
        let mut opened = self.unlock(session_id, access).await?;
        if opened.session.is_expired() {
            return Err(VerificationError::Expired);
        }
        if intent == Intent::Confirmed {
            self.look_first(&opened, access)?;
            self.inherit(&mut opened).await?;
        }
        let to = opened.session.stage.after(Step::Answer(intent), opened.demands())?;
        opened.session.intent = Some(intent);
        opened.note(action::INTENT_ANSWERED, json!({ "intent": intent.as_str() }));
        let assurance = to.outcome().map(|_| Assurance::IntentOnly);
        let token = self.advance(&mut opened, to, assurance).await?;
        if to == Stage::BreakContact {
            self.tell_stopped(&mut opened).await?;
        }
        let otp = if to == Stage::Code { Some(self.send_code(&mut opened, Via::First).await?) } else { None };
        let answer = IntentAnswer {
            session: self.session_view(&opened.session),
            next: match to {
                Stage::Code => Next::Otp,
                Stage::BreakContact => Next::BreakContact,
                _ => Next::Resolved,
            },
            otp,
            decision_token: token,
        };
        opened.commit().await?;
        Ok(answer)
    }

    /// A "no" counts only from a page that was shown for a while: whoever was made to press where they did not look
    /// has not answered. Every other answer leads out, and is taken at once.
    fn look_first(&self, opened: &Opened, access: Access<'_>) -> Result<(), VerificationError> {
        let Access::Browser(Visitor { shown_at: Some(shown_at), .. }) = access else { return Ok(()) };
        let soon = opened.session.now - *shown_at < self.look;
        if soon && opened.session.stage == Stage::Question {
            return Err(VerificationError::TooSoon);
        }
        Ok(())
    }
}
