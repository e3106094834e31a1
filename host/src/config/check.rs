//! From what was said to what holds: every setting checked, alone and beside the others.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ase_engine::vault::MasterKey;
use secrecy::SecretString;
use toml::Value;
use url::{Host, Url};

use super::read::read_text;
use super::settings::by_path;
use super::{
    Config, ConfigError, DatabaseConfig, Limits, LogConfig, LogFormat, MailConfig, Settings, SmsConfig,
    TrustedProxies,
};
use crate::connectors::{Ceilings, ConnectorsConfig, Grant, KeyError, Signers};
use crate::{mail, telemetry};

/// Shortest token of `/metrics`, in bytes.
const TOKEN_MIN: usize = 16;

/// Everything that is wrong, in the order in which it was found.
#[derive(Default)]
struct Wrong(Vec<ConfigError>);

impl Wrong {
    fn sift<T>(&mut self, checked: Result<T, ConfigError>) -> Option<T> {
        checked.map_err(|error| self.0.push(error)).ok()
    }

    fn told(mut self) -> ConfigError {
        match (self.0.pop(), self.0.is_empty()) {
            (Some(only), true) => only,
            (last, _) => ConfigError::Several(self.0.into_iter().chain(last).collect()),
        }
    }
}

impl Settings {
    /// Everything, checked, for a server in production.
    ///
    /// # Errors
    /// Every [`ConfigError`] there is.
    pub fn config(&self) -> Result<Config, ConfigError> {
        self.config_for(false)
    }

    /// Everything, checked, for a demo: mail may stay in the mailbox and people may come by http.
    ///
    /// # Errors
    /// Every [`ConfigError`] there is.
    pub fn demo_config(&self) -> Result<Config, ConfigError> {
        self.config_for(true)
    }

    fn config_for(&self, demo: bool) -> Result<Config, ConfigError> {
        let mut wrong = Wrong::default();
        let listen = wrong.sift(self.listen());
        let public_url = wrong.sift(self.public_url(demo));
        let master_key = wrong.sift(self.master_key());
        let database = wrong.sift(self.database());
        let mail = wrong.sift(self.mail(demo));
        let sms = wrong.sift(self.sms());
        let connectors = wrong.sift(self.connectors());
        let metrics_token = wrong.sift(self.metrics_token());
        let log = wrong.sift(self.log());
        let limits = wrong.sift(self.limits());
        let proxies =
            wrong.sift(self.checked("trusted_proxies", |value| TrustedProxies::parse(&texts(value))));
        let complete = || {
            Some(Config {
                listen: listen?,
                public_url: public_url?,
                demo,
                master_key: master_key?,
                database: database?,
                mail: mail?,
                sms: sms?,
                connectors: connectors?,
                metrics_token: metrics_token?,
                log: log?,
                limits: limits?,
                trusted_proxies: proxies?,
            })
        };
        complete().ok_or_else(|| wrong.told())
    }

    /// Where to listen.
    ///
    /// # Errors
    /// [`ConfigError`] when it is no address with a port.
    pub fn listen(&self) -> Result<SocketAddr, ConfigError> {
        self.checked("listen", |value| {
            text(value)
                .parse()
                .ok()
                .ok_or_else(|| "must be an address and a port such as 127.0.0.1:8080".to_owned())
        })
    }

    /// The URL of the role that owns the tables; where there is none of its own, the application's.
    ///
    /// # Errors
    /// [`ConfigError`] when there is neither.
    pub fn migration_url(&self) -> Result<SecretString, ConfigError> {
        match self.optional("database.migration_url", |value| database_url(text(value)))? {
            Some(url) => Ok(url),
            None => Ok(self.database()?.url),
        }
    }

    /// How connectors run.
    ///
    /// # Errors
    /// [`ConfigError`] naming the setting.
    pub fn connectors(&self) -> Result<ConnectorsConfig, ConfigError> {
        let path = |value: &Value| Ok(PathBuf::from(text(value)));
        Ok(ConnectorsConfig {
            dir: self.optional("connectors.dir", path)?,
            cache_dir: self.optional("connectors.cache_dir", path)?,
            compiler: self.optional("connectors.compiler", path)?,
            max_concurrent: self.number("connectors.concurrent_calls")?,
            ceilings: Ceilings {
                memory_mib: self.number("connectors.memory_mib")?,
                deadline_ms: self.number("connectors.deadline_ms")?,
            },
            grants: self.checked("connectors.grants", grants)?,
            signers: self.signers()?,
        })
    }

