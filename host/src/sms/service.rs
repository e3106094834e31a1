//! A provider's HTTP API: one request per message.

use std::fmt;

use ase_engine::dispatch::TEXT_TRY;
use reqwest::{Client, Response, redirect};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::{Text, TextError, TexterError};
use crate::config::SmsConfig;

/// Most bytes of an answer that are read.
const ANSWER_MAX: usize = 64 * 1024;
/// Longest validity that the API takes, in seconds.
const VALID_MAX: i64 = 14_400;

/// A provider.
pub struct Service {
    http: Client,
    config: SmsConfig,
    public_url: String,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").finish_non_exhaustive()
    }
}

/// What is read of an answer: the message's name, or the number of the error.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    sid: Option<String>,
    code: Option<i64>,
}

impl Service {
    /// The provider of the configuration. Nothing is connected yet.
    pub(super) fn new(config: SmsConfig, public_url: &str) -> Result<Self, TexterError> {
        // another part of the program may have chosen already, and as well
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().timeout(TEXT_TRY).redirect(redirect::Policy::none());
        // on this machine there is no TLS, and where there are no certificates none is missed
        let http = if config.base_url.starts_with("http://") { http.tls_certs_only([]) } else { http };
        let http =
            http.build().or(Err(TexterError("this machine has no certificates to check a provider by")))?;
        Ok(Self { http, config, public_url: public_url.to_owned() })
    }

    /// What the provider signs its callbacks with.
    #[must_use]
    pub fn token(&self) -> &SecretString {
        &self.config.auth_token
    }

    /// Hands one message over.
    pub(super) async fn send(&self, text: &Text<'_>) -> Result<Option<String>, TextError> {
        let SmsConfig { base_url, account_sid, auth_token, from } = &self.config;
        let url = format!("{base_url}/2010-04-01/Accounts/{account_sid}/Messages.json");
        let sender = if from.starts_with("MG") && from.len() == 34 { "MessagingServiceSid" } else { "From" };
        let callback = format!("{}/messages/{}/status", self.public_url, text.message_id);
        let valid = text.valid_seconds.clamp(1, VALID_MAX).to_string();
        let form: [(&str, &str); 5] = [
            ("To", text.to),
            (sender, from),
            ("Body", text.body),
            ("StatusCallback", &callback),
            ("ValidityPeriod", &valid),
        ];
        let request = self.http.post(url).basic_auth(account_sid, Some(auth_token.expose_secret()));
        match request.form(&form).send().await {
            Ok(response) => judge(response).await,
            Err(error) if error.is_timeout() => Err(TextError::Delayed("no answer in time".to_owned())),
            Err(error) if error.is_connect() => Err(TextError::Delayed("no connection".to_owned())),
            // its words may hold the URL, and with it the account
            Err(_) => Err(TextError::Delayed("the connection broke".to_owned())),
        }
    }
}

/// Whether it was taken. The provider's own words may hold the number, so its codes alone are told.
async fn judge(response: Response) -> Result<Option<String>, TextError> {
    let status = response.status();
    let answer = read(response).await;
    let told =
        answer.code.map_or_else(|| format!("status {}", status.as_u16()), |code| format!("code {code}"));
    match status.as_u16() {
        200..300 => Ok(answer.sid.filter(|sid| is_plain(sid))),
        // this message is wrong. Everything else is about us or about now, which no message shall be lost for.
        400 => Err(TextError::Refused(told)),
        _ => Err(TextError::Delayed(told)),
    }
}

async fn read(mut response: Response) -> Answer {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        if body.len() + chunk.len() > ANSWER_MAX {
            return Answer::default();
        }
        body.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&body).unwrap_or_default()
}

fn is_plain(sid: &str) -> bool {
    (1..=64).contains(&sid.len())
        && sid.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
