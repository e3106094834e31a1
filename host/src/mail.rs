//! `Mailer`: a rendered mail becomes a letter and leaves, by SMTP or into the mailbox of a demo.
//!
//! It never renders, never retries and never repeats an address, a name or a server's own words in an error.

mod letter;
mod name;
mod smtp;

use ase_engine::Engine;
use ase_engine::store::demo_messages::{self, DemoMessage};
use ase_engine::store::{Scope, StoreError};
use lettre::Address;
use secrecy::SecretString;
use thiserror::Error;
use url::Url;

use self::smtp::Smtp;
use crate::config::MailConfig;
use crate::pages::Rendered;

/// A mail on its way to somebody.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// `msg_...`, the same at every try, so that a receiver who gets it twice can tell.
    pub message_id: &'a str,
    /// Whose.
    pub org_id: &'a str,
    /// Name of the sender.
    pub from_name: &'a str,
    /// Address of the receiver.
    pub to: &'a str,
    /// Name of the receiver, as somebody typed it.
    pub to_name: Option<&'a str>,
    /// Subject and bodies.
    pub mail: &'a Rendered,
}

/// The way out for mail.
#[derive(Debug)]
pub enum Mailer {
    /// Through a mail server.
    Smtp(Smtp),
    /// Into the mailbox of a demo.
    Mailbox(Engine),
}

/// Why mail cannot leave at all.
#[derive(Debug, Error)]
#[error("ASE_SMTP_URL cannot be used: {0}")]
pub struct MailerError(String);

/// Why a letter did not leave.
#[derive(Debug, Error)]
pub enum MailError {
    /// The receiver's address is none.
    #[error("the address is not valid")]
    Address,
    /// The letter cannot be put together.
    #[error("the mail cannot be put together")]
    Letter,
    /// The mail server will not take it, now or later.
    #[error("the mail server refused it for good ({0})")]
    Refused(String),
    /// The mail server does not take it now.
    #[error("the mail server did not take it: {0}")]
    Delayed(String),
    /// The mailbox of the demo does not answer.
    #[error(transparent)]
    Mailbox(#[from] StoreError),
}

impl MailError {
    /// Whether trying again is of no use.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Address | Self::Letter | Self::Refused(_))
    }
}

impl Mailer {
    /// The way out that the configuration asks for. Nothing is connected yet.
    ///
    /// # Errors
    /// [`MailerError`] when the URL cannot be used.
    pub fn new(config: &MailConfig, engine: &Engine) -> Result<Self, MailerError> {
        match config {
            MailConfig::Smtp { url, from } => Ok(Self::Smtp(Smtp::new(url, from)?)),
            MailConfig::Mailbox => Ok(Self::Mailbox(engine.clone())),
        }
    }

    /// Hands a letter over; once this returns, the next server is responsible for it.
    ///
    /// # Errors
    /// [`MailError`]; [`MailError::is_permanent`] says whether to try again.
    pub async fn send(&self, letter: &Letter<'_>) -> Result<(), MailError> {
        match self {
            Self::Smtp(smtp) => smtp.send(letter).await,
            Self::Mailbox(engine) => put_into_mailbox(engine, letter).await,
        }
    }
}

async fn put_into_mailbox(engine: &Engine, letter: &Letter<'_>) -> Result<(), MailError> {
    letter.to.parse::<Address>().or(Err(MailError::Address))?;
    let mut tx = engine.store().begin(Scope::Org(letter.org_id)).await?;
    let message = DemoMessage {
        org_id: letter.org_id.to_owned(),
        message_id: letter.message_id.to_owned(),
        address: letter.to.to_owned(),
        subject: letter.mail.subject.clone(),
        text_body: letter.mail.text.clone(),
        html_body: letter.mail.html.clone(),
        sent_at: tx.now().await?,
    };
    demo_messages::insert(&mut tx, &message).await?;
    Ok(tx.commit().await?)
}

/// Whether a URL names a mail server and how to speak to it.
///
/// # Errors
/// What it must look like; the URL itself is not repeated.
pub fn check_url(text: &str) -> Result<SecretString, String> {
    let wrong = || "must be smtps://user:password@host, smtp://host?tls=required or smtp://host".to_owned();
    let url = Url::parse(text).ok().ok_or_else(wrong)?;
    if !url.username().is_empty() && url.password().is_none() {
        return Err("has a user but no password".to_owned());
    }
    smtp::builder(text).map(|_| SecretString::from(text)).ok().ok_or_else(wrong)
}

/// Whether mail can come from an address.
///
/// # Errors
/// What it must look like.
pub fn check_address(text: &str) -> Result<String, String> {
    match text.parse::<Address>() {
        Ok(address) => Ok(address.to_string()),
        Err(_) => Err("must be an address such as no-reply@example.com".to_owned()),
    }
}
