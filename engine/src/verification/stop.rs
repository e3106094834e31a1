//! The Stop link of a mail: whoever reads the mailbox can end what they did not start.

use serde_json::json;

use super::{Opened, VerificationError};
use crate::Engine;
use crate::audit::{Actor, ActorType, action};
use crate::brand::Brand;
use crate::challenge::Intent;
use crate::contact::Contact;
use crate::org::Org;
use crate::outbox::{ActionWords, Reader};
use crate::session::{Stage, Step};
use crate::store::{self, Scope};
use crate::token::{Assurance, TokenOutcome};

/// What the page behind a Stop link shows.
#[derive(Debug, Clone)]
pub struct StopView {
    /// Whose page it is.
    pub org: Org,
    /// How it looks, and what it says in other languages.
    pub brand: Brand,
    /// What would be stopped.
    pub action: ActionWords,
    /// Language of the subject, as the event named it.
    pub locale: Option<String>,
    /// Whether it can be.
    pub state: Stoppable,
}

/// Whether something can be stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stoppable {
    /// It can.
    Open,
    /// Nothing can come of it any more.
    Over,
    /// The platform went ahead.
    Late,
}

impl Engine {
    /// What a Stop link would stop. Looking changes nothing.
    ///
    /// # Errors
    /// [`VerificationError::NotFound`] for whatever is no Stop link of ours; [`VerificationError::Store`].
    pub async fn view_stop(&self, session_id: &str, key: &str) -> Result<StopView, VerificationError> {
        let tenant = self.tenant_of(session_id).await?.ok_or(VerificationError::NotFound)?;
        if !tenant.vault.stop_key_matches(session_id, key) {
            return Err(VerificationError::NotFound);
        }
        let org_id = tenant.org.org_id.as_str();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let session = store::sessions::find(&mut tx, org_id, session_id).await?;
        let token = store::decision_tokens::of_session(&mut tx, org_id, session_id).await?;
        tx.commit().await?;
        let session = session.filter(|session| session.challenged).ok_or(VerificationError::NotFound)?;
        let contact = Contact::open(&tenant.vault, session_id, session.contact.as_deref());
        Ok(StopView {
            org: tenant.org.clone(),
            brand: tenant.brand.clone(),
            locale: contact.as_ref().and_then(|contact| contact.locale.clone()),
            action: contact.map(|contact| contact.action).unwrap_or_default(),
            state: if session.is_expired() || !is_stoppable(session.stage) {
                Stoppable::Over
            } else if session.stage == Stage::Allowed && token.is_some_and(|token| token.used_at.is_some()) {
                Stoppable::Late
            } else {
                Stoppable::Open
            },
        })
    }

    /// Stops what a session is about: before its end, and after it until the platform has used the token. Stopping
    /// once more changes nothing. `reader` is what the browser with the link says of languages, for the mail that
    /// follows.
    ///
    /// # Errors
    /// [`VerificationError::NotFound`] for whatever is no Stop link of ours; [`VerificationError::WentAhead`] when it
    /// is too late.
    pub async fn stop(&self, session_id: &str, key: &str, reader: &Reader) -> Result<(), VerificationError> {
        let tenant = self.tenant_of(session_id).await?.ok_or(VerificationError::NotFound)?;
        if !tenant.vault.stop_key_matches(session_id, key) {
            return Err(VerificationError::NotFound);
        }
        let actor = Actor { actor_type: ActorType::Subject, id: "stop link".to_owned() };
        let mut opened = self.locked(session_id, Some(&tenant.org.org_id), actor).await?;
        opened.reader = reader.clone();
        if opened.session.is_expired() || !is_stoppable(opened.session.stage) {
            return Ok(());
        }
        let before = opened.session.stage;
        if before == Stage::Allowed && is_used(&mut opened).await? {
            return Err(VerificationError::WentAhead);
        }
        let to = before.after(Step::Stop, opened.demands())?;
        opened.note(action::SESSION_REVOKED, json!({ "stage": before.as_str() }));
        if to == Stage::BreakContact {
            // who stops by mail did not say that somebody guides them, only that this must not be
            opened.session.intent = Some(Intent::Unsure);
            self.advance(&mut opened, to, Some(Assurance::IntentOnly)).await?;
        } else {
            self.advance(&mut opened, to, None).await?;
            let resolved = json!({ "outcome": TokenOutcome::Block.as_str(), "stage": to.as_str() });
            opened.note(action::SESSION_RESOLVED, resolved);
        }
        self.tell_stopped(&mut opened).await?;
        opened.commit().await
    }
}

/// Whether the platform went ahead. It cannot from here on, until this transaction ends.
async fn is_used(opened: &mut Opened) -> Result<bool, VerificationError> {
    let (org_id, session_id) = (opened.session.org_id.clone(), opened.session.session_id.clone());
    Ok(store::decision_tokens::is_used_locked(&mut opened.tx, &org_id, &session_id).await?)
}

fn is_stoppable(stage: Stage) -> bool {
    matches!(stage, Stage::Question | Stage::Code | Stage::Allowed | Stage::Held)
}
