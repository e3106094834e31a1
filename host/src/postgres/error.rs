//! What can go wrong with the private cluster, each with the way out. Never names a statement or a password.

use std::io;
use std::path::{Path, PathBuf};

/// Why the private cluster could not be started, used or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// A file or directory could not be read or written.
    #[error("cannot {doing} {}: {source}", path.display())]
    Files {
        /// What was tried, as a verb.
        doing: &'static str,
        /// On which file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Another process holds the directory.
    #[error(
        "the data directory {} is in use by process {owner}; stop that process or choose another data directory",
        path.display()
    )]
    InUse {
        /// The directory.
        path: PathBuf,
        /// The other process, as it wrote itself down.
        owner: String,
    },
    /// The directory belongs to an account that this process may not act for.
    #[error(
        "{} belongs to `{owner}`, but this process runs as `{runner}`; run as `{owner}`, give the directory to \
         `{wanted}` (chown -R), or choose another data directory",
        path.display()
    )]
    Ownership {
        /// The directory.
        path: PathBuf,
        /// Who owns it.
        owner: String,
        /// Who this process is.
        runner: String,
        /// Who ought to own it.
        wanted: String,
    },
    /// The directory holds files that were not written here.
    #[error(
        "{} is not empty and holds no cluster of this program; empty it or choose another data directory",
        path.display()
    )]
    Foreign {
        /// The directory.
        path: PathBuf,
    },
    /// A complete cluster has lost a part that cannot be made again.
    #[error(
        "the cluster in {} is damaged: {missing} is missing; restore the directory from a copy, or remove it (and \
         all it holds) to begin anew",
        path.display()
    )]
    Damaged {
        /// Where the cluster lives.
        path: PathBuf,
        /// What is missing.
        missing: &'static str,
    },
    /// The recorded place of the cluster does not exist any more.
    #[error(
        "{} says that the cluster lives in {}, which is gone; restore it from a copy, or remove the former file to \
         begin anew",
        pointer.display(),
        location.display()
    )]
    Lost {
        /// The file that says so.
        pointer: PathBuf,
        /// The place it names.
        location: PathBuf,
    },
    /// The binaries found cannot read a cluster of this major version.
    #[error(
        "the cluster in {} was made by PostgreSQL {cluster}, but here is only {found}; install PostgreSQL {cluster}, \
         or dump it there and restore it into a new data directory",
        path.display()
    )]
    OtherMajor {
        /// Where the cluster lives.
        path: PathBuf,
        /// Its major version.
        cluster: u32,
        /// The major versions found.
        found: String,
    },
    /// No binaries on this machine, and none could be fetched.
    #[error(
        "no PostgreSQL binaries ({oldest} or later) on this machine and none could be fetched ({cause}); install \
         them (`apt-get install postgresql`, `brew install postgresql`) or start once with the network reachable"
    )]
    NoBinaries {
        /// The oldest major version that will do.
        oldest: u32,
        /// Why fetching failed.
        cause: String,
    },
    /// Postgres refuses to run as root, and there is nobody else to run it.
    #[error(
        "PostgreSQL refuses to run as root and there is no account `postgres` or `nobody`; create one of them"
    )]
    NoAccount,
    /// The server's account cannot reach any directory for the cluster.
    #[error(
        "the account `{account}`, which runs PostgreSQL for root, cannot reach {}; let it pass through the \
         directories above or choose another data directory",
        path.display()
    )]
    Unreachable {
        /// The account.
        account: String,
        /// The directory.
        path: PathBuf,
    },
    /// No directory is short and private enough for a Unix socket.
    #[error(
        "no private directory with a path short enough for a Unix socket; make /tmp or XDG_RUNTIME_DIR writable"
    )]
    NoSocketDirectory,
    /// A path that no connection URL can carry.
    #[error("the path {} is not valid UTF-8; choose another data directory", path.display())]
    PathText {
        /// The path.
        path: PathBuf,
    },
    /// `initdb` failed.
    #[error("initdb failed: {output}")]
    Initdb {
        /// The end of what it said.
        output: String,
    },
    /// The server ended, or was not ready in time.
    #[error("the PostgreSQL server {what}; the end of {}: {tail}", log.display())]
    Server {
        /// What happened.
        what: &'static str,
        /// The server's log.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// A server that an earlier process left cannot be stopped.
    #[error("process {pid}, an earlier server of {}, does not stop; stop it by hand", path.display())]
    Leftover {
        /// The server's process.
        pid: i32,
        /// The cluster's files.
        path: PathBuf,
    },
    /// The server does not end.
    #[error("the PostgreSQL server of {} does not end; stop it by hand", location.display())]
    Stop {
        /// Where the cluster lives.
        location: PathBuf,
    },
    /// A name that Postgres would cut or cannot hold.
    #[error("the database name `{name}` must have 1 to 63 bytes and no null byte")]
    Name {
        /// The name.
        name: String,
    },
    /// The server refused a set-up statement.
    #[error("cannot {doing}: {source}")]
    Sql {
        /// What was tried, as a verb.
        doing: &'static str,
        /// The server's reason.
        source: sqlx::Error,
    },
}

impl ClusterError {
    /// For `map_err`: what was being done to which file.
    pub(super) fn files(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Files { doing, path, source }
    }

    /// For `map_err`: which set-up step the server refused.
    pub(super) fn sql(doing: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Sql { doing, source }
    }
}
