//! What callers and pages see of a session. Never a score, never a reason.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::code::attempts_left;
use super::sending::{masked, ways};
use super::{Engine, Opened, VerificationError};
use crate::challenge::{Intent, PAUSE, RESEND_COOLDOWN, SENDS_PER_SESSION};
use crate::contact::Contact;
use crate::directory::Tenant;
use crate::outbox::{ActionWords, Channel};
use crate::session::Stage;
use crate::store::otp_codes::LiveCode;
use crate::store::sessions::SessionRow;
use crate::store::{self, Scope};
use crate::token::{Assurance, TokenOutcome};
use crate::variant::Variant;

/// A session as callers see it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SessionView {
    /// `ses_...`.
    pub id: String,
    /// `pending`, `resolved` or `expired`.
    pub status: &'static str,
    /// Where it stands.
    pub stage: &'static str,
    /// What was answered.
    pub intent: Option<Intent>,
    /// `allow` or `block`, once resolved.
    pub outcome: Option<TokenOutcome>,
    /// What the outcome rests on.
    pub assurance: Option<Assurance>,
    /// The hosted page.
    pub challenge_url: String,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// When it was resolved.
    pub resolved_at: Option<DateTime<Utc>>,
}

/// A code that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtpView {
    /// `email` or `sms`.
    pub channel: String,
    /// Masked: `a••@example.com`.
    pub destination: String,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// When it stops counting.
    pub expires_at: DateTime<Utc>,
    /// Tries left.
    pub attempts_remaining: i32,
    /// When another can be sent; `None` when no more can.
    pub resend_available_at: Option<DateTime<Utc>>,
    /// Other ways on which the next one could go.
    pub other_channels: Vec<Channel>,
}

impl OtpView {
    pub(super) fn new(opened: &Opened, live: &LiveCode) -> Self {
        Self::of(&opened.session, live, opened.contact.as_ref(), opened.ways())
    }

    fn of(session: &SessionRow, live: &LiveCode, contact: Option<&Contact>, ways: Vec<Channel>) -> Self {
        let more = session.otp_sends < SENDS_PER_SESSION;
        Self {
            channel: live.channel.clone(),
            destination: masked(&live.channel, contact),
            other_channels: ways.into_iter().filter(|way| more && way.as_str() != live.channel).collect(),
            sent_at: live.issued_at,
            expires_at: live.expires_at,
            attempts_remaining: attempts_left(live.tries, session.otp_tries),
            resend_available_at: more.then(|| live.issued_at + RESEND_COOLDOWN),
        }
    }
}

/// All that the hosted page shows.
#[derive(Debug, Clone)]
pub struct ChallengeView {
    /// Whose page it is.
    pub tenant: Arc<Tenant>,
    /// Where the session stands; expired also when no row says so yet.
    pub stage: Stage,
    /// What is about to happen.
    pub action: ActionWords,
    /// Language of the subject, as the event named it.
    pub locale: Option<String>,
    /// Whose account it is, as far as its owner knows it again: the address, masked.
    pub account: Option<String>,
    /// The code that counts, in stage `code`.
    pub otp: Option<OtpView>,
    /// When the session ends by itself.
    pub expires_at: DateTime<Utc>,
    /// The database's time.
    pub now: DateTime<Utc>,
    /// Another browser answered first: nothing can be answered here.
    pub other_browser: bool,
    /// When whoever broke off contact can do more than hang up.
    pub pause_ends_at: Option<DateTime<Utc>>,
    /// What whoever broke off contact reads first.
    pub variant: Variant,
    /// Where the person goes afterwards, with which token.
    pub after: Option<(String, Option<String>)>,
    /// Origins of the pages that may open this one in a window and hear of the end. The token goes to that of the
    /// `return_url` alone, and then it is the only one.
    pub openers: Vec<String>,
}

/// What anybody with the link may learn without opening it: whether the challenge is over, never how it ended.
#[derive(Debug, Clone)]
pub struct Standing {
    /// `open`, `closed` or `expired`.
    pub state: &'static str,
    /// Origins of the pages that may ask.
    pub openers: Vec<String>,
}

impl ChallengeView {
    /// The form token of this showing of the page: proof that a form came from a page that this browser was shown, and
    /// when that was.
    #[must_use]
    pub fn form_token(&self, session_id: &str, cookie: &str) -> String {
        let micros = self.now.timestamp_micros();
        format!("{micros}.{}", self.tenant.vault.form_token(&showing(session_id, micros), cookie))
    }
}

impl Engine {
    pub(super) fn session_view(&self, session: &SessionRow) -> SessionView {
        SessionView {
            challenge_url: self.challenge_url(&session.session_id),
            id: session.session_id.clone(),
            status: session.status.as_str(),
            stage: session.stage.as_str(),
            intent: session.intent,
            outcome: session.outcome,
            assurance: session.assurance,
            expires_at: session.expires_at,
            resolved_at: session.resolved_at,
        }
    }

