//! One transaction on a pooled connection.
//!
//! Not [`sqlx::Transaction`]: that of 0.9.0 forgets a `begin` whose answer nobody waits for any more, and one that fails
//! behind its first statement, and hands the connection with the open transaction, its organisation and its locks to
//! whoever comes next (sqlx's issues 4393 and 4409). Somebody who hangs up in the queue for a lock is no rare thing
//! here.

use chrono::{DateTime, Utc};
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, raw_sql};

use super::StoreError;

/// One transaction; dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub struct Tx {
    /// Gone only while the transaction is dropped.
    connection: Option<PoolConnection<Postgres>>,
    /// From before its first statement is sent until the answer to its last has come.
    open: bool,
}

impl Tx {
    /// Takes a connection and sends it `statement`, which begins the transaction.
    pub(super) async fn begin(pool: &PgPool, statement: String) -> Result<Self, sqlx::Error> {
        let mut tx = Self { connection: Some(pool.acquire().await?), open: true };
        // INVARIANT: `statement` holds fixed text, a checked org id and an integer, nothing from outside
        raw_sql(AssertSqlSafe(statement)).execute(tx.db()).await?;
        Ok(tx)
    }

    /// Makes it so, durably.
    ///
    /// # Errors
    /// [`StoreError`] as it comes; then nothing of it happened, unless the connection broke in the commit itself.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        raw_sql("commit").execute(self.db()).await?;
        self.open = false;
        Ok(())
    }

    /// The database's time, now.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn now(&mut self) -> Result<DateTime<Utc>, StoreError> {
        Ok(sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#).fetch_one(self.db()).await?)
    }

    #[expect(clippy::expect_used, reason = "the connection is there until the transaction is dropped")]
    pub(super) fn db(&mut self) -> &mut PgConnection {
        self.connection.as_mut().expect("a connection until the end")
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take().filter(|_| self.open) else { return };
        tokio::spawn(async move {
            // waits for what was asked before, however it ends; the pool gets the connection when nothing is open on it
            if raw_sql("rollback").execute(&mut *connection).await.is_err() {
                connection.close_on_drop();
            }
        });
    }
}
