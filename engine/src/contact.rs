//! `Contact`: what a session keeps of a person, sealed: where codes go and what the page says.

use serde::{Deserialize, Serialize};

use crate::event::{Event, Money};
use crate::org::Org;
use crate::outbox::{ActionWords, Channel, Payload};
use crate::phone;
use crate::vault::OrgVault;

/// Addresses and words of one session.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Contact {
    pub(crate) email: Option<String>,
    /// In its one spelling, where text messages may go to it.
    #[serde(default)]
    pub(crate) phone: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) locale: Option<String>,
    pub(crate) action: ActionWords,
    pub(crate) return_url: Option<String>,
}

impl Contact {
    /// `known` says that the organisation told of the subject before: nobody pays for text messages to a stranger.
    pub(crate) fn of(event: &Event, org: &Org, known: bool) -> Self {
        // a number that this very event brings may be that of whoever took the account over
        let changed = event.changes.iter().any(|field| field == "phone");
        let phone = event.subject.phone.as_deref().and_then(phone::canonical);
        Self {
            email: event.subject.email.clone(),
            phone: phone.filter(|_| known && !changed),
            name: event.subject.name.clone(),
            locale: event.subject.locale.clone(),
            action: ActionWords {
                description: event.action.description.clone().unwrap_or_else(|| plain_words(event)),
                kind: event.action.description.is_none().then(|| event.event_type.as_str().to_owned()),
                amount: event.action.amount.as_ref().map(written),
                destination: event
                    .action
                    .destination
                    .as_ref()
                    .and_then(|destination| destination.label.clone()),
            },
            return_url: event.return_url.clone().filter(|url| org.check_return_url(url).is_ok()),
        }
    }

    /// Where messages on `channel` go.
    pub(crate) fn address(&self, channel: Channel) -> Option<&str> {
        match channel {
            Channel::Email => self.email.as_deref(),
            Channel::Sms => self.phone.as_deref(),
        }
    }

    pub(crate) fn seal(&self, vault: &OrgVault, session_id: &str) -> Option<Vec<u8>> {
        let json = serde_json::to_vec(self).ok()?;
        Some(vault.seal(&format!("contact/{session_id}"), &json, &mut rand::rng()))
    }

    /// `None` when the person was erased or the row does not belong to this session.
    pub(crate) fn open(vault: &OrgVault, session_id: &str, sealed: Option<&[u8]>) -> Option<Self> {
        let json = vault.open(&format!("contact/{session_id}"), sealed?).ok()?;
        serde_json::from_slice(&json).ok()
    }
}

impl Payload {
    pub(crate) fn seal(&self, vault: &OrgVault, message_id: &str) -> Option<Vec<u8>> {
        let json = serde_json::to_vec(self).ok()?;
        Some(vault.seal(&format!("message/{message_id}"), &json, &mut rand::rng()))
    }

    pub(crate) fn open(vault: &OrgVault, message_id: &str, sealed: &[u8]) -> Option<Self> {
        let json = vault.open(&format!("message/{message_id}"), sealed).ok()?;
        serde_json::from_slice(&json).ok()
    }
}

/// `900.00 EUR`.
fn written(money: &Money) -> String {
    format!("{} {}", money.value, money.currency)
}

/// The type of the event as words, where the platform gave no sentence: "payout: destination changed".
fn plain_words(event: &Event) -> String {
    event.event_type.as_str().replacen('.', ": ", 1).replace('_', " ")
}
