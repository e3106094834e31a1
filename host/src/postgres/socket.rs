//! The private directory of the server's Unix socket: in the cluster's home, or, where that path is too long for a
//! socket or not plain enough for libpq, one elsewhere that is removed at the end.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::account::is_root;
use super::draft::replace;
use super::error::ClusterError;
use super::place::Place;
use super::surroundings::Surroundings;

/// `sun_path` holds 104 bytes on BSD and macOS (108 on Linux, unix(7)), one of them the closing zero, and 14 go to
/// `/.s.PGSQL.5432`.
const LONGEST: usize = 104 - 1 - 14;

/// Where a short directory was made, so that every start uses the same and URLs stay.
const NOTE: &str = "socket.location";

/// A directory that the server's account alone may enter.
pub(super) struct Socket {
    directory: PathBuf,
    elsewhere: bool,
}

impl Socket {
    /// Makes the directory, or finds that of an earlier start.
    pub(super) fn open(place: &Place, around: &Surroundings) -> Result<Self, ClusterError> {
        let inside = place.home.join("socket");
        if is_fit(&inside) {
            if !is_private(place, &inside) {
                place.make_private(&inside)?;
            }
            return Ok(Self { directory: inside, elsewhere: false });
        }
        let note = place.home.join(NOTE);
        let noted = std::fs::read_to_string(&note).unwrap_or_default();
        let noted = PathBuf::from(noted.trim_end_matches('\n'));
        let there = || is_private(place, &noted) || place.make_private(&noted).is_ok();
        if noted.is_absolute() && is_fit(&noted) && there() {
            return Ok(Self { directory: noted, elsewhere: true });
        }
        let directory = make_short(place, around)?;
        replace(&note, 0o600, &format!("{}\n", directory.display()))?;
        Ok(Self { directory, elsewhere: true })
    }

    /// The directory, absolute, at most 89 bytes long.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.elsewhere {
            let _ = std::fs::remove_dir_all(&self.directory);
        }
    }
}

/// Short enough for a socket, and one host to libpq, which takes a comma for the start of the next.
fn is_fit(directory: &Path) -> bool {
    directory.as_os_str().len() <= LONGEST && directory.to_str().is_some_and(|text| !text.contains(','))
}

fn is_private(place: &Place, directory: &Path) -> bool {
    directory.symlink_metadata().is_ok_and(|found| {
        found.is_dir() && found.uid() == place.account.uid && found.mode().trailing_zeros() >= 6
    })
}

/// A random name, so that nobody who may write to `/tmp` can be there first.
fn make_short(place: &Place, around: &Surroundings) -> Result<PathBuf, ClusterError> {
    let own = format!("/run/user/{}", place.account.uid);
    let user = around.runtime.iter().cloned().chain([PathBuf::from(own)]);
    let bases: Vec<PathBuf> = if is_root() { vec!["/run".into()] } else { user.collect() };
    for base in bases.iter().map(PathBuf::as_path).chain([Path::new("/tmp")]) {
        let directory = base.join(format!("ase-{:016x}", rand::random::<u64>()));
        if is_fit(&directory) && place.make_private(&directory).is_ok() && place.account.can_enter(&directory)
        {
            return Ok(directory);
        }
        let _ = std::fs::remove_dir(&directory);
    }
    Err(ClusterError::NoSocketDirectory)
}
