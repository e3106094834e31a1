//! Codes that did not arrive: the next way is tried, in the organisation's order.

use serde_json::json;

use super::sending::Via;
use super::{Opened, VerificationError};
use crate::Engine;
use crate::audit::action;
use crate::dispatch::mailer;
use crate::journal::Journal;
use crate::outbox::{Channel, Kind, Reader};
use crate::session::Stage;
use crate::store::{self, Scope};

/// What a provider says became of a message that it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It reached the telephone.
    Delivered,
    /// It did not, and will not.
    Undelivered,
}

impl Engine {
    /// Takes a provider's word on a text message, once. False when there is no such message or all was said before.
    ///
    /// # Errors
    /// [`VerificationError::Store`].
    pub async fn message_told(
        &self,
        message_id: &str,
        fate: Fate,
        reason: Option<&str>,
    ) -> Result<bool, VerificationError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let told = store::outbox::find(&mut tx, message_id).await?;
        tx.commit().await?;
        let Some(told) = told else { return Ok(false) };
        let (word, action) = match fate {
            Fate::Delivered => ("delivered", action::SMS_DELIVERED),
            Fate::Undelivered => ("undelivered", action::SMS_FAILED),
        };
        let mut tx = self.store.begin(Scope::Org(&told.org_id)).await?;
        if !store::outbox::meet_fate(&mut tx, &told.org_id, message_id, word).await? {
            return Ok(false);
        }
        let mut journal = Journal::new(&told.org_id, told.session_id.as_deref(), tx.now().await?);
        journal.note(&mailer(), action, json!({ "message_id": message_id, "reason": reason }));
        store::audit_entries::append(&mut tx, &told.org_id, journal.entries()).await?;
        tx.commit().await?;
        let code = Kind::parse(&told.kind) == Some(Kind::Code);
        if let Some(session_id) = told.session_id.filter(|_| code && fate == Fate::Undelivered) {
            // what it said was wiped when it left, so the event alone tells the language of the next
            self.fall_back(&session_id, message_id, Channel::Sms, &Reader::default()).await?;
        }
        Ok(true)
    }

    /// Sends another code on the next way, where `message_id` carried the one that counts and `channel` has a next.
    /// `reader` is whom the one before was written for.
    ///
    /// # Errors
    /// [`VerificationError::Store`].
    pub(crate) async fn fall_back(
        &self,
        session_id: &str,
        message_id: &str,
        channel: Channel,
        reader: &Reader,
    ) -> Result<(), VerificationError> {
        let mut opened = match self.locked(session_id, None, mailer()).await {
            Ok(opened) => opened,
            Err(VerificationError::NotFound) => return Ok(()),
            Err(error) => return Err(error),
        };
        if opened.session.is_expired()
            || opened.session.stage != Stage::Code
            || !counts(&mut opened, message_id).await?
        {
            return Ok(());
        }
        opened.reader = reader.clone();
        match self.send_code(&mut opened, Via::After(channel)).await {
            Ok(_) => opened.commit().await,
            Err(VerificationError::Store(error)) => Err(error.into()),
            // no other way, or none for now: the page offers another code, and the official ways
            Err(_) => Ok(()),
        }
    }
}

/// Whether the code that counts travels in this message.
async fn counts(opened: &mut Opened, message_id: &str) -> Result<bool, VerificationError> {
    let (org_id, session_id) = (opened.session.org_id.clone(), opened.session.session_id.clone());
    let live = store::otp_codes::live(&mut opened.tx, &org_id, &session_id).await?;
    Ok(live.is_some_and(|live| live.message_id.as_deref() == Some(message_id)))
}
