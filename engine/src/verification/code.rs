//! One-time codes: sent, tried, sent again.

use serde::Serialize;
use serde_json::json;

use super::{Access, Opened, OtpView, SessionView, VerificationError};
use crate::Engine;
use crate::audit::action;
use crate::challenge::otp::{Code, code_matches};
use crate::challenge::{
    CODE_TTL, RESEND_COOLDOWN, SENDS_PER_ADDRESS_DAY, SENDS_PER_ADDRESS_HOUR, SENDS_PER_SESSION,
    WRONG_TRIES_PER_CODE, WRONG_TRIES_PER_SESSION,
};
use crate::event::mask_email;
use crate::id::random_id;
use crate::outbox::{Channel, Kind, Payload};
use crate::session::{Stage, Step};
use crate::store;
use crate::store::otp_codes::{LiveCode, NewCode};
use crate::store::outbox::NewMessage;
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
    /// Takes a code. Wrong ones are counted before they are compared; the last one blocks the session.
    ///
    /// # Errors
    /// [`VerificationError`]; a wrong try stays counted.
    pub async fn respond(
        &self,
        session_id: &str,
        code: &str,
        access: Access<'_>,
    ) -> Result<RespondAnswer, VerificationError> {
        // a malformed code burns no attempt, so it is not even looked at beside the session
        let code = Code::parse(code).ok_or(VerificationError::OtpMalformed)?;
        let mut opened = self.unlock(session_id, access).await?;
        check_open(&opened)?;
        let (org_id, session_id) = (opened.session.org_id.clone(), opened.session.session_id.clone());
        let Some(tried) = store::otp_codes::count_try(&mut opened.tx, &org_id, &session_id).await? else {
            return self.no_try_left(opened).await;
        };
        let address = opened.contact.as_ref().and_then(|contact| contact.email.clone()).unwrap_or_default();
        let given = opened.tenant.vault.otp_hash(&session_id, tried.number, &address, code.expose());
        let right = code_matches(&tried.code_hash, &given)
            && store::otp_codes::consume(&mut opened.tx, &org_id, &session_id, tried.number).await?;
        if !right {
            return self.wrong_code(opened, tried.left_on_code.min(tried.left_in_session)).await;
        }
        let to = opened.session.stage.after(Step::RightCode, opened.demands())?;
        opened.note(action::OTP_ACCEPTED, json!({ "number": tried.number }));
        let token = self.advance(&mut opened, to, Some(Assurance::EmailOtp)).await?;
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

    /// Sends another code; the one before stops counting.
    ///
    /// # Errors
    /// [`VerificationError`]; then nothing was sent.
    pub async fn resend(&self, session_id: &str, access: Access<'_>) -> Result<OtpView, VerificationError> {
        let mut opened = self.unlock(session_id, access).await?;
        check_open(&opened)?;
        let sent = self.send_code(&mut opened).await?;
        opened.commit().await?;
        Ok(sent)
    }

    /// Queues a code within all limits: per session, between two sends, and per address.
    pub(super) async fn send_code(&self, opened: &mut Opened) -> Result<OtpView, VerificationError> {
        let (org_id, session_id) = (opened.session.org_id.clone(), opened.session.session_id.clone());
        let contact = opened.contact.clone().ok_or(VerificationError::NotFound)?;
        let address = contact.email.clone().ok_or(VerificationError::InvalidTransition)?;
        if let Some(live) = store::otp_codes::live(&mut opened.tx, &org_id, &session_id).await? {
            check_cooldown(opened, &live)?;
        }
        if opened.session.otp_sends >= SENDS_PER_SESSION {
            return Err(VerificationError::SendsExhausted);
        }
        let address_hash = opened.tenant.vault.fingerprint("address", &canonical(&address));
        let sent = store::otp_codes::sent_to(&mut opened.tx, &org_id, &address_hash).await?;
        if sent.hour >= i64::from(SENDS_PER_ADDRESS_HOUR) || sent.day >= i64::from(SENDS_PER_ADDRESS_DAY) {
            return Err(VerificationError::AddressLimited);
        }
        let number = opened.session.otp_sends.saturating_add(1);
        let code = Code::random(&mut rand::rng());
        let now = opened.session.now;
        let expires_at = (now + CODE_TTL).min(opened.session.expires_at);
        let new = NewCode {
            org_id: &org_id,
            session_id: &session_id,
            number,
            code_hash: &opened.tenant.vault.otp_hash(&session_id, number, &address, code.expose()),
            channel: Channel::Email.as_str(),
            address_hash: &address_hash,
            issued_at: now,
            expires_at,
        };
        store::otp_codes::issue(&mut opened.tx, &new).await?;
        opened.session.otp_sends = number;
        let message = code_message(opened, &contact, address, &code, expires_at)?;
        store::outbox::queue(&mut opened.tx, &org_id, Some(&session_id), &message, now).await?;
        let noted = json!({ "number": number, "channel": "email", "message_id": message.message_id });
        opened.note(action::OTP_ISSUED, noted);
        let live = LiveCode { number, tries: 0, issued_at: now, expires_at };
        Ok(otp_view(opened, &live))
    }
}

/// What is shown of the code that counts.
pub(super) fn otp_view(opened: &Opened, live: &LiveCode) -> OtpView {
    let address = opened.contact.as_ref().and_then(|contact| contact.email.as_deref()).unwrap_or_default();
    OtpView::new(&opened.session, live, mask_email(address))
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

fn code_message(
    opened: &Opened,
    contact: &crate::contact::Contact,
    to: String,
    code: &Code,
    expires_at: chrono::DateTime<chrono::Utc>,
) -> Result<NewMessage, VerificationError> {
    let message_id = random_id("msg_", &mut rand::rng());
    let payload = Payload {
        to,
        name: contact.name.clone(),
        locale: contact.locale.clone(),
        reader: opened.reader.clone(),
        action: contact.action.clone(),
        code: Some(code.expose().to_owned()),
        challenge_url: None,
        demotion: None,
        expires_at,
        created_at: opened.session.now,
    };
    let payload =
        payload.seal(&opened.tenant.vault, &message_id).ok_or(VerificationError::Writing("mail"))?;
    Ok(NewMessage { message_id, kind: Kind::Code, channel: Channel::Email, payload })
}

/// The address as the limits count it: in lower case and without a `+tag`, which would make one mailbox many.
fn canonical(address: &str) -> String {
    let lower = address.to_lowercase();
    match lower.rsplit_once('@') {
        Some((local, domain)) => format!("{}@{domain}", local.split('+').next().unwrap_or(local)),
        None => lower,
    }
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
    fn one_mailbox_is_one_address_for_the_limits() {
        for address in ["Ana@Example.com", "ana+1@example.com", "ana+a+b@example.COM"] {
            assert_eq!(canonical(address), "ana@example.com");
        }
    }

    #[test]
    fn the_smaller_limit_counts() {
        assert_eq!(attempts_left(0, 0), 5);
        assert_eq!(attempts_left(1, 9), 1);
        assert_eq!(attempts_left(5, 5), 0);
        assert_eq!(attempts_left(9, 99), 0);
    }
}
