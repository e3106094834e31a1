//! What all stories of one run share: a runtime that outlives each of them, and one PostgreSQL server.
//!
//! Without `ASE_TEST_DATABASE_URL` the server is a private cluster, made for this process and removed after it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::os::unix::process::CommandExt;
use std::sync::LazyLock;

use ase_host::postgres::Cluster;
use tokio::runtime::Runtime;
use tokio::sync::OnceCell;

/// Names an existing server: the URL of a role that owns databases and may create them.
pub const OWNER_URL: &str = "ASE_TEST_DATABASE_URL";
/// And of the application's role on it.
pub const APP_URL: &str = "ASE_TEST_APP_DATABASE_URL";

/// Removes the directory in `$1` when its standard input ends, which it does with this process, however that ends,
/// and PostgreSQL has stopped.
const CARETAKER: &str = r#"cat >/dev/null; tries=0
while [ -e "$1/postgres/cluster/postmaster.pid" ] && [ "$tries" -lt 300 ]; do sleep 0.1; tries=$((tries + 1)); done
rm -rf -- "$1""#;

/// The server of this run.
#[derive(Debug)]
pub enum Server {
    /// Made for this process.
    Private(Cluster),
    /// Somebody else's.
    Given {
        /// URL of the role that owns databases.
        owner: String,
        /// URL of the application's role.
        app: String,
    },
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
});
static SERVER: OnceCell<Server> = OnceCell::const_new();

/// The runtime of servers, mail servers and the cluster: a story's own ends with the story.
pub fn runtime() -> &'static Runtime {
    &RUNTIME
}

/// Runs `future` on [`runtime`].
pub async fn on_ground<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    match runtime().spawn(future).await {
        Ok(value) => value,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Runs `future` on [`runtime`] and blocks this thread meanwhile: for `Drop`.
pub fn block<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let blocking = std::thread::spawn(|| runtime().block_on(future));
    blocking.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// The PostgreSQL server, started by whoever asks first. Call it on [`runtime`].
pub async fn server() -> &'static Server {
    SERVER.get_or_init(start).await
}

async fn start() -> Server {
    match (std::env::var(OWNER_URL).ok(), std::env::var(APP_URL).ok()) {
        (Some(owner), Some(app)) => Server::Given { owner, app },
        (None, None) => {
            let dir = private_dir("cluster");
            Server::Private(Cluster::start(&dir).await.expect("the private cluster starts"))
        }
        _ => panic!("set both {OWNER_URL} and {APP_URL}, or neither"),
    }
}

/// A directory that PostgreSQL's account can reach, removed after this process.
pub fn private_dir(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("ase-tests-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::set_permissions(&dir, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    watch_over(&dir);
    dir
}

/// Starts the caretaker of a directory. It is no child to be waited for: it ends after us.
fn watch_over(dir: &Path) {
    let mut command = Command::new("sh");
    command.args(["-c", CARETAKER, "sh"]).arg(dir).stdin(Stdio::piped());
    // an interrupt at the keyboard is for us, not for who cleans up
    let caretaker = command.stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).spawn().unwrap();
    std::mem::forget(caretaker);
}