    fn signers(&self) -> Result<Signers, ConfigError> {
        let told = |error: KeyError| error.to_string();
        let keys = self.checked("connectors.trusted_keys", |value| {
            let keys = texts(value);
            Signers::new(&keys, false).map(|_| keys).map_err(told)
        })?;
        self.checked("connectors.require_signature", |value| {
            Signers::new(&keys, value.as_bool().unwrap_or_default()).map_err(told)
        })
    }

    /// What is logged, and how.
    ///
    /// # Errors
    /// [`ConfigError`] naming the setting.
    pub fn log(&self) -> Result<LogConfig, ConfigError> {
        Ok(LogConfig {
            format: self.checked("log.format", |value| match text(value) {
                "json" => Ok(LogFormat::Json),
                "text" => Ok(LogFormat::Text),
                _ => Err("must be json or text".to_owned()),
            })?,
            filter: self.checked("log.filter", |value| telemetry::check_filter(text(value)))?,
        })
    }

    /// Where people reach the server.
    ///
    /// # Errors
    /// [`ConfigError`] when it is missing or no origin, or http where that is not safe.
    pub fn public_url(&self, demo: bool) -> Result<String, ConfigError> {
        let url = self.optional("public_url", |value| public_url(text(value), demo))?;
        url.ok_or_else(|| {
            missing("public_url", "set it to where people reach this server, such as https://ase.example.com")
        })
    }

    /// The key that all others are made from.
    ///
    /// # Errors
    /// [`ConfigError`] when it is missing or weak.
    pub fn master_key(&self) -> Result<MasterKey, ConfigError> {
        let key = self.optional("master_key", |value| {
            let key = SecretString::from(text(value));
            // the setting is named already, so the reason alone follows
            MasterKey::parse(&key).map_err(|error| error.to_string().replacen("master key ", "", 1))
        })?;
        key.ok_or_else(|| missing("master_key", "make one with `ase config new-key`"))
    }

    /// Where the database is.
    ///
    /// # Errors
    /// [`ConfigError`] when the URL is missing or none.
    pub fn database(&self) -> Result<DatabaseConfig, ConfigError> {
        let url = self.optional("database.url", |value| database_url(text(value)))?;
        let remedy = "set it to postgres://ase_app:password@host/database, with a role that owns no table";
        Ok(DatabaseConfig {
            url: url.ok_or_else(|| missing("database.url", remedy))?,
            connections: self.number("database.connections")?,
        })
    }

    fn mail(&self, demo: bool) -> Result<MailConfig, ConfigError> {
        let url = self.optional("mail.smtp_url", |value| mail::check_url(text(value)))?;
        let from = self.optional("mail.from", |value| mail::check_address(text(value)))?;
        match (url, from) {
            (Some(url), Some(from)) => Ok(MailConfig::Smtp { url, from }),
            (Some(url), None) if demo => {
                Ok(MailConfig::Smtp { url, from: "no-reply@example.com".to_owned() })
            }
            (Some(_), None) => Err(missing("mail.from", "set it to the address that codes come from")),
            (None, _) if demo => Ok(MailConfig::Mailbox),
            (None, _) => Err(missing(
                "mail.smtp_url",
                "set it to smtps://user:password@host, or to smtp://host?tls=required",
            )),
        }
    }

    /// How text messages leave, where somebody said so.
    ///
    /// # Errors
    /// [`ConfigError`] naming what is missing or wrong.
    pub fn sms(&self) -> Result<Option<SmsConfig>, ConfigError> {
        let account_sid = self.optional("sms.account_sid", |value| sms_account(text(value)))?;
        let auth_token = self.optional("sms.auth_token", |value| token(text(value)))?;
        let from = self.optional("sms.from", |value| sms_sender(text(value)))?;
        let base_url = self.checked("sms.base_url", |value| provider_url(text(value)))?;
        if account_sid.is_none() && auth_token.is_none() && from.is_none() {
            return Ok(None);
        }
        Ok(Some(SmsConfig {
            account_sid: account_sid.ok_or_else(|| {
                missing("sms.account_sid", "set it to the account at the provider of text messages")
            })?,
            auth_token: auth_token
                .ok_or_else(|| missing("sms.auth_token", "set it to the account's token"))?,
            from: from.ok_or_else(|| {
                missing(
                    "sms.from",
                    "set it to the sending number such as +4930123456, or to a messaging service",
                )
            })?,
            base_url,
        }))
    }

    /// What opens `/metrics`, if anything does.
    ///
    /// # Errors
    /// It is too weak.
    pub fn metrics_token(&self) -> Result<Option<SecretString>, ConfigError> {
        self.optional("metrics.token", |value| token(text(value)))
    }

