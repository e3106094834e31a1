//! Where the cluster lives and who runs it: inside the data directory, or, where root's stand-in cannot reach that,
//! in a directory of its own. Holds the locks on both. Never looks into the cluster's files.

use std::fs::{DirBuilder, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::account::{Account, is_root};
use super::draft::replace;
use super::error::ClusterError;
use super::lock::Lock;
use super::stage;

const HOME: &str = "postgres";
const POINTER: &str = "postgres.location";
const LOCK: &str = "postgres.lock";

/// Where a cluster goes that its server could not reach in the data directory; the first survives a reboot by the
/// Filesystem Hierarchy Standard (5.8), the second too, but is cleaned by some systems.
const ELSEWHERE: [&str; 2] = ["/var/lib", "/var/tmp"];

/// The cluster's directory, held by this process.
pub(super) struct Place {
    /// The directory of everything that belongs to the cluster.
    pub(super) home: PathBuf,
    /// Who owns the server's own files and runs it.
    pub(super) account: Account,
    _locks: [Lock; 2],
}

impl Place {
    /// Finds the cluster's home for `data_dir`, or makes an empty one, and locks both.
    pub(super) fn settle(data_dir: &Path) -> Result<Self, ClusterError> {
        let data_dir = make_data_dir(data_dir)?;
        let outer = Lock::take(&data_dir, LOCK)?;
        let home = match recorded(&data_dir)? {
            Some(home) => home,
            None => choose(&data_dir)?,
        };
        // A data directory may have been copied together with its pointer: then this lock tells the two apart.
        let inner = Lock::take(&home, stage::LOCK)?;
        let account = account_of(&home)?;
        if !account.can_enter(&home) {
            return Err(ClusterError::Unreachable { account: account.name, path: home });
        }
        Ok(Self { home, account, _locks: [outer, inner] })
    }

    /// PGDATA.
    pub(super) fn cluster(&self) -> PathBuf {
        self.home.join("cluster")
    }

    /// Makes a directory that the server's account owns and nobody else may enter.
    pub(super) fn make_private(&self, path: &Path) -> Result<(), ClusterError> {
        let made = DirBuilder::new().mode(0o700).create(path);
        made.map_err(ClusterError::files("create", path))?;
        self.give(path)
    }

    /// Gives a file to the server's account.
    pub(super) fn give(&self, path: &Path) -> Result<(), ClusterError> {
        let given = std::os::unix::fs::lchown(path, Some(self.account.uid), Some(self.account.gid));
        given.map_err(ClusterError::files("change the owner of", path))
    }
}

fn make_data_dir(data_dir: &Path) -> Result<PathBuf, ClusterError> {
    if let Some(parent) = data_dir.parent() {
        std::fs::create_dir_all(parent).map_err(ClusterError::files("create", parent))?;
    }
    match make_home(data_dir) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(ClusterError::files("create", data_dir)(error));
        }
        _ => {}
    }
    let path = data_dir.canonicalize().map_err(ClusterError::files("find", data_dir))?;
    if path.to_str().is_none() { Err(ClusterError::PathText { path }) } else { Ok(path) }
}

/// Makes a directory of ours. Root's stand-in must pass through it to reach its own files, whatever the umask, but
/// may not list what lies beside them.
fn make_home(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)?;
    std::fs::set_permissions(path, Permissions::from_mode(if is_root() { 0o711 } else { 0o700 }))
}

/// The home that an earlier start chose.
fn recorded(data_dir: &Path) -> Result<Option<PathBuf>, ClusterError> {
    let pointer = data_dir.join(POINTER);
    match std::fs::read_to_string(&pointer) {
        Ok(text) => {
            let location = PathBuf::from(text.trim_end_matches('\n'));
            if location.is_dir() { Ok(Some(location)) } else { Err(ClusterError::Lost { pointer, location }) }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let inside = data_dir.join(HOME);
            Ok(inside.is_dir().then_some(inside))
        }
        Err(error) => Err(ClusterError::files("read", &pointer)(error)),
    }
}

fn choose(data_dir: &Path) -> Result<PathBuf, ClusterError> {
    let account = Account::for_server()?;
    if account.can_enter(data_dir) {
        let home = data_dir.join(HOME);
        make_home(&home).map_err(ClusterError::files("create", &home))?;
        return Ok(home);
    }
    let digest = HEXLOWER.encode(&Sha256::digest(data_dir.as_os_str().as_encoded_bytes()));
    let name = format!("ase-{}", digest.get(..16).unwrap_or_default());
    for base in ELSEWHERE.map(Path::new) {
        if !account.can_enter(base) {
            continue;
        }
        let home = base.join(&name);
        set_aside(&home)?;
        match make_home(&home) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(_) => continue,
        }
        replace(&data_dir.join(POINTER), 0o644, &format!("{}\n", home.display()))?;
        tracing::warn!(
            location = %home.display(),
            account = %account.name,
            "the account that runs postgresql cannot reach the data directory, so the cluster lives elsewhere"
        );
        return Ok(home);
    }
    Err(ClusterError::Unreachable { account: account.name, path: data_dir.to_path_buf() })
}

/// A complete cluster to which no pointer leads is that of a data directory since removed: not to be used again
/// without being asked for, nor to be removed by us.
fn set_aside(home: &Path) -> Result<(), ClusterError> {
    if !stage::is_complete(home) {
        return Ok(());
    }
    let aside = home.with_extension(format!("old-{:08x}", rand::random::<u32>()));
    std::fs::rename(home, &aside).map_err(ClusterError::files("set aside", home))?;
    tracing::warn!(
        kept = %aside.display(),
        "the cluster of an earlier data directory was set aside; remove it when it is no longer wanted"
    );
    Ok(())
}

/// Who runs the server of `home`: the owner of its files, or for a new one who is fit to.
fn account_of(home: &Path) -> Result<Account, ClusterError> {
    let current = Account::current();
    let refuse = |path: &Path, owner: Account, wanted: &str| {
        let (runner, wanted) = (current.name.clone(), wanted.to_owned());
        Err(ClusterError::Ownership { path: path.to_path_buf(), owner: owner.name, runner, wanted })
    };
    let found = home.symlink_metadata().map_err(ClusterError::files("find", home))?;
    if !found.is_dir() || found.uid() != current.uid {
        return refuse(home, Account::owner(&found), &current.name);
    }
    let cluster = home.join("cluster");
    // What never was complete is made anew, whoever owns it.
    let (true, Ok(found)) = (stage::is_complete(home), cluster.symlink_metadata()) else {
        return Account::for_server();
    };
    let owner = Account::owner(&found);
    match (is_root(), owner.uid) {
        (true, 0) => refuse(&cluster, owner, &Account::for_server()?.name),
        (false, uid) if uid != current.uid => refuse(&cluster, owner, &current.name),
        _ => Ok(owner),
    }
}
