//! Every line of SQL, one file per table or statement; never a flow, never a decision.
//!
//! A transaction always says on whose behalf it works ([`Scope`]): row-level security shows it nothing else.

pub mod amount_baselines;
pub mod api_keys;
pub mod audit_entries;
pub mod brands;
pub mod connector_comparisons;
pub mod connector_pins;
pub mod connectors;
pub mod decision_counts;
pub mod decision_tokens;
pub mod decisions;
pub mod deliveries;
pub mod demo_messages;
pub mod events;
pub mod history;
pub mod list_entries;
pub mod notices;
pub mod orgs;
pub mod otp_codes;
pub mod outbox;
pub mod policies;
pub mod rate_limits;
pub mod scam_reports;
mod schema;
pub mod screening;
pub mod seeding;
pub mod session_labels;
pub mod sessions;
pub mod shadow_decisions;
pub mod simulation;
pub mod sources;
mod tx;
pub mod users;
pub mod variant_outcomes;

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use thiserror::Error;

pub use self::tx::Tx;

/// Longest wait for a free connection before the store counts as down.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// Why the store did not answer.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The URL does not parse.
    #[error("the database URL is not a PostgreSQL URL")]
    Url,
    /// PostgreSQL is not reachable, or every connection is busy.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// A unique constraint said no.
    #[error("`{0}` is taken already")]
    Taken(String),
    /// The session's state machine said no.
    #[error("the session has moved on")]
    Transition,
    /// What was stored does not read back.
    #[error("a stored {0} does not read back")]
    Corrupt(&'static str),
    /// A migration failed.
    #[error("a migration failed")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// Anything else the database said.
    #[error("the database refused a statement")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed => Self::Unavailable(error),
            sqlx::Error::Database(cause) => match cause.code().as_deref() {
                Some("23505") => Self::Taken(cause.constraint().unwrap_or("a key").to_owned()),
                Some("AS001") => Self::Transition,
                // shut down, starting up, too many connections: it comes back
                Some("57P01" | "57P02" | "57P03" | "53300") => Self::Unavailable(error),
                _ => Self::Database(error),
            },
            _ => Self::Database(error),
        }
    }
}

/// On whose behalf a transaction works.
#[derive(Debug, Clone, Copy)]
pub enum Scope<'a> {
    /// One organisation: everything else is invisible.
    Org(&'a str),
    /// The system itself: workers, and looking a tenant up by an unguessable id.
    System,
}

/// The PostgreSQL pool. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pool: PgPool,
}

impl Store {
    /// Connects lazily with at most `connections` connections.
    ///
    /// # Errors
    /// [`StoreError::Url`] when `url` is none.
    pub fn connect(url: &SecretString, connections: u32) -> Result<Self, StoreError> {
        let options: PgConnectOptions = url.expose_secret().parse().or(Err(StoreError::Url))?;
        // every statement here is short and prepared: planning it again with each call, starting processes to help with
        // it or compiling it costs more than it gives
        let options = options.application_name("ase").options([
            ("plan_cache_mode", "force_generic_plan"),
            ("max_parallel_workers_per_gather", "0"),
            ("jit", "off"),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            .connect_lazy_with(options);
        Ok(Self { pool })
    }

    /// Begins a transaction for `scope`: one round trip.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when there is no connection.
    pub async fn begin(&self, scope: Scope<'_>) -> Result<Tx, StoreError> {
        self.begin_with(format!("begin; select set_config('ase.org_id', '{}', true)", scope.setting()?)).await
    }

    /// Begins a transaction for an organisation and waits for all others that hold `lock` in it: the statements
    /// that follow see what those committed. Still one round trip.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when there is no connection.
    pub async fn begin_serialized(&self, org_id: &str, lock: i64) -> Result<Tx, StoreError> {
        let scope = Scope::Org(org_id);
        let setting = scope.setting()?;
        let text = format!(
            "begin; select set_config('ase.org_id', '{setting}', true); select pg_advisory_xact_lock({lock})"
        );
        self.begin_with(text).await
    }

    async fn begin_with(&self, statement: String) -> Result<Tx, StoreError> {
        match Tx::begin(&self.pool, statement.clone()).await {
            // a connection that died in the pool shows only now: it is gone, so one more try gets another
            Err(sqlx::Error::Io(_)) => Ok(Tx::begin(&self.pool, statement).await?),
            other => Ok(other?),
        }
    }

    /// Whose session this is: one round trip, since every page begins with it.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn org_of_session(&self, session_id: &str) -> Result<Option<String>, StoreError> {
        let find = || sqlx::query_scalar!("select org_of_session($1)", session_id).fetch_one(&self.pool);
        match find().await {
            // as for transactions
            Err(sqlx::Error::Io(_)) => Ok(find().await?),
            other => Ok(other?),
        }
    }

    /// Answers when the database does.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query!("select 1 as one").fetch_one(&self.pool).await?;
        Ok(())
    }

    /// Hears of `channel` (`ase_configuration`, `ase_outbox`, `ase_connectors`).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when there is no connection.
    pub async fn listen(&self, channel: &str) -> Result<PgListener, StoreError> {
        let mut listener = PgListener::connect_with(&self.pool).await?;
        listener.listen(channel).await?;
        Ok(listener)
    }

    /// What the application's role may do that it should not: must be empty before serving.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn excess_privileges(&self) -> Result<Vec<String>, StoreError> {
        let row = sqlx::query!(
            r#"select (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) as "bypass!",
                has_table_privilege('audit_entries', 'update') as "update!",
                has_table_privilege('audit_entries', 'delete') as "delete!",
                has_table_privilege('audit_entries', 'truncate') as "truncate!""#
        )
        .fetch_one(&self.pool)
        .await?;
        let found = [
            (row.bypass, "bypass row-level security"),
            (row.update, "update audit_entries"),
            (row.delete, "delete from audit_entries"),
            (row.truncate, "truncate audit_entries"),
        ];
        Ok(found.into_iter().filter(|(has, _)| *has).map(|(_, what)| what.to_owned()).collect())
    }

    /// Waits for connections to come back and closes them.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

impl Scope<'_> {
    /// The value of `ase.org_id`; an id that could leave its quotes is none of ours.
    fn setting(&self) -> Result<&str, StoreError> {
        match self {
            Self::System => Ok("*"),
            Self::Org(id) if id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => Ok(id),
            Self::Org(_) => Err(StoreError::Corrupt("org id")),
        }
    }
}
