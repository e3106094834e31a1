//! One-time codes: tried, and sent again.

use serde::Serialize;
use serde_json::json;

use super::sending::Via;
use super::{Access, Opened, OtpView, SessionView, VerificationError};
use crate::Engine;
use crate::audit::action;
use crate::challenge::otp::{Code, code_matches};
use crate::challenge::{RESEND_COOLDOWN, WRONG_TRIES_PER_CODE, WRONG_TRIES_PER_SESSION};
use crate::limit::{Ask, Limit};
use crate::outbox::Channel;
use crate::session::{Stage, Step};
use crate::store;
use crate::store::otp_codes::{LiveCode, Try};
use crate::token::Assurance;

/// What became of a right code.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RespondAnswer {
    /// The session as it stands now.
    pub session: SessionView,
    /// Signed, single use.
    pub decision_token: Option<String>,
}

impl Engine {
    /// Takes a code. Wrong ones are counted before they are compared; the last one blocks the session. What stands in
    /// the way is told in this order: no such session, too many tries lately, its time or its turn is over, the code.
    ///
    /// # Errors
    /// [`VerificationError`]; a wrong try stays counted.
    pub async fn respond(
        &self,
        session_id: &str,
        code: &str,
        access: Access<'_>,
    ) -> Result<RespondAnswer, VerificationError> {
        let mut opened = self.unlock(session_id, access).await?;
        let (org_id, session_id) = (opened.session.org_id.clone(), opened.session.session_id.clone());
        let asks = tries_of(&opened);
        if let Some(refusal) = store::rate_limits::take(&mut opened.tx, &asks).await? {
            return Err(VerificationError::Limited(refusal));
        }
        // from here on whatever is refused without a commit has taken nothing: a malformed code burns no attempt
        check_open(&opened)?;
        let code = Code::parse(code).ok_or(VerificationError::OtpMalformed)?;
        let Some(tried) = store::otp_codes::count_try(&mut opened.tx, &org_id, &session_id).await? else {
            return self.no_try_left(opened).await;
        };
        let channel = Channel::parse(&tried.channel).ok_or(store::StoreError::Corrupt("channel"))?;
        if !is_right(&mut opened, &tried, channel, &code).await? {
            return self.wrong_code(opened, tried.left_on_code.min(tried.left_in_session)).await;
        }
        store::rate_limits::give_back(&mut opened.tx, &asks).await?;
        self.inherit(&mut opened).await?;
        let to = opened.session.stage.after(Step::RightCode, opened.demands())?;
        opened.note(action::OTP_ACCEPTED, json!({ "number": tried.number }));
        let token = self.advance(&mut opened, to, Some(assurance(channel))).await?;
        let answer = RespondAnswer { session: self.session_view(&opened.session), decision_token: token };
        opened.commit().await?;
        Ok(answer)
    }

    async fn wrong_code(&self, mut opened: Opened, left: i32) -> Result<RespondAnswer, VerificationError> {
        opened.note(action::OTP_REJECTED, json!({ "attempts_remaining": left }));
        if left <= 0 {
            let to = opened.session.stage.after(Step::LastWrongCode, opened.demands())?;
            opened.note(action::OTP_EXHAUSTED, json!({}));
            self.advance(&mut opened, to, Some(Assurance::IntentOnly)).await?;
        }
        opened.commit().await?;
        Err(VerificationError::OtpIncorrect { attempts_remaining: left.max(0) })
    }

    /// No live code took the try: it ran out of time, or there is none.
    async fn no_try_left(&self, mut opened: Opened) -> Result<RespondAnswer, VerificationError> {
        let (org_id, session_id) = (opened.session.org_id.clone(), opened.session.session_id.clone());
        let live = store::otp_codes::live(&mut opened.tx, &org_id, &session_id).await?;
        match live {
            Some(live) if live.expires_at > opened.session.now => Err(VerificationError::OtpExhausted),
            _ => Err(VerificationError::OtpExpired),
        }
    }

    /// Sends another code; the one before stops counting. It goes the way of the one before, unless `channel` names
    /// another that is open.
    ///
    /// # Errors
    /// [`VerificationError`]; then nothing was sent.
    pub async fn resend(
        &self,
        session_id: &str,
        channel: Option<Channel>,
        access: Access<'_>,
    ) -> Result<OtpView, VerificationError> {
        let mut opened = self.unlock(session_id, access).await?;
        check_open(&opened)?;
        let (org_id, session_id) = (opened.session.org_id.clone(), opened.session.session_id.clone());
        let live = store::otp_codes::live(&mut opened.tx, &org_id, &session_id).await?;
        if let Some(live) = &live {
            check_cooldown(&opened, live)?;
        }
        let before = live.and_then(|live| Channel::parse(&live.channel));
        let via = channel.or(before).map_or(Via::First, Via::This);
        let sent = self.send_code(&mut opened, via).await?;
        opened.commit().await?;
        Ok(sent)
    }
}

/// Compares, and uses the code up where it is the right one.
async fn is_right(
    opened: &mut Opened,
    tried: &Try,
    channel: Channel,
    code: &Code,
) -> Result<bool, VerificationError> {
    let (org_id, session_id) = (opened.session.org_id.clone(), opened.session.session_id.clone());
    let address = opened.contact.as_ref().and_then(|contact| contact.address(channel)).unwrap_or_default();
    let given = opened.tenant.vault.otp_hash(&session_id, tried.number, address, code.expose());
    Ok(code_matches(&tried.code_hash, &given)
        && store::otp_codes::consume(&mut opened.tx, &org_id, &session_id, tried.number).await?)
}

/// What a wrong code counts against beside its session. No account is ever locked: these run out by themselves.
fn tries_of(opened: &Opened) -> Vec<Ask> {
    let (org_id, vault) = (&opened.session.org_id, &opened.tenant.vault);
    let subject = Limit::SubjectTries.of(org_id, vault, &opened.session.subject_id);
    let network = opened.network.iter().map(|network| Limit::NetworkTries.of(org_id, vault, network));
    std::iter::once(subject).chain(network).collect()
}

/// What a code sent on `channel` proves.
fn assurance(channel: Channel) -> Assurance {
    match channel {
        Channel::Email => Assurance::EmailOtp,
        Channel::Sms => Assurance::SmsOtp,
    }
}

fn check_open(opened: &Opened) -> Result<(), VerificationError> {
    match opened.session.stage {
        Stage::Locked => Err(VerificationError::OtpExhausted),
        _ if opened.session.is_expired() => Err(VerificationError::Expired),
        Stage::Code => Ok(()),
        _ => Err(VerificationError::InvalidTransition),
    }
}

fn check_cooldown(opened: &Opened, live: &LiveCode) -> Result<(), VerificationError> {
    let available_at = live.issued_at + RESEND_COOLDOWN;
    if available_at <= opened.session.now {
        return Ok(());
    }
    let seconds = (available_at - opened.session.now).num_seconds().saturating_add(1);
    Err(VerificationError::ResendTooEarly { available_at, seconds })
}

/// Tries left on a code that was tried `tries` times, in a session with `session_tries`.
pub(super) fn attempts_left(tries: i32, session_tries: i32) -> i32 {
    let on_code = WRONG_TRIES_PER_CODE.saturating_sub(tries);
    let in_session = WRONG_TRIES_PER_SESSION.saturating_sub(session_tries);
    on_code.min(in_session).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smaller_limit_counts() {
        assert_eq!(attempts_left(0, 0), 5);
        assert_eq!(attempts_left(1, 9), 1);
        assert_eq!(attempts_left(5, 5), 0);
        assert_eq!(attempts_left(9, 99), 0);
    }
}
