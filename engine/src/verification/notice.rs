//! The mail after a stop: the person hears of it at their own address, whoever sat at the screen.

use chrono::TimeDelta;
use serde_json::json;

use super::{Opened, VerificationError};
use crate::Engine;
use crate::audit::action;
use crate::id::random_id;
use crate::limit::{Limit, mailbox};
use crate::outbox::{Channel, Kind, Payload};
use crate::store;
use crate::store::outbox::NewMessage;

/// How long it is worth sending.
const WORTH: TimeDelta = TimeDelta::hours(24);

impl Engine {
    /// Queues the mail, where there is an address and it has not had its share. It holds no code and no link.
    pub(super) async fn tell_stopped(&self, opened: &mut Opened) -> Result<(), VerificationError> {
        let (org_id, session_id) = (opened.session.org_id.clone(), opened.session.session_id.clone());
        let Some(contact) = opened.contact.clone() else { return Ok(()) };
        let Some(to) = contact.email else { return Ok(()) };
        let ask = Limit::Notices.of(&org_id, &opened.tenant.vault, &mailbox(&to));
        if store::rate_limits::take(&mut opened.tx, &[ask]).await?.is_some() {
            return Ok(());
        }
        let now = opened.session.now;
        let message_id = random_id("msg_", &mut rand::rng());
        let payload = Payload {
            to,
            name: contact.name,
            locale: contact.locale,
            reader: opened.reader.clone(),
            action: contact.action,
            code: None,
            challenge_url: None,
            stop_url: None,
            demotion: None,
            expires_at: now + WORTH,
            created_at: now,
        };
        let payload = payload.seal(&opened.tenant.vault, &message_id);
        let payload = payload.ok_or(VerificationError::Writing("message"))?;
        let message = NewMessage { message_id, kind: Kind::Stopped, channel: Channel::Email, payload };
        store::outbox::queue(&mut opened.tx, &org_id, Some(&session_id), &message, now).await?;
        let noted = json!({ "message_id": message.message_id, "kind": Kind::Stopped.as_str() });
        opened.note(action::EMAIL_QUEUED, noted);
        Ok(())
    }
}
