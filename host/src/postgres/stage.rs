//! How far a cluster has come: a note beside it that says `making` from before the first file until after the last,
//! and `complete` from then on. Only what never was complete may be made anew.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::draft::{draft_of, replace};
use super::error::ClusterError;
use super::place::Place;

/// The lock file of a home; the one file that may be there before any note.
pub(super) const LOCK: &str = "lock";

const NOTE: &str = "state";
const MAKING: &str = "making\n";
const COMPLETE: &str = "complete\n";

/// How the names of the directories begin in which `initdb` works.
const DRAFT: &[u8] = b"making-";

/// What a start finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nothing, or what an interrupted first start left.
    Unmade,
    /// A cluster that a start has completed, of this major version.
    Complete(u32),
}

impl Stage {
    /// Looks at the cluster of `place`.
    pub(super) fn read(place: &Place) -> Result<Self, ClusterError> {
        if is_complete(&place.home) {
            return complete_major(place).map(Self::Complete);
        }
        if place.home.join(NOTE).exists() {
            return Ok(Self::Unmade);
        }
        let entries = std::fs::read_dir(&place.home).map_err(ClusterError::files("read", &place.home))?;
        // A crash while the first note was written leaves its draft.
        let known = [place.home.join(LOCK), draft_of(&place.home.join(NOTE))];
        let strange = entries.flatten().any(|entry| !known.contains(&entry.path()));
        if strange { Err(ClusterError::Foreign { path: place.home.clone() }) } else { Ok(Self::Unmade) }
    }

    /// The major version that the binaries must have, if it matters.
    pub(super) fn major(self) -> Option<u32> {
        match self {
            Self::Unmade => None,
            Self::Complete(major) => Some(major),
        }
    }
}

/// Whether a start has once completed the cluster of `home`.
pub(super) fn is_complete(home: &Path) -> bool {
    std::fs::read_to_string(home.join(NOTE)).is_ok_and(|note| note == COMPLETE)
}

/// Clears away what an interrupted first start left, and notes that a new one begins.
pub(super) fn begin(place: &Place) -> Result<(), ClusterError> {
    replace(&place.home.join(NOTE), 0o600, MAKING)?;
    let entries = std::fs::read_dir(&place.home).map_err(ClusterError::files("read", &place.home))?;
    for entry in entries.flatten().filter(|entry| entry.file_name().as_encoded_bytes().starts_with(DRAFT)) {
        // An `initdb` that outlived its caller may still write here; it can harm nobody, and ends by itself.
        let _ = std::fs::remove_dir_all(entry.path());
    }
    let cluster = place.cluster();
    match std::fs::remove_dir_all(&cluster) {
        Ok(()) => tracing::info!("an interrupted first start is made good"),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(ClusterError::files("remove", &cluster)(error)),
    }
    Ok(())
}

/// A new directory for `initdb`, of a name that no earlier one had.
pub(super) fn draft(place: &Place) -> Result<PathBuf, ClusterError> {
    let draft = place.home.join(format!("making-{:08x}", rand::random::<u32>()));
    place.make_private(&draft).map(|()| draft)
}

/// Notes that nothing is missing any more.
pub(super) fn complete(place: &Place) -> Result<(), ClusterError> {
    replace(&place.home.join(NOTE), 0o600, COMPLETE)
}

/// The version that `initdb` wrote down; Postgres names a cluster's format by its major version alone.
fn complete_major(place: &Place) -> Result<u32, ClusterError> {
    let damaged = |missing| ClusterError::Damaged { path: place.home.clone(), missing };
    let cluster = place.cluster();
    let version = std::fs::read_to_string(cluster.join("PG_VERSION"));
    let major = version.ok().and_then(|text| text.trim().parse().ok());
    let major = major.ok_or_else(|| damaged("cluster/PG_VERSION"))?;
    if !cluster.join("global/pg_control").is_file() {
        return Err(damaged("cluster/global/pg_control"));
    }
    Ok(major)
}
