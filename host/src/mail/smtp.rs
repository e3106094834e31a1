//! Hands letters to a mail server (RFC 5321) over a few kept connections.

use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use lettre::transport::smtp::response::{Category, Code};
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::letter::{Sender, build};
use super::{Letter, MailError, MailerError};

/// How long the server may take for one step of the conversation.
const STEP_TIMEOUT: Duration = Duration::from_secs(10);
/// How long it may take for all of it: shorter than a message is leased to a worker.
const WHOLE_TIMEOUT: Duration = Duration::from_secs(40);
/// Connections kept at most.
const CONNECTIONS: u32 = 8;
/// How long an idle one is kept.
const IDLE: Duration = Duration::from_secs(30);

/// A mail server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Sender,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp").finish_non_exhaustive()
    }
}

/// The transport of a URL, before its limits.
pub(super) fn builder(url: &str) -> Result<AsyncSmtpTransportBuilder, Error> {
    AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
}

impl Smtp {
    /// The server at `url`. Nothing is connected yet.
    pub(super) fn new(url: &SecretString, from: &str) -> Result<Self, MailerError> {
        // lettre repeats parts of the URL in its errors, so its words stay here
        let wrong = |problem: &str| MailerError(problem.to_owned());
        let transport = builder(url.expose_secret()).ok().ok_or_else(|| wrong("it is no SMTP URL"))?;
        let address = from.parse().ok().ok_or_else(|| wrong("the sender's address is none"))?;
        warn_of_plain_text(url.expose_secret());
        Ok(Self {
            transport: transport
                .timeout(Some(STEP_TIMEOUT))
                .pool_config(PoolConfig::new().max_size(CONNECTIONS).idle_timeout(IDLE))
                .build(),
            sender: Sender { address },
        })
    }

    /// Hands one letter over.
    pub(super) async fn send(&self, letter: &Letter<'_>) -> Result<(), MailError> {
        let message = build(letter, &self.sender)?;
        match tokio::time::timeout(WHOLE_TIMEOUT, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(classify(&error)),
            Err(_) => Err(MailError::Delayed("it took too long".to_owned())),
        }
    }
}

/// Codes travel in these mails: in the clear only where somebody chose so.
fn warn_of_plain_text(url: &str) {
    let Ok(url) = Url::parse(url) else { return };
    let local = url.host_str().is_some_and(|host| matches!(host, "localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() == "smtp" && !url.query_pairs().any(|(name, _)| name == "tls") && !local {
        tracing::warn!("mail leaves without encryption: add ?tls=required to ASE_SMTP_URL, or use smtps://");
    }
}

/// Whether to try again. The server's own words may hold the address, so the code alone is told.
fn classify(error: &Error) -> MailError {
    match error.status() {
        Some(code) if error.is_permanent() && !is_about_us(code) => MailError::Refused(code.to_string()),
        Some(code) => MailError::Delayed(format!("code {code}")),
        None if error.is_timeout() => MailError::Delayed("no answer in time".to_owned()),
        None if error.is_response() => MailError::Delayed("an answer that is no SMTP".to_owned()),
        None => {
            let cause = error.source().map_or_else(|| "no connection".to_owned(), ToString::to_string);
            MailError::Delayed(cause)
        }
    }
}

/// 530, 534, 535, 538 (RFC 4954): our credentials are wrong, which no letter shall be lost for.
fn is_about_us(code: Code) -> bool {
    code.category == Category::Unspecified3
}
