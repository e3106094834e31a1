//! `Texter`: a text message leaves by a provider's HTTP API, or into the mailbox of a demo.
//!
//! It speaks the widespread API of `POST /2010-04-01/Accounts/{account}/Messages.json` with status callbacks. It never
//! renders, never retries, and never repeats a number, a text or a provider's own words in an error.

mod service;
mod signature;

use ase_engine::Engine;
use ase_engine::store::demo_messages::{self, DemoMessage};
use ase_engine::store::{Scope, StoreError};
use thiserror::Error;

pub use service::Service;
pub use signature::is_signed;

use crate::config::SmsConfig;

/// A text message on its way to somebody.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    /// `msg_...`.
    pub message_id: &'a str,
    /// Whose.
    pub org_id: &'a str,
    /// The number, in its one spelling.
    pub to: &'a str,
    /// What it says.
    pub body: &'a str,
    /// Seconds for which it is of use.
    pub valid_seconds: i64,
}

impl std::fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Text").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}

/// The way out for text messages.
#[derive(Debug)]
pub enum Texter {
    /// Through a provider.
    Service(Box<Service>),
    /// Into the mailbox of a demo.
    Mailbox(Engine),
    /// There is none.
    Nowhere,
}

/// Why text messages cannot leave at all.
#[derive(Debug, Error)]
#[error("text messages cannot be sent: {0}")]
pub struct TexterError(pub(crate) &'static str);

/// Why a text message did not leave.
#[derive(Debug, Error)]
pub enum TextError {
    /// Nobody set up a provider.
    #[error("no provider of text messages is set up")]
    Nowhere,
    /// It cannot be put into words.
    #[error("the text message cannot be put together")]
    Words,
    /// The provider will not take it, now or later.
    #[error("the provider refused it for good ({0})")]
    Refused(String),
    /// The provider does not take it now.
    #[error("the provider did not take it: {0}")]
    Delayed(String),
    /// The mailbox of the demo does not answer.
    #[error(transparent)]
    Mailbox(#[from] StoreError),
}

impl TextError {
    /// Whether trying again is of no use.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Nowhere | Self::Words | Self::Refused(_))
    }
}

impl Texter {
    /// The way out that the configuration asks for. Nothing is connected yet.
    ///
    /// # Errors
    /// [`TexterError`] when no client for it can be made.
    pub fn new(
        config: Option<&SmsConfig>,
        demo: bool,
        engine: &Engine,
        public_url: &str,
    ) -> Result<Self, TexterError> {
        match config {
            Some(config) => Ok(Self::Service(Box::new(Service::new(config.clone(), public_url)?))),
            None if demo => Ok(Self::Mailbox(engine.clone())),
            None => Ok(Self::Nowhere),
        }
    }

    /// Hands a text message over; the provider's name for it is returned, where it has one.
    ///
    /// # Errors
    /// [`TextError`]; [`TextError::is_permanent`] says whether to try again.
    pub async fn send(&self, text: &Text<'_>) -> Result<Option<String>, TextError> {
        match self {
            Self::Service(service) => service.send(text).await,
            Self::Mailbox(engine) => put_into_mailbox(engine, text).await.map(|()| None),
            Self::Nowhere => Err(TextError::Nowhere),
        }
    }

    /// The provider, where there is one.
    #[must_use]
    pub fn service(&self) -> Option<&Service> {
        match self {
            Self::Service(service) => Some(service),
            Self::Mailbox(_) | Self::Nowhere => None,
        }
    }
}

async fn put_into_mailbox(engine: &Engine, text: &Text<'_>) -> Result<(), TextError> {
    let mut tx = engine.store().begin(Scope::Org(text.org_id)).await?;
    let escaped = text.body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let message = DemoMessage {
        org_id: text.org_id.to_owned(),
        message_id: text.message_id.to_owned(),
        address: text.to.to_owned(),
        subject: "Text message".to_owned(),
        text_body: text.body.to_owned(),
        html_body: format!("<!doctype html><meta charset=\"utf-8\"><pre>{escaped}</pre>"),
        sent_at: tx.now().await?,
    };
    demo_messages::insert(&mut tx, &message).await?;
    Ok(tx.commit().await?)
}
