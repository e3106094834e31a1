//! The three roles and how to reach the server as each: `postgres`, the superuser, for the statements of this file
//! alone; `ase_owner` for migrations; `ase_app` for everything else. Never touches a table.

use std::path::Path;
use std::time::Duration;

use secrecy::ExposeSecret;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use super::error::ClusterError;
use super::passwords::Passwords;
use super::settings::PORT;
use super::socket::Socket;

/// For set-up alone.
pub(super) const SUPERUSER: &str = "postgres";
/// Owns the databases.
pub(super) const OWNER: &str = "ase_owner";
/// Reads and writes rows.
pub(super) const APP: &str = "ase_app";

/// The database of `ase demo`.
const DATABASE: &str = "ase";

/// How long the server may take to greet a connection.
const GREETING: Duration = Duration::from_secs(10);

/// The way to the server, role by role.
pub(super) struct Roles {
    socket: Socket,
    passwords: Passwords,
}

impl Roles {
    pub(super) fn new(socket: Socket, passwords: Passwords) -> Self {
        Self { socket, passwords }
    }

    /// The directory of the server's socket.
    pub(super) fn socket(&self) -> &Path {
        self.socket.directory()
    }

    /// The connection URL of `role`, as sqlx and libpq both read it. The port is written out because `PGPORT` would
    /// be taken for a missing one; no TLS is tried on a Unix socket.
    pub(super) fn url(&self, role: &str, database: &str) -> String {
        let password = if role == OWNER { &self.passwords.owner } else { &self.passwords.app };
        let (password, database) = (encode(password.expose_secret()), encode(database));
        let socket = encode(&self.socket.directory().display().to_string());
        format!("postgres://{role}:{password}@localhost:{PORT}/{database}?host={socket}&sslmode=disable")
    }

    /// Whether the server takes connections.
    pub(super) async fn greet(&self) -> Result<(), sqlx::Error> {
        self.connect("postgres").await?.close().await
    }

    /// Creates the roles and the database `ase` in a new cluster.
    pub(super) async fn create(&self) -> Result<(), ClusterError> {
        let doing = "create the roles";
        // Every later database is a copy of template1; before PostgreSQL 15 anybody could create in `public`.
        let mut server = self.connect("template1").await.map_err(ClusterError::sql(doing))?;
        let statements = format!(
            "create role {OWNER} login password '{owner}'; create role {APP} login password '{app}'; \
             revoke all on schema public from public; grant usage on schema public to {APP}; \
             grant usage, create on schema public to {OWNER}",
            owner = self.passwords.owner.expose_secret(),
            app = self.passwords.app.expose_secret(),
        );
        run(&mut server, doing, statements).await?;
        // A database cannot be copied while somebody is connected to it.
        server.close().await.map_err(ClusterError::sql(doing))?;
        self.create_database("template1", DATABASE).await
    }

    /// Creates the database `name` as a copy of `template`; only the two roles may connect to it, and `ase_app` may
    /// not even create temporary tables.
    pub(super) async fn create_database(&self, template: &str, name: &str) -> Result<(), ClusterError> {
        let doing = "create the database";
        let mut server = self.connect("postgres").await.map_err(ClusterError::sql(doing))?;
        let (template, name) = (quote(template)?, quote(name)?);
        // The statement cannot share a transaction with others, as statements sent together would.
        let create = format!("create database {name} owner {OWNER} template {template}");
        run(&mut server, doing, create).await?;
        let grant =
            format!("revoke all on database {name} from public; grant connect on database {name} to {APP}");
        run(&mut server, doing, grant).await?;
        server.close().await.map_err(ClusterError::sql(doing))
    }

    async fn connect(&self, database: &str) -> Result<PgConnection, sqlx::Error> {
        let options = PgConnectOptions::new_without_pgpass()
            .socket(self.socket.directory())
            .port(PORT)
            .username(SUPERUSER)
            .password(self.passwords.superuser.expose_secret())
            .database(database)
            .ssl_mode(PgSslMode::Disable)
            // Statements of this file hold passwords.
            .disable_statement_logging();
        let connecting = tokio::time::timeout(GREETING, PgConnection::connect_with(&options));
        connecting.await.map_err(|_elapsed| sqlx::Error::PoolTimedOut)?
    }
}

async fn run(server: &mut PgConnection, doing: &'static str, sql: String) -> Result<(), ClusterError> {
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(server).await;
    done.map(|_| ()).map_err(ClusterError::sql(doing))
}

/// A name as a quoted identifier. Postgres would silently cut one of more than 63 bytes.
fn quote(name: &str) -> Result<String, ClusterError> {
    if name.is_empty() || name.len() > 63 || name.contains('\0') {
        return Err(ClusterError::Name { name: name.to_owned() });
    }
    Ok(format!("\"{}\"", name.replace('"', "\"\"")))
}

/// Percent-encodes a part of a URL. libpq does not read `+` as a space.
fn encode(part: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(part.as_bytes()).collect();
    encoded.replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_and_long_ones_refused() {
        assert_eq!(quote("a\"; drop role x").unwrap(), "\"a\"\"; drop role x\"");
        assert!(quote(&"a".repeat(63)).is_ok());
        for refused in [String::new(), "a".repeat(64), "a\0b".to_owned()] {
            assert!(matches!(quote(&refused), Err(ClusterError::Name { .. })));
        }
    }

    #[test]
    fn spaces_and_pluses_survive_in_urls() {
        assert_eq!(encode("/a b+c/é&d"), "%2Fa%20b%2Bc%2F%C3%A9%26d");
    }
}
