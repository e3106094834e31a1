//! What a queued message says, in the words that the templates ask for.

use ase_engine::dispatch::DueMessage;
use ase_engine::outbox::{DemotionWords, Kind};
use chrono::{DateTime, Utc};

use crate::mail::MailError;
use crate::pages::challenge::{ActionView, OrgView};
use crate::pages::mail::{ChallengeMail, CodeMail, DemotionMail, MailContext, StoppedMail};
use crate::pages::per_cent;
use crate::pages::text::CodeText;

/// The mail that `message` stands for; `public_url` is where people reach this server.
pub(super) fn of(message: &DueMessage, public_url: &str) -> Result<MailContext, MailError> {
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
            stop_url: payload.stop_url.clone(),
        })),
        Kind::Challenge => Ok(MailContext::Challenge(ChallengeMail {
            org,
            action,
            challenge_url: payload.challenge_url.clone().ok_or(MailError::Letter)?,
            expires_at: payload.expires_at,
            stop_url: payload.stop_url.clone(),
        })),
        Kind::Stopped => Ok(MailContext::Stopped(StoppedMail { org, action })),
        Kind::Demotion => {
            let words = payload.demotion.as_ref().ok_or(MailError::Letter)?;
            let url = format!("{public_url}/dashboard/policies");
            Ok(MailContext::Demotion(demotion(org, words, payload.created_at, url)))
        }
    }
}

/// The text message that `message` stands for; `None` for what goes by mail alone.
pub(super) fn text_of(message: &DueMessage, public_url: &str) -> Option<CodeText> {
    let action = &message.payload.action;
    let words = [Some(action.description.as_str()), action.amount.as_deref(), action.destination.as_deref()];
    let code = message.payload.code.as_deref().filter(|_| message.kind == Kind::Code)?;
    let host = url::Url::parse(public_url).ok()?.host_str()?.to_owned();
    Some(CodeText::new(&message.org.name, &words.into_iter().flatten().collect::<Vec<_>>(), code, host))
}

fn demotion(org: OrgView, words: &DemotionWords, at: DateTime<Utc>, dashboard_url: String) -> DemotionMail {
    let seen = &words.seen;
    DemotionMail {
        org,
        demoted: format!("{} version {}", words.name, words.version),
        restored: format!("{} version {}", words.restored_name, words.restored_version),
        event_type: seen.event_type.clone(),
        decisions: seen.decisions,
        percent: per_cent(seen.share),
        expected_from: per_cent(seen.band_from),
        expected_to: per_cent(seen.band_to),
        at,
        dashboard_url,
    }
}

/// Rounded down, so that no mail promises more than there is; at least one.
fn whole_minutes(span: chrono::TimeDelta) -> u32 {
    u32::try_from(span.num_minutes()).unwrap_or(0).max(1)
}
