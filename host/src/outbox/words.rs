//! What a queued message says, in the words that the templates ask for.

use ase_engine::dispatch::DueMessage;
use ase_engine::outbox::{DemotionWords, Kind};
use chrono::{DateTime, Utc};

use crate::mail::MailError;
use crate::pages::challenge::{ActionView, OrgView};
use crate::pages::mail::{ChallengeMail, CodeMail, DemotionMail, MailContext, StoppedMail};
use crate::pages::text::CodeText;
use crate::pages::{Language, per_cent};

/// The mail that `message` stands for; `public_url` is where people reach this server.
pub(super) fn of(message: &DueMessage, public_url: &str) -> Result<MailContext, MailError> {
    let payload = &message.payload;
    let org = OrgView::of(&message.org, &message.brand, language(message));
    let action = ActionView::of(&payload.action);
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
    let action = ActionView::of(&message.payload.action);
    let code = message.payload.code.as_deref().filter(|_| message.kind == Kind::Code)?;
    let host = url::Url::parse(public_url).ok()?.host_str()?.to_owned();
    Some(CodeText::new(&message.org.name, &action, code, host))
}

/// The language of a message: what the event says, else what was chosen on the page, else what the browser says.
/// Whoever has taken over the page must not be able to have the warning in a mail written in a language its reader
/// cannot read; so the switch does not go before what the platform knows of them.
pub(super) fn language(message: &DueMessage) -> Language {
    let payload = &message.payload;
    let browser = payload.reader.browser.as_deref().and_then(Language::of_tag);
    match message.kind {
        Kind::Code | Kind::Challenge | Kind::Stopped => {
            let chosen = payload.reader.chosen.as_deref();
            Language::best(payload.locale.as_deref(), chosen, browser.into_iter())
        }
        // for those who run the checkpoint, whose dashboard is English
        Kind::Demotion => Language::English,
    }
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
