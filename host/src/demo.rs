//! `ase demo`: the embedded default. A database of its own, an organisation, a key, a user, a source per connector,
//! a mailbox; everything is kept in one directory and found again at the next start.

mod announce;
mod furnish;
mod home;
mod record;
mod tryout;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use ase_engine::provisioning::ProvisioningError;
use ase_engine::store::{Store, StoreError};
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use self::home::Home;
use crate::app::{self, BuildError};
use crate::cli::Output;
use crate::config::{Config, ConfigError, MailConfig, Settings};
use crate::postgres::{Cluster, ClusterError};
use crate::server::{self, ServeError};
use crate::telemetry;

/// The database in the cluster.
const DATABASE: &str = "ase";

/// What a demo is started with.
#[derive(Debug)]
pub struct DemoOptions {
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// Further connectors.
    pub connectors_dir: Option<PathBuf>,
    /// What file and environment say: SMTP, limits, logs.
    pub settings: Settings,
}

/// Why a demo does not run.
#[derive(Debug, Error)]
pub enum DemoError {
    /// A file of the data directory cannot be read or written.
    #[error("{path}: {problem}", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong and what to do.
        problem: String,
    },
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The private cluster does not run.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The organisation, its key, its user or a source was not made.
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    /// The server does not start.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The server did not end well.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The system refused something else.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl DemoError {
    /// Whether the operator's own words are to blame.
    #[must_use]
    pub fn is_configuration(&self) -> bool {
        matches!(self, Self::Config(_))
    }
}

/// Runs a demo on `listener` until `shutdown`, then stops everything and the cluster last.
///
/// # Errors
/// [`DemoError`] says what to do.
pub async fn run(
    options: DemoOptions,
    listener: TcpListener,
    shutdown: CancellationToken,
    output: Output,
) -> Result<(), DemoError> {
    let settings = options.settings.suggest("log.format", "text").suggest("log.filter", "warn,ase_host=info");
    telemetry::start(&settings.log()?);
    let home = Home::open(&options.data_dir)?;
    let Some(cluster) = shutdown.run_until_cancelled(Cluster::start(home.path())).await else {
        return Ok(());
    };
    let cluster = cluster?;
    let demo = Demo { home, settings, connectors_dir: options.connectors_dir, output };
    let served = demo.serve(&cluster, listener, shutdown).await;
    let stopped = cluster.stop().await;
    served?;
    Ok(stopped?)
}

/// A demo whose cluster runs.
struct Demo {
    home: Home,
    settings: Settings,
    connectors_dir: Option<PathBuf>,
    output: Output,
}

impl Demo {
    async fn serve(
        self,
        cluster: &Cluster,
        listener: TcpListener,
        shutdown: CancellationToken,
    ) -> Result<(), DemoError> {
        migrate(cluster).await?;
        let config = self.config(cluster, listener.local_addr()?)?;
        let Some(app) = shutdown.run_until_cancelled(app::build(&config)).await else { return Ok(()) };
        let app = app?;
        let record = furnish::furnish(&app, &self.home, &config).await?;
        tryout::write(&app, &self.home, &record)?;
        let mailbox = matches!(config.mail, MailConfig::Mailbox);
        self.output.line(announce::text(&app, &self.home, &record, mailbox))?;
        Ok(server::serve(app, listener, shutdown).await?)
    }

    /// What was said, and over it what only this demo can know.
    fn config(&self, cluster: &Cluster, address: SocketAddr) -> Result<Config, DemoError> {
        let cache = self.home.private_dir("cache")?;
        let mut settings = self
            .settings
            .clone()
            .preset("listen", address.to_string())
            .preset("database.url", cluster.app_url(DATABASE))
            .preset("master_key", self.home.master_key()?.expose_secret())
            .suggest("public_url", &base_url(address))
            .suggest("connectors.cache_dir", &cache.to_string_lossy());
        if let Some(dir) = &self.connectors_dir {
            settings = settings.preset("connectors.dir", dir.to_string_lossy());
        }
        Ok(settings.demo_config()?)
    }
}

async fn migrate(cluster: &Cluster) -> Result<(), DemoError> {
    let owner = Store::connect(&SecretString::from(cluster.owner_url(DATABASE)), 1)?;
    owner.migrate().await?;
    owner.close().await;
    Ok(())
}

/// Where a browser on this machine reaches what listens on `address`.
fn base_url(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

/// `settings`, with what the commands need of the demo in `data_dir`.
///
/// # Errors
/// [`DemoError::File`] when there was never a demo.
pub fn settings_of(data_dir: &Path, settings: Settings) -> Result<Settings, DemoError> {
    let home = Home::find(data_dir)?;
    let record = home.record()?.ok_or_else(|| home.nothing_here())?;
    let (Some(database), Some(base_url)) = (record.database_url, record.base_url) else {
        return Err(home.nothing_here());
    };
    let settings = settings
        .preset("database.url", database)
        .preset("public_url", base_url)
        .preset("master_key", home.master_key()?.expose_secret());
    Ok(match record.connectors_dir {
        Some(dir) => settings.suggest("connectors.dir", &dir),
        None => settings,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_demo_is_one_that_a_browser_can_open() {
        for (address, expected) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("0.0.0.0:9000", "http://127.0.0.1:9000"),
            ("[::]:9000", "http://[::1]:9000"),
            ("192.0.2.7:80", "http://192.0.2.7:80"),
        ] {
            assert_eq!(base_url(address.parse().unwrap()), expected);
        }
    }
}
