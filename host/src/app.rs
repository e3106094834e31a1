//! `App`: the parts of a running server, built once and shared by every request.

use std::sync::Arc;
use std::time::Duration;

use ase_engine::Engine;
use ase_engine::challenge::LOOK;
use ase_engine::store::{Store, StoreError};
use chrono::TimeDelta;
use metrics_exporter_prometheus::PrometheusHandle;
use secrecy::SecretString;
use thiserror::Error;

use crate::config::{Config, Limits, TrustedProxies};
use crate::connectors::{Connectors, ConnectorsError};
use crate::mail::{Mailer, MailerError};
use crate::pages::{Pages, PagesError};
use crate::sms::{Texter, TexterError};
use crate::telemetry::{self, TelemetryError};
use crate::turns::Turns;

/// The parts of a running server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    /// The judge.
    pub engine: Engine,
    /// The connectors.
    pub connectors: Arc<Connectors>,
    /// Pages and mails.
    pub pages: Arc<Pages>,
    /// The way out for mail.
    pub mailer: Arc<Mailer>,
    /// The way out for text messages.
    pub texter: Arc<Texter>,
    /// What requests need to know of the deployment.
    pub site: Arc<Site>,
}

/// What requests need to know of the deployment.
#[derive(Debug)]
pub struct Site {
    /// Where people reach the server: scheme, host and port without a slash at the end.
    pub public_url: String,
    /// Cookies carry `Secure` and the prefix `__Host-`: true where `public_url` is https.
    pub secure_cookies: bool,
    /// A demo: the mailbox is there.
    pub demo: bool,
    /// What opens `/metrics`; without it nobody may read them.
    pub metrics_token: Option<SecretString>,
    /// What requests may use.
    pub limits: Limits,
    /// The measurements.
    pub metrics: PrometheusHandle,
    /// Whose word on a client's address is believed.
    pub trusted_proxies: TrustedProxies,
    /// Whose password is checked next.
    pub(crate) sign_ins: Turns,
}

/// Passwords checked at one time. Each costs 19 MiB and tens of milliseconds, on purpose: a flood of sign-ins must
/// leave decisions the rest.
const SIGN_INS: usize = 2;
/// Sign-ins checked or in line; those beyond are turned away before they take the place of another request.
const SIGN_INS_IN_LINE: usize = 32;
/// How long a sign-in waits for its turn.
const SIGN_IN_PATIENCE: Duration = Duration::from_secs(2);

/// Why the server cannot start.
#[derive(Debug, Error)]
pub enum BuildError {
    /// The store does not answer.
    #[error("{source}: check ASE_DATABASE_URL and that the server runs")]
    Store {
        /// What it said.
        #[from]
        source: StoreError,
    },
    /// The database lacks migrations, or has some that this program does not know.
    #[error("the database is not of this version ({0}): run `ase migrate`")]
    Schema(String),
    /// The application's role may do what it must not.
    #[error("the database role of ASE_DATABASE_URL may {0}: use a role that only reads and writes rows")]
    Privileges(String),
    /// The connectors do not start.
    #[error(transparent)]
    Connectors(#[from] ConnectorsError),
    /// A template is broken.
    #[error(transparent)]
    Pages(#[from] PagesError),
    /// Mail cannot leave.
    #[error(transparent)]
    Mailer(#[from] MailerError),
    /// Text messages cannot leave.
    #[error(transparent)]
    Texter(#[from] TexterError),
    /// Measurements cannot be kept.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
}

/// Builds all parts: connects, checks the schema and the role's privileges, and starts the connectors.
///
/// # Errors
/// [`BuildError`] says what to do.
pub async fn build(config: &Config) -> Result<App, BuildError> {
    let store = Store::connect(&config.database.url, config.database.connections)?;
    Box::pin(check_database(&store)).await?;
    let engine = Engine::new(store, config.master_key.clone(), &config.public_url)
        .with_texts(config.sms.is_some() || config.demo)
        .with_look(TimeDelta::from_std(config.limits.question).unwrap_or(LOOK));
    // first, so that the loading of connectors is measured as well
    let metrics = telemetry::metrics()?;
    let connectors = Box::pin(Connectors::start(config.connectors.clone())).await?;
    Box::pin(connectors.sync(&engine)).await?;
    let pages = Arc::new(Pages::new()?);
    let mailer = Arc::new(Mailer::new(&config.mail, &engine)?);
    let texter = Texter::new(config.sms.as_ref(), config.demo, &engine, &config.public_url)?;
    let site = Arc::new(Site {
        public_url: config.public_url.clone(),
        secure_cookies: config.public_url.starts_with("https://"),
        demo: config.demo,
        metrics_token: config.metrics_token.clone(),
        limits: config.limits,
        metrics,
        trusted_proxies: config.trusted_proxies.clone(),
        sign_ins: Turns::new(SIGN_INS, SIGN_INS_IN_LINE, SIGN_IN_PATIENCE),
    });
    Ok(App { engine, connectors, pages, mailer, texter: Arc::new(texter), site })
}

/// Whether the database is what this program was written for, and the role no more than it should be.
async fn check_database(store: &Store) -> Result<(), BuildError> {
    let differences = store.schema_differences().await?;
    if !differences.is_empty() {
        return Err(BuildError::Schema(differences.join(", ")));
    }
    let excess = store.excess_privileges().await?;
    if excess.is_empty() { Ok(()) } else { Err(BuildError::Privileges(excess.join(", "))) }
}
