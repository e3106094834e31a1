//! What a queued message says, in the words that the templates ask for.

use ase_engine::dispatch::DueMessage;
use ase_engine::outbox::Kind;

use crate::mail::MailError;
use crate::pages::challenge::{ActionView, OrgView};
use crate::pages::mail::{ChallengeMail, CodeMail, MailContext};

/// The mail that `message` stands for.
pub(super) fn of(message: &DueMessage) -> Result<MailContext, MailError> {
    let payload = &message.payload;
    let org = OrgView {
        name: message.org.name.clone(),
        policy_statement: message.org.policy_statement.clone(),
        support_url: message.org.support_url.clone(),
        support_phone: message.org.support_phone.clone(),
        support_email: message.org.support_email.clone(),
    };
    let action = ActionView {
        description: payload.action.description.clone(),
        amount: payload.action.amount.clone(),
        destination: payload.action.destination.clone(),
    };
    match message.kind {
        Kind::Code => Ok(MailContext::Code(CodeMail {
            org,
            action,
            code: payload.code.clone().ok_or(MailError::Letter)?.into(),
            valid_minutes: whole_minutes(payload.expires_at - payload.created_at),
            sent_at: payload.created_at,
        })),
        Kind::Challenge => Ok(MailContext::Challenge(ChallengeMail {
            org,
            action,
            challenge_url: payload.challenge_url.clone().ok_or(MailError::Letter)?,
            expires_at: payload.expires_at,
        })),
    }
}

/// Rounded down, so that no mail promises more than there is; at least one.
fn whole_minutes(span: chrono::TimeDelta) -> u32 {
    u32::try_from(span.num_minutes()).unwrap_or(0).max(1)
}
