//! What the cluster takes from the environment of the process. Nothing else in this room reads it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Where programs and private directories are on this machine.
pub(super) struct Surroundings {
    /// `PATH`.
    pub(super) path: OsString,
    /// Directories of Postgres binaries outside `PATH`, the best first.
    pub(super) installed: Vec<PathBuf>,
    /// Where fetched binaries are kept.
    pub(super) cache: PathBuf,
    /// The user's directory for sockets, if the system has one.
    pub(super) runtime: Option<PathBuf>,
}

impl Surroundings {
    /// Reads `PATH`, `HOME`, `XDG_CACHE_HOME` and `XDG_RUNTIME_DIR` (XDG Base Directory Specification 0.8).
    pub(super) fn read() -> Self {
        let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        // What root fetches must be readable for the account that runs the server, so not below its home.
        let own = if rustix::process::geteuid().is_root() { None } else { absolute("HOME") };
        let cache = match (own, absolute("XDG_CACHE_HOME")) {
            (Some(_), Some(cache)) => cache,
            (Some(home), None) => home.join(".cache"),
            (None, _) => PathBuf::from("/var/cache"),
        };
        Self {
            path: std::env::var_os("PATH").unwrap_or_default(),
            installed: installed(),
            cache: cache.join("ase/postgresql"),
            runtime: absolute("XDG_RUNTIME_DIR"),
        }
    }
}

/// Debian's and Ubuntu's places, newest first, then those of a source build and of Homebrew.
fn installed() -> Vec<PathBuf> {
    let mut places = versioned(Path::new("/usr/lib/postgresql"));
    places.push(PathBuf::from("/usr/local/pgsql"));
    for homebrew in ["/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"] {
        let homebrew = Path::new(homebrew);
        places.extend((14..=30).rev().map(|major| homebrew.join(format!("postgresql@{major}"))));
        places.push(homebrew.join("postgresql"));
    }
    places.into_iter().map(|place| place.join("bin")).collect()
}

/// The subdirectories of `parent` whose names are versions, newest first.
pub(super) fn versioned(parent: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let mut versions: Vec<(Vec<u32>, PathBuf)> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let parts: Result<Vec<u32>, _> = name.split('.').map(str::parse).collect();
            Some((parts.ok()?, entry.path()))
        })
        .collect();
    versions.sort_by(|left, right| right.0.cmp(&left.0));
    versions.into_iter().map(|(_, path)| path).collect()
}
