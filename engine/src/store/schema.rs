//! Whether the database is what this program was written for.

use sqlx::migrate::{Migrate as _, MigrateError, Migrator};

use super::{Store, StoreError};

/// Every migration, embedded.
static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

impl Store {
    /// Runs the migrations that are missing. Needs the owner's URL.
    ///
    /// # Errors
    /// [`StoreError::Migration`] with the cause.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        MIGRATIONS.run(&self.pool).await.map_err(StoreError::Migration)
    }

    /// What separates the database from this program's migrations; must be empty before serving. A database that is
    /// ahead is none of it: while nodes are replaced one by one, the old ones meet the new schema.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn schema_differences(&self) -> Result<Vec<String>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let applied = match connection.list_applied_migrations(&MIGRATIONS.table_name).await {
            Ok(applied) => applied,
            Err(MigrateError::Execute(sqlx::Error::Database(_))) => {
                return Ok(vec!["no migration was run".to_owned()]);
            }
            Err(MigrateError::Execute(error)) => return Err(error.into()),
            Err(error) => return Err(StoreError::Migration(error)),
        };
        let difference = |migration: &sqlx::migrate::Migration| {
            let version = migration.version;
            match applied.iter().find(|done| done.version == version) {
                None => Some(format!("migration {version} is missing")),
                Some(done) if done.checksum != migration.checksum => {
                    Some(format!("migration {version} differs"))
                }
                Some(_) => None,
            }
        };
        Ok(MIGRATIONS.iter().filter_map(difference).collect())
    }
}
