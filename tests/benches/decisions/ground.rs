//! The whole product, served on loopback over a private cluster, with an organisation, its key and a source.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ase_engine::access::KeyScope;
use ase_engine::audit::{Actor, ActorType};
use ase_engine::org::Org;
use ase_engine::provisioning::NewSource;
use ase_engine::store::Store;
use ase_engine::vault::MasterKey;
use ase_host::App;
use ase_host::config::Settings;
use ase_host::postgres::Cluster;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The database of the product.
const PRODUCT: &str = "ase";
/// The database of `pgbench`: the same tables, empty at first too.
pub(crate) const BASELINE: &str = "ase_baseline";
/// The secret that the platform signs with.
const SECRET: &str = "a-secret-of-the-app-that-signs-orders";

/// A served application.
#[derive(Debug)]
pub(crate) struct Ground {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Its organisation.
    pub(crate) org_id: String,
    /// A key of the organisation that may do everything.
    pub(crate) key: String,
    /// A source of orders.
    pub(crate) source_id: String,
    /// What its deliveries are signed with.
    pub(crate) secret: &'static str,
    /// Connections of the server's pool.
    pub(crate) connections: u32,
    /// Where the cluster lives.
    pub(crate) cluster_home: PathBuf,
    /// Process id of PostgreSQL.
    pub(crate) postmaster: u32,
    cluster: Cluster,
    runtime: Runtime,
    stop: CancellationToken,
    serving: JoinHandle<Result<(), ase_host::ServeError>>,
}

impl Ground {
    /// Starts everything below `dir`. The server has a runtime of its own, with as many threads as in production.
    pub(crate) fn prepare(dir: &Path) -> Self {
        log_into(&dir.join("log"));
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let (cluster, app, listener) = runtime.block_on(async {
            let cluster = Cluster::start(&dir.join("data")).await.unwrap();
            cluster.create_database(BASELINE).await.unwrap();
            migrate(&cluster, PRODUCT).await;
            migrate(&cluster, BASELINE).await;
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            let settings = settings(&cluster, &url, dir);
            (cluster, ase_host::build(&settings.demo_config().unwrap()).await.unwrap(), listener)
        });
        let config = settings(&cluster, "http://127.0.0.1", dir).demo_config().unwrap();
        let (org_id, key, source_id) = runtime.block_on(provision(&app));
        let stop = CancellationToken::new();
        let address = listener.local_addr().unwrap();
        Self {
            address,
            org_id,
            key: key.expose_secret().to_owned(),
            source_id,
            secret: SECRET,
            connections: config.database.connections,
            cluster_home: cluster.location().to_owned(),
            postmaster: postmaster(cluster.location()),
            serving: runtime.spawn(ase_host::serve(app, listener, stop.clone())),
            cluster,
            runtime,
            stop,
        }
    }

    /// How the application's role reaches one of the databases.
    pub(crate) fn url(&self, database: &str) -> String {
        self.cluster.app_url(database)
    }

    /// The one JSON value that `query` selects in the product's database, as the application's role.
    pub(crate) fn ask(&self, query: &str) -> serde_json::Value {
        self.runtime.block_on(async {
            let options: PgConnectOptions = self.url(PRODUCT).parse().unwrap();
            let mut connection = PgConnection::connect_with(&options).await.unwrap();
            let org = format!("select set_config('ase.org_id', '{}', false)", self.org_id);
            sqlx::query(AssertSqlSafe(org)).execute(&mut connection).await.unwrap();
            let query = AssertSqlSafe(query.to_owned());
            let value = sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap();
            connection.close().await.unwrap();
            value
        })
    }

    /// Ends everything in an orderly way.
    pub(crate) fn stop(self) {
        self.stop.cancel();
        self.runtime.block_on(async {
            self.serving.await.unwrap().unwrap();
            self.cluster.stop().await.unwrap();
        });
    }
}

/// The production defaults, with every line of the log written to a file.
fn log_into(path: &Path) {
    let file = Arc::new(File::create(path).unwrap());
    let lines = tracing_subscriber::fmt().with_env_filter("info").with_writer(file);
    lines.json().flatten_event(true).with_current_span(false).init();
}

fn settings(cluster: &Cluster, url: &str, dir: &Path) -> Settings {
    let master_key = MasterKey::generate(&mut rand::rng());
    Settings::default()
        .preset("listen", "127.0.0.1:0")
        .preset("public_url", url)
        .preset("master_key", master_key.expose_secret())
        .preset("database.url", cluster.app_url(PRODUCT))
        .preset("connectors.cache_dir", dir.join("connectors").display().to_string())
}

/// The cluster notes its process id in the first line of a file.
fn postmaster(cluster_home: &Path) -> u32 {
    let noted = std::fs::read_to_string(cluster_home.join("cluster/postmaster.pid")).unwrap();
    noted.lines().next().unwrap().trim().parse().unwrap()
}

async fn migrate(cluster: &Cluster, database: &str) {
    let store = Store::connect(&SecretString::from(cluster.owner_url(database)), 1).unwrap();
    store.migrate().await.unwrap();
    store.close().await;
}

async fn provision(app: &App) -> (String, SecretString, String) {
    let operator = Actor { actor_type: ActorType::System, id: "operator".to_owned() };
    let org = Org {
        org_id: String::new(),
        name: "Example Shop".to_owned(),
        policy_statement: "Example Shop never calls you to move money.".to_owned(),
        support_url: None,
        support_phone: None,
        support_email: None,
        return_urls: Vec::new(),
    };
    let org_id = app.engine.create_org(org, &operator).await.unwrap();
    let key = app.engine.create_key(&org_id, "benchmark", &KeyScope::ALL, &operator).await.unwrap();
    let source = NewSource {
        connector: "shopify".to_owned(),
        name: "the shop".to_owned(),
        settings: serde_json::json!({}),
        secret: Some(SecretString::from(SECRET)),
        tolerance_seconds: 300,
        allow_sha1: false,
        accept_partial: false,
    };
    let (source_id, _) = app.engine.create_source(&org_id, source, &operator).await.unwrap();
    (org_id, key, source_id)
}