    fn limits(&self) -> Result<Limits, ConfigError> {
        Ok(Limits {
            body_bytes: self.number("limits.body_bytes")?,
            concurrent_requests: self.number("limits.concurrent_requests")?,
            request_timeout: Duration::from_secs(self.number("limits.request_timeout_seconds")?),
            connections: self.number("limits.connections")?,
            question: Duration::from_millis(self.number("limits.question_milliseconds")?),
        })
    }

    fn number<T: TryFrom<i64>>(&self, path: &'static str) -> Result<T, ConfigError> {
        self.checked(path, |value| {
            value.as_integer().and_then(|number| T::try_from(number).ok()).ok_or("is out of range".to_owned())
        })
    }

    /// A setting that has a default.
    fn checked<T>(
        &self,
        path: &'static str,
        check: impl Fn(&Value) -> Result<T, String>,
    ) -> Result<T, ConfigError> {
        self.optional(path, check)?.ok_or_else(|| missing(path, "it has no default"))
    }

    /// A setting that may be left out, or its default.
    fn optional<T>(
        &self,
        path: &'static str,
        check: impl Fn(&Value) -> Result<T, String>,
    ) -> Result<Option<T>, ConfigError> {
        let Some(setting) = by_path(path) else { return Ok(None) };
        let (name, value) = match (self.given(setting), setting.default) {
            (Some(given), _) => (given.name(setting), given.value.clone()),
            (None, Some(default)) => (path.to_owned(), read_text(path, setting.kind, default)?),
            (None, None) => return Ok(None),
        };
        check(&value).map(Some).map_err(|problem| ConfigError::Value { name, problem })
    }
}

fn missing(path: &str, remedy: &'static str) -> ConfigError {
    ConfigError::Missing { name: by_path(path).map_or("", |setting| setting.variable), remedy }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default().trim()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|entry| text(entry).to_owned()).collect()
}

fn grants(value: &Value) -> Result<BTreeMap<String, Grant>, String> {
    let granted = value.as_table().into_iter().flatten();
    granted
        .map(|(connector, grant)| match text(grant) {
            "inert-wasi" => Ok((connector.clone(), Grant::InertWasi)),
            _ => Err(format!("must grant `{connector}` inert-wasi or nothing")),
        })
        .collect()
}

fn token(text: &str) -> Result<SecretString, String> {
    if text.len() < TOKEN_MIN {
        return Err(format!("must be at least {TOKEN_MIN} characters"));
    }
    Ok(SecretString::from(text))
}

fn database_url(text: &str) -> Result<SecretString, String> {
    let wrong = || "must be a PostgreSQL URL such as postgres://ase_app:password@host/database".to_owned();
    let url = Url::parse(text).ok().ok_or_else(wrong)?;
    if matches!(url.scheme(), "postgres" | "postgresql") {
        Ok(SecretString::from(text))
    } else {
        Err(wrong())
    }
}

fn sms_account(text: &str) -> Result<String, String> {
    let plain =
        (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if plain { Ok(text.to_owned()) } else { Err("must be an account's id such as AC0123…".to_owned()) }
}

/// A number, a messaging service, or a name of up to eleven letters and digits.
fn sms_sender(text: &str) -> Result<String, String> {
    let name = (1..=11).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ')
        && text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let service =
        text.len() == 34 && text.starts_with("MG") && text.bytes().all(|b| b.is_ascii_alphanumeric());
    match ase_engine::phone::canonical(text) {
        Some(number) => Ok(number),
        None if name || service => Ok(text.to_owned()),
        None => Err("must be a number such as +4930123456, a messaging service (MG…) or a name".to_owned()),
    }
}

/// Codes and the account's token travel over it: https, unless it is on this machine.
fn provider_url(text: &str) -> Result<String, String> {
    let wrong = || "must be https, such as https://api.twilio.com".to_owned();
    let url = Url::parse(text).ok().ok_or_else(wrong)?;
    let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    let safe = url.scheme() == "https" || (url.scheme() == "http" && is_local(&url));
    if bare && safe && url.fragment().is_none() {
        Ok(url.as_str().trim_end_matches('/').to_owned())
    } else {
        Err(wrong())
    }
}

/// Whether it is on this machine.
fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// An origin; https unless it is on this machine or of a demo, because codes and cookies travel over it.
fn public_url(text: &str, demo: bool) -> Result<String, String> {
    let wrong = |problem: &str| Err(problem.to_owned());
    let Ok(url) = Url::parse(text) else {
        return wrong("must be a URL such as https://ase.example.com");
    };
    let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if !bare || url.fragment().is_some() || url.path() != "/" {
        return wrong("must be scheme, host and port alone, such as https://ase.example.com");
    }
    match url.scheme() {
        "https" => {}
        "http" if demo || is_local(&url) => {}
        _ => return wrong("must be https, unless it is on this machine (localhost, 127.0.0.1)"),
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}