    /// What the hosted page shows to the browser with `cookie`. Looking changes nothing.
    ///
    /// # Errors
    /// [`VerificationError::NotFound`] for whatever is no challenge; [`VerificationError::Store`].
    pub async fn view_challenge(
        &self,
        session_id: &str,
        cookie: Option<&str>,
    ) -> Result<ChallengeView, VerificationError> {
        let tenant = self.tenant_of(session_id).await?.ok_or(VerificationError::NotFound)?;
        let org_id = tenant.org.org_id.as_str();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let session = store::sessions::find(&mut tx, org_id, session_id).await?;
        let session = session.filter(|session| session.challenged).ok_or(VerificationError::NotFound)?;
        let contact = Contact::open(&tenant.vault, session_id, session.contact.as_deref());
        let mine = match (&session.binding_hash, cookie) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(bound), Some(cookie)) => {
                crate::challenge::otp::code_matches(bound, &tenant.vault.binding_hash(session_id, cookie))
            }
        };
        let live = match session.stage {
            Stage::Code if mine => store::otp_codes::live(&mut tx, org_id, session_id).await?,
            _ => None,
        };
        let over = session.binding_hash.is_some();
        let token = if mine && over { self.token_of(&tenant, &mut tx, session_id).await? } else { None };
        tx.commit().await?;
        let return_url = contact.as_ref().and_then(|contact| contact.return_url.as_deref());
        Ok(ChallengeView {
            openers: tenant.org.opener_origins(return_url),
            stage: if session.is_expired() { Stage::Expired } else { session.stage },
            otp: live.map(|live| {
                let ways = ways(&tenant.reach, contact.as_ref(), self.texts);
                OtpView::of(&session, &live, contact.as_ref(), ways)
            }),
            pause_ends_at: pause_ends_at(&session),
            // sessions from before there was a choice have none
            variant: session.variant.unwrap_or(Variant::Default),
            action: contact.as_ref().map(|contact| contact.action.clone()).unwrap_or_default(),
            locale: contact.as_ref().and_then(|contact| contact.locale.clone()),
            account: account(contact.as_ref()),
            expires_at: session.expires_at,
            now: session.now,
            other_browser: !mine,
            after: contact
                .and_then(|contact| contact.return_url)
                .filter(|_| mine && over)
                .map(|url| (url, token)),
            tenant,
        })
    }

    /// Whether a challenge is over, for the page that opened it. Asking changes nothing.
    ///
    /// # Errors
    /// [`VerificationError::NotFound`] for whatever is no challenge; [`VerificationError::Store`].
    pub async fn challenge_standing(&self, session_id: &str) -> Result<Standing, VerificationError> {
        let tenant = self.tenant_of(session_id).await?.ok_or(VerificationError::NotFound)?;
        let org_id = tenant.org.org_id.as_str();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let session = store::sessions::find(&mut tx, org_id, session_id).await?;
        tx.commit().await?;
        let session = session.filter(|session| session.challenged).ok_or(VerificationError::NotFound)?;
        let contact = Contact::open(&tenant.vault, session_id, session.contact.as_deref());
        let return_url = contact.as_ref().and_then(|contact| contact.return_url.as_deref());
        let stage = if session.is_expired() { Stage::Expired } else { session.stage };
        Ok(Standing { state: stage.standing(), openers: tenant.org.opener_origins(return_url) })
    }

    /// When this browser was shown the page that a form came from; `None` when it came from no page of ours.
    ///
    /// # Errors
    /// [`VerificationError::NotFound`] when there is no such session.
    pub async fn form_shown_at(
        &self,
        session_id: &str,
        cookie: &str,
        given: &str,
    ) -> Result<Option<DateTime<Utc>>, VerificationError> {
        let tenant = self.tenant_of(session_id).await?.ok_or(VerificationError::NotFound)?;
        let Some((micros, mac)) = given.split_once('.') else { return Ok(None) };
        let Ok(micros) = micros.parse() else { return Ok(None) };
        let ours = tenant.vault.form_token_matches(&showing(session_id, micros), cookie, mac);
        Ok(DateTime::from_timestamp_micros(micros).filter(|_| ours))
    }
}

/// One showing of a session's page, which its form tokens are made for. No id holds a slash.
fn showing(session_id: &str, micros: i64) -> String {
    format!("{session_id}/{micros}")
}

/// The masked address of whoever the event is about: a person who was sent somebody else's link sees that it is not
/// theirs.
fn account(contact: Option<&Contact>) -> Option<String> {
    let known = |way: &Channel| contact.is_some_and(|contact| contact.address(*way).is_some());
    let way = [Channel::Email, Channel::Sms].into_iter().find(known)?;
    Some(masked(way.as_str(), contact))
}

/// The end of the pause, while it goes on.
pub(super) fn pause_ends_at(session: &SessionRow) -> Option<DateTime<Utc>> {
    let ends_at = session.resolved_at? + PAUSE;
    (session.stage == Stage::BreakContact && ends_at > session.now).then_some(ends_at)
}
