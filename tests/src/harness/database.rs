//! A database per story, copied from one that was migrated once.

use std::sync::atomic::{AtomicU32, Ordering};

use ase_engine::store::Store;
use secrecy::SecretString;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection};
use tokio::sync::OnceCell;
use url::Url;

use super::ground::{Server, server};

/// Name of the migrated database of this process.
static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(1);

/// A migrated, empty database.
#[derive(Debug, Clone)]
pub struct Database {
    name: String,
    /// URL of the role that owns it.
    pub owner_url: String,
    /// URL of the application's role.
    pub app_url: String,
}

impl Database {
    /// A fresh one. Call it on the runtime of the ground.
    pub async fn fresh() -> Self {
        let template = TEMPLATE.get_or_init(migrated).await;
        let database = Self::named(&name(NEXT.fetch_add(1, Ordering::Relaxed))).await;
        match server().await {
            Server::Private(cluster) => cluster.create_database_from(template, &database.name).await.unwrap(),
            Server::Given { .. } => {
                maintain(&format!("create database \"{}\" template \"{template}\"", database.name)).await;
            }
        }
        database
    }

    async fn named(name: &str) -> Self {
        let (owner_url, app_url) = match server().await {
            Server::Private(cluster) => (cluster.owner_url(name), cluster.app_url(name)),
            Server::Given { owner, app } => (at(owner, name), at(app, name)),
        };
        Self { name: name.to_owned(), owner_url, app_url }
    }

    /// A connection as the owner, who sees every organisation's rows.
    pub async fn owner(&self) -> PgConnection {
        let mut connection = connect(&self.owner_url).await;
        connection.execute("select set_config('ase.org_id', '*', false)").await.unwrap();
        connection
    }

    /// A connection as the application, which sees nothing before it says on whose behalf it asks.
    pub async fn app(&self) -> PgConnection {
        connect(&self.app_url).await
    }

    /// Runs statements as the owner.
    pub async fn run(&self, statements: &str) {
        let mut owner = self.owner().await;
        owner.execute(sqlx::raw_sql(AssertSqlSafe(statements.to_owned()))).await.unwrap();
        owner.close().await.unwrap();
    }

    /// The one number that `query` selects as the owner.
    pub async fn count(&self, query: &str) -> i64 {
        let mut owner = self.owner().await;
        let count = sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&mut owner).await.unwrap();
        owner.close().await.unwrap();
        count
    }

    /// The one text that `query` selects as the owner; empty for none.
    pub async fn text(&self, query: &str) -> String {
        let mut owner = self.owner().await;
        let text: Option<String> =
            sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&mut owner).await.unwrap();
        owner.close().await.unwrap();
        text.unwrap_or_default()
    }

    /// Removes it. Nobody may be connected any more.
    pub async fn remove(&self) {
        maintain(&format!("drop database \"{}\"", self.name)).await;
    }
}

async fn migrated() -> String {
    let template = Database::named(&name(0)).await;
    match server().await {
        Server::Private(cluster) => cluster.create_database(&template.name).await.unwrap(),
        Server::Given { .. } => {
            maintain(&format!("drop database if exists \"{}\"", template.name)).await;
            maintain(&format!("create database \"{}\"", template.name)).await;
        }
    }
    let store = Store::connect(&SecretString::from(template.owner_url.as_str()), 4).unwrap();
    store.migrate().await.unwrap();
    store.close().await;
    template.name
}

fn name(number: u32) -> String {
    format!("ase_test_{}_{number}", std::process::id())
}

/// Runs a statement as the owner, outside of the database that it is about.
async fn maintain(statement: &str) {
    let url = match server().await {
        Server::Private(cluster) => cluster.owner_url("ase"),
        Server::Given { owner, .. } => owner.clone(),
    };
    let mut connection = connect(&url).await;
    connection.execute(sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))).await.unwrap();
    connection.close().await.unwrap();
}

async fn connect(url: &str) -> PgConnection {
    let options: PgConnectOptions = url.parse().unwrap();
    PgConnection::connect_with(&options.disable_statement_logging()).await.unwrap()
}

/// The URL of another database of the same server.
fn at(url: &str, database: &str) -> String {
    let mut url: Url = url.parse().expect("a PostgreSQL URL");
    url.set_path(database);
    url.into()
}
