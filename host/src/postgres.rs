//! The private Postgres cluster of `ase demo` and of the tests.
//!
//! Owns its files, its server process and its two roles: `ase_owner` owns the databases and runs migrations,
//! `ase_app` reads and writes rows and can create nothing. It knows no table, and never listens on the network:
//! the server is reached over a Unix socket that one account alone may open.
//!
//! Below the directory given to [`Cluster::start`]:
//!
//! ```text
//! postgres.lock       held while a process uses the directory
//! postgres.location   where the cluster lives, when it cannot live here
//! postgres/           the cluster: cluster/ (PGDATA) · socket/ · passwords · log · state · postgresql.conf
//! ```

mod account;
mod binaries;
mod draft;
mod error;
mod fetch;
mod initdb;
mod leftover;
mod lock;
mod passwords;
mod place;
mod roles;
mod server;
mod settings;
mod socket;
mod stage;
mod surroundings;
mod watchman;

use std::fmt;
use std::path::Path;

pub use self::error::ClusterError;
use self::passwords::Passwords;
use self::place::Place;
use self::roles::{APP, OWNER, Roles};
use self::server::Server;
use self::socket::Socket;
use self::stage::Stage;
use self::surroundings::Surroundings;

/// A running private Postgres server and the directory it lives in.
///
/// Dropping it shuts the server down too, but blocks the thread meanwhile: [`Cluster::stop`] is the clean way.
/// Should this process be killed, a watchman process stops the server in its place.
pub struct Cluster {
    // The order is the order of dropping: first the server, last the locks.
    server: Server,
    roles: Roles,
    place: Place,
}

impl fmt::Debug for Cluster {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Cluster").field("location", &self.place.home).finish_non_exhaustive()
    }
}

impl Cluster {
    /// Starts the cluster of `data_dir`, making it first where there is none: finds or fetches the binaries, heals
    /// what an interrupted first start left, stops a server that a killed process left, creates the roles and the
    /// database `ase`.
    ///
    /// # Errors
    /// Each [`ClusterError`] says what to do. A cluster that was ever complete is never removed.
    pub async fn start(data_dir: &Path) -> Result<Self, ClusterError> {
        let around = Surroundings::read();
        let place = Place::settle(data_dir)?;
        let stage = Stage::read(&place)?;
        let binaries = binaries::find(&around, &place, stage.major()).await?;
        leftover::stop(&place.cluster()).await?;
        if stage == Stage::Unmade {
            stage::begin(&place)?;
            initdb::run(&binaries, &place, &Passwords::make(&place)?).await?;
        }
        let socket = Socket::open(&place, &around)?;
        leftover::clear(socket.directory())?;
        let roles = Roles::new(socket, Passwords::read(&place)?);
        let server = Server::start(&binaries, &place, &roles).await?;
        if stage == Stage::Unmade {
            roles.create().await?;
            stage::complete(&place)?;
        }
        tracing::info!(location = %place.home.display(), account = %place.account.name, "postgresql is ready");
        Ok(Self { server, roles, place })
    }

    /// The connection URL of `ase_owner`, the role of migrations.
    ///
    /// sqlx and libpq (`psql`) both read it: `postgres://role:password@localhost:5432/database?host=<socket
    /// directory>&sslmode=disable`, every part percent-encoded. It holds the password: keep it out of logs.
    #[must_use]
    pub fn owner_url(&self, database: &str) -> String {
        self.roles.url(OWNER, database)
    }

    /// The connection URL of `ase_app`, the role of everything but migrations, in the form of
    /// [`Cluster::owner_url`].
    #[must_use]
    pub fn app_url(&self, database: &str) -> String {
        self.roles.url(APP, database)
    }

    /// Creates an empty database owned by `ase_owner`, to which `ase_app` may connect and nobody else.
    ///
    /// # Errors
    /// [`ClusterError::Name`] where Postgres would cut the name; [`ClusterError::Sql`] where it exists already.
    pub async fn create_database(&self, name: &str) -> Result<(), ClusterError> {
        self.roles.create_database("template1", name).await
    }

    /// Creates a database as a copy of `template`, tables, rows and grants included: much quicker than migrating
    /// anew. Nobody may be connected to `template` meanwhile.
    ///
    /// # Errors
    /// Those of [`Cluster::create_database`], and [`ClusterError::Sql`] where `template` is in use.
    pub async fn create_database_from(&self, template: &str, name: &str) -> Result<(), ClusterError> {
        self.roles.create_database(template, name).await
    }

    /// Where the cluster really lives: inside the data directory, or elsewhere where the server's account cannot
    /// reach it there.
    #[must_use]
    pub fn location(&self) -> &Path {
        &self.place.home
    }

    /// Shuts the server down: open transactions are rolled back, everything committed is on disk.
    ///
    /// # Errors
    /// [`ClusterError::Stop`] where the server does not end, not even when killed.
    pub async fn stop(self) -> Result<(), ClusterError> {
        let Self { mut server, roles, place } = self;
        let ended = tokio::task::spawn_blocking(move || server.halt()).await.unwrap_or(false);
        drop(roles);
        if ended { Ok(()) } else { Err(ClusterError::Stop { location: place.home.clone() }) }
    }
}
