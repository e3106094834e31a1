//! The whole product over a private cluster, with an organisation that has a made-up past.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use ase_engine::Engine;
use ase_engine::access::KeyScope;
use ase_engine::audit::{Actor, ActorType};
use ase_engine::directory::Tenant;
use ase_engine::org::Org;
use ase_engine::seeding;
use ase_engine::store::Store;
use ase_engine::vault::MasterKey;
use ase_host::config::Settings;
use ase_host::postgres::Cluster;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The database of the product.
const PRODUCT: &str = "ase";
/// Settings of a server that this machine is given to: 40 % of its memory for its own pages, the most that PostgreSQL's
/// manual finds sensible, where the demo's setting is for a laptop; and room for the log, so that checkpoints do not
/// follow each other while history is made.
fn server() -> String {
    let meminfo = std::fs::read_to_string("/proc/meminfo").unwrap();
    let total: u64 = meminfo.split_whitespace().nth(1).unwrap().parse().unwrap();
    let (own, cached) = (total * 4 / 10 / 1024, total * 7 / 10 / 1024);
    format!("shared_buffers = {own}MB\neffective_cache_size = {cached}MB\nmax_wal_size = 4GB\n")
}

/// A served application.
#[derive(Debug)]
pub(crate) struct Ground {
    /// Its engine, over connections of the application's role.
    pub(crate) engine: Engine,
    /// Its organisation.
    pub(crate) tenant: Arc<Tenant>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// A key of the organisation that may do everything.
    pub(crate) key: String,
    /// Of how many people its history tells.
    pub(crate) people: u64,
    /// Where everything of the measurement itself runs.
    pub(crate) runtime: Runtime,
    cluster: Cluster,
    stop: CancellationToken,
    serving: JoinHandle<Result<(), ase_host::ServeError>>,
}

impl Ground {
    /// Starts everything below `dir`, with so many events of history.
    pub(crate) fn prepare(dir: &Path, events: u64) -> Self {
        std::fs::create_dir_all(dir).unwrap();
        open_to_postgres(dir);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(Box::pin(begin(dir, events))).into_ground(runtime, events)
    }

    /// How the application's role reaches the database.
    pub(crate) fn url(&self) -> String {
        self.cluster.app_url(PRODUCT)
    }

    /// Ends everything in an orderly way.
    pub(crate) fn stop(self) {
        self.stop.cancel();
        self.runtime.block_on(async {
            self.serving.await.unwrap().unwrap();
            self.engine.store().close().await;
            self.cluster.stop().await.unwrap();
        });
    }
}

/// What was begun, without the runtime it was begun on.
struct Begun {
    engine: Engine,
    tenant: Arc<Tenant>,
    address: SocketAddr,
    key: String,
    cluster: Cluster,
    stop: CancellationToken,
    serving: JoinHandle<Result<(), ase_host::ServeError>>,
}

impl Begun {
    fn into_ground(self, runtime: Runtime, events: u64) -> Ground {
        let Self { engine, tenant, address, key, cluster, stop, serving } = self;
        let people = seeding::people(events);
        Ground { engine, tenant, address, key, people, runtime, cluster, stop, serving }
    }
}

async fn begin(dir: &Path, events: u64) -> Begun {
    let data = dir.join("data");
    let cluster = Cluster::start(&data).await.unwrap();
    std::fs::write(cluster.location().join("local.conf"), server()).unwrap();
    cluster.stop().await.unwrap();
    let cluster = Cluster::start(&data).await.unwrap();
    let owner = SecretString::from(cluster.owner_url(PRODUCT));
    let store = Store::connect(&owner, 2).unwrap();
    store.migrate().await.unwrap();

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let master =
        kept(&dir.join("master.key"), || MasterKey::generate(&mut rand::rng()).expose_secret().to_owned());
    let master = SecretString::from(master);
    let settings = Settings::default()
        .preset("listen", "127.0.0.1:0")
        .preset("public_url", format!("http://{address}"))
        .preset("master_key", master.expose_secret())
        .preset("database.url", cluster.app_url(PRODUCT))
        .preset("connectors.cache_dir", dir.join("connectors").display().to_string());
    let app = ase_host::build(&settings.demo_config().unwrap()).await.unwrap();
    let engine = app.engine.clone();
    let (org_id, key, again) = provision(&engine, &dir.join("org")).await;

    // as the owner of the tables, who alone may vacuum them
    let seeder = Engine::new(store, MasterKey::parse(&master).unwrap(), "http://127.0.0.1");
    let begun = Instant::now();
    assert!(seeder.seed(&org_id, events, again, |_, _| {}).await.unwrap(), "the tables are tidied up");
    seeder.store().close().await;
    println!("seeded       {events} events in {:.1} s", begun.elapsed().as_secs_f64());

    let tenant = engine.directory().tenant(&org_id).await.unwrap().unwrap();
    let stop = CancellationToken::new();
    let serving = tokio::spawn(ase_host::serve(app, listener, stop.clone()));
    Begun { engine, tenant, address, key, cluster, stop, serving }
}

/// What a file holds, or what is made for it now.
fn kept(file: &Path, make: impl FnOnce() -> String) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|_| {
        let fresh = make();
        std::fs::write(file, &fresh).unwrap();
        fresh
    })
}

/// The organisation, a new key of it, and whether it was there before.
async fn provision(engine: &Engine, noted: &Path) -> (String, String, bool) {
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
    let again = std::fs::read_to_string(noted).ok();
    let org_id = match again.clone() {
        Some(org_id) => org_id,
        None => engine.create_org(org, &operator).await.unwrap(),
    };
    std::fs::write(noted, &org_id).unwrap();
    let key = engine.create_key(&org_id, "benchmark", &KeyScope::ALL, &operator).await.unwrap();
    (org_id, key.expose_secret().to_owned(), again.is_some())
}

/// PostgreSQL never runs as root: its account must be able to pass.
fn open_to_postgres(dir: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o755)).unwrap();
}
