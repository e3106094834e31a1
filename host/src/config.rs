//! `Config`: every setting of the process, read from a file and the environment, checked before anything starts.
//!
//! It is the only room that reads the environment for settings. A setting is one row of [`settings`]; what the file
//! says is overruled by the environment, and both by what a command presets.

mod check;
mod effective;
mod error;
mod proxies;
mod read;
mod settings;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::time::Duration;

use ase_engine::vault::MasterKey;
use secrecy::SecretString;

pub use error::ConfigError;
pub use proxies::TrustedProxies;
pub use read::Settings;

use crate::connectors::ConnectorsConfig;

/// Everything `ase serve` needs to know, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where people reach the server: scheme, host and port without a slash at the end.
    pub public_url: String,
    /// A demo: a mailbox for its mail, no demand for https.
    pub demo: bool,
    /// The key that all others are made from.
    pub master_key: MasterKey,
    /// The database.
    pub database: DatabaseConfig,
    /// How mail leaves.
    pub mail: MailConfig,
    /// How text messages leave, where they do.
    pub sms: Option<SmsConfig>,
    /// How connectors run.
    pub connectors: ConnectorsConfig,
    /// What opens `/metrics`; without it nobody may read them.
    pub metrics_token: Option<SecretString>,
    /// What is logged, and how.
    pub log: LogConfig,
    /// What requests may use.
    pub limits: Limits,
    /// Whose word on a client's address is believed.
    pub trusted_proxies: TrustedProxies,
}

/// Where the database is.
#[derive(Debug, Clone)]
pub struct DatabaseConfig {
    /// The application's role.
    pub url: SecretString,
    /// Most connections of the pool.
    pub connections: u32,
}

/// How mail leaves.
#[derive(Debug, Clone)]
pub enum MailConfig {
    /// By SMTP.
    Smtp {
        /// `smtp://`, `smtps://` or `smtp://…?tls=required`, with credentials.
        url: SecretString,
        /// The sender's address; its name is the organisation's.
        from: String,
    },
    /// Into the mailbox of the demo.
    Mailbox,
}

/// How text messages leave.
#[derive(Debug, Clone)]
pub struct SmsConfig {
    /// The account at the provider.
    pub account_sid: String,
    /// What opens the account, and signs what the provider tells.
    pub auth_token: SecretString,
    /// The sender: a number, a name, or a messaging service (`MG...`).
    pub from: String,
    /// Where the provider's API is, without a slash at the end.
    pub base_url: String,
}

/// What is logged, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogConfig {
    /// The form of a line.
    pub format: LogFormat,
    /// Directives such as `info,ase_host=debug`.
    pub filter: String,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object per line.
    Json,
    /// For people.
    Text,
}

/// What requests may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of a request's body.
    pub body_bytes: usize,
    /// Requests worked on at one time; more are turned away.
    pub concurrent_requests: usize,
    /// Longest time for one request.
    pub request_timeout: Duration,
    /// Open connections of clients; more wait.
    pub connections: usize,
    /// How long the question must have been shown before a "no" is taken.
    pub question: Duration,
}
