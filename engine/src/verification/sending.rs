//! A code on its way: which way it goes, within which limits, in which message.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Opened, OtpView, VerificationError};
use crate::Engine;
use crate::audit::action;
use crate::challenge::otp::Code;
use crate::challenge::{CODE_TTL, SENDS_PER_SESSION};
use crate::contact::Contact;
use crate::id::random_id;
use crate::limit::{Ask, EVERYWHERE, Limit, mailbox};
use crate::outbox::{Channel, Kind, Payload};
use crate::phone;
use crate::reach::Reach;
use crate::store;
use crate::store::otp_codes::{LiveCode, NewCode};
use crate::store::outbox::NewMessage;

/// Which way a code goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Via {
    /// The first that is open, in the organisation's order.
    First,
    /// This one alone.
    This(Channel),
    /// The first after this one, which failed.
    After(Channel),
}

impl Opened {
    /// The ways that are open to the subject, in the organisation's order.
    pub(super) fn ways(&self) -> Vec<Channel> {
        ways(&self.tenant.reach, self.contact.as_ref(), self.texts)
    }

    fn candidates(&self, via: Via) -> Vec<Channel> {
        let ways = self.ways();
        match via {
            Via::First => ways,
            Via::This(channel) => ways.into_iter().filter(|way| *way == channel).collect(),
            Via::After(channel) => ways.into_iter().skip_while(|way| *way != channel).skip(1).collect(),
        }
    }
}

impl Engine {
    /// Queues a code within all limits. A way that is full for now is passed over where another is open.
    pub(super) async fn send_code(
        &self,
        opened: &mut Opened,
        via: Via,
    ) -> Result<OtpView, VerificationError> {
        if opened.session.otp_sends >= SENDS_PER_SESSION {
            return Err(VerificationError::SendsExhausted);
        }
        let mut refused = VerificationError::InvalidTransition;
        for channel in opened.candidates(via) {
            let asks = sends_of(opened, channel);
            match store::rate_limits::take(&mut opened.tx, &asks).await? {
                None => return self.send_by(opened, channel).await,
                Some(refusal) => {
                    refused = VerificationError::Limited(refusal);
                    if !refusal.limit.is_of_numbers() {
                        break;
                    }
                }
            }
        }
        Err(refused)
    }

    async fn send_by(&self, opened: &mut Opened, channel: Channel) -> Result<OtpView, VerificationError> {
        let (org_id, session_id) = (opened.session.org_id.clone(), opened.session.session_id.clone());
        let address = opened.contact.as_ref().and_then(|contact| contact.address(channel));
        let address = address.ok_or(VerificationError::InvalidTransition)?.to_owned();
        let number = opened.session.otp_sends.saturating_add(1);
        let code = Code::random(&mut rand::rng());
        let now = opened.session.now;
        let expires_at = (now + CODE_TTL).min(opened.session.expires_at);
        let message = self.code_message(opened, channel, &address, &code, expires_at)?;
        let vault = &opened.tenant.vault;
        let new = NewCode {
            org_id: &org_id,
            session_id: &session_id,
            number,
            code_hash: &vault.otp_hash(&session_id, number, &address, code.expose()),
            channel: channel.as_str(),
            address_hash: &vault.fingerprint("address", &counted(channel, &address)),
            issued_at: now,
            expires_at,
            message_id: &message.message_id,
        };
        store::otp_codes::issue(&mut opened.tx, &new).await?;
        opened.session.otp_sends = number;
        store::outbox::queue(&mut opened.tx, &org_id, Some(&session_id), &message, now).await?;
        let noted =
            json!({ "number": number, "channel": channel.as_str(), "message_id": message.message_id });
        opened.note(action::OTP_ISSUED, noted);
        let live = LiveCode {
            number,
            tries: 0,
            issued_at: now,
            expires_at,
            channel: channel.as_str().to_owned(),
            message_id: Some(message.message_id),
        };
        Ok(OtpView::new(opened, &live))
    }

    fn code_message(
        &self,
        opened: &Opened,
        channel: Channel,
        to: &str,
        code: &Code,
        expires_at: DateTime<Utc>,
    ) -> Result<NewMessage, VerificationError> {
        let contact = opened.contact.as_ref().ok_or(VerificationError::NotFound)?;
        let vault = &opened.tenant.vault;
        let message_id = random_id("msg_", &mut rand::rng());
        let payload = Payload {
            to: to.to_owned(),
            name: contact.name.clone(),
            locale: contact.locale.clone(),
            reader: opened.reader.clone(),
            action: contact.action.clone(),
            code: Some(code.expose().to_owned()),
            challenge_url: None,
            // a text message with a link looks like what it warns of
            stop_url: (channel == Channel::Email).then(|| self.stop_url(vault, &opened.session.session_id)),
            demotion: None,
            expires_at,
            created_at: opened.session.now,
        };
        let payload = payload.seal(vault, &message_id).ok_or(VerificationError::Writing("message"))?;
        Ok(NewMessage { message_id, kind: Kind::Code, channel, payload })
    }
}

/// The ways that are open to whoever `contact` reaches.
pub(super) fn ways(reach: &Reach, contact: Option<&Contact>, texts: bool) -> Vec<Channel> {
    let Some(contact) = contact else { return Vec::new() };
    let open = |channel: &Channel| match channel {
        Channel::Email => contact.email.is_some(),
        Channel::Sms => {
            texts && contact.phone.as_deref().is_some_and(|phone| reach.prefix_of(phone).is_some())
        }
    };
    reach.channels.iter().copied().filter(open).collect()
}

/// What is shown of where a code went.
pub(super) fn masked(channel: &str, contact: Option<&Contact>) -> String {
    let channel = Channel::parse(channel);
    let address = contact.zip(channel).and_then(|(contact, channel)| contact.address(channel));
    match channel {
        Some(Channel::Sms) => phone::mask(address.unwrap_or_default()),
        _ => crate::event::mask_email(address.unwrap_or_default()),
    }
}

/// What a code counts against: whom it goes to, about whom, on whose behalf, and who asks for it.
fn sends_of(opened: &Opened, channel: Channel) -> Vec<Ask> {
    let (org_id, vault, reach) = (&opened.session.org_id, &opened.tenant.vault, &opened.tenant.reach);
    let address = opened.contact.as_ref().and_then(|contact| contact.address(channel)).unwrap_or_default();
    let address = counted(channel, address);
    let mut asks = vec![
        Limit::Address.of(org_id, vault, &address),
        // under a key of its own, or organisations could not count one address together
        Limit::AddressEverywhere.of(EVERYWHERE, &opened.shared, &address),
        Limit::Subject.of(org_id, vault, &opened.session.subject_id),
        Limit::Organisation.up_to(org_id, vault, org_id, reach.codes_hourly),
    ];
    asks.extend(opened.network.iter().map(|network| Limit::Network.of(org_id, vault, network)));
    if channel == Channel::Sms {
        let prefix = reach.prefix_of(&address).unwrap_or_default();
        asks.push(Limit::Prefix.up_to(org_id, vault, prefix, reach.sms_hourly));
        asks.push(Limit::Block.of(org_id, vault, phone::block(&address)));
    }
    asks
}

/// An address or number in the one spelling that limits count.
fn counted(channel: Channel, address: &str) -> String {
    match channel {
        Channel::Email => mailbox(address),
        Channel::Sms => address.to_owned(),
    }
}
