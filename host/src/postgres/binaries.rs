//! Which Postgres runs the cluster: one installed on the machine, else one fetched. Never installs a package.

use std::path::{Path, PathBuf};

use super::account::Account;
use super::error::ClusterError;
use super::fetch;
use super::place::Place;
use super::surroundings::{Surroundings, versioned};

/// The oldest major version that the migrations are written for.
pub(super) const OLDEST: u32 = 14;

/// A directory with `postgres` and `initdb`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Binaries {
    pub(super) directory: PathBuf,
    pub(super) major: u32,
}

/// Finds binaries that the server's account can run, of exactly the major version `wanted` where a cluster needs it:
/// in `PATH`, where systems install them, and among those fetched before. Fetches them where there are none.
pub(super) async fn find(
    around: &Surroundings,
    place: &Place,
    wanted: Option<u32>,
) -> Result<Binaries, ClusterError> {
    let found = installed(around, &place.account);
    if let Some(binaries) = pick(&found, wanted) {
        return Ok(binaries);
    }
    if let (Some(cluster), false) = (wanted, found.is_empty()) {
        let mut majors: Vec<u32> = found.iter().map(|binaries| binaries.major).collect();
        majors.sort_unstable();
        majors.dedup();
        let found = majors.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
        return Err(ClusterError::OtherMajor { path: place.home.clone(), cluster, found });
    }
    let fetched = fetch::fetch(&around.cache, wanted, fetch::Patience::default()).await?;
    probe(&place.account, &fetched).ok_or_else(|| ClusterError::NoBinaries {
        oldest: OLDEST,
        cause: format!("what was fetched into {} does not run here", fetched.display()),
    })
}

fn installed(around: &Surroundings, account: &Account) -> Vec<Binaries> {
    let named = std::env::split_paths(&around.path).filter(|directory| directory.is_absolute());
    // In PATH `postgres` is often a lone link into the directory that holds `initdb` too.
    let linked = named.flat_map(|directory| {
        let target = directory.join("postgres").canonicalize().ok();
        [target.and_then(|target| target.parent().map(Path::to_path_buf)), Some(directory)]
    });
    let fetched = versioned(&around.cache).into_iter().map(|version| version.join("bin"));
    let mut found: Vec<Binaries> = Vec::new();
    for directory in linked.flatten().chain(around.installed.iter().cloned()).chain(fetched) {
        if found.iter().all(|known| known.directory != directory) {
            found.extend(probe(account, &directory));
        }
    }
    found
}

fn pick(found: &[Binaries], wanted: Option<u32>) -> Option<Binaries> {
    found.iter().find(|binaries| wanted.is_none_or(|wanted| binaries.major == wanted)).cloned()
}

/// Runs `postgres --version` as the server's account, which proves at once that it can be reached and that it runs.
fn probe(account: &Account, directory: &Path) -> Option<Binaries> {
    let (postgres, initdb) = (directory.join("postgres"), directory.join("initdb"));
    if !postgres.is_file() || !initdb.is_file() {
        return None;
    }
    let output = account.command(&postgres).arg("--version").output().ok()?;
    let major = major(&String::from_utf8(output.stdout).ok()?)?;
    (major >= OLDEST).then(|| Binaries { directory: directory.to_path_buf(), major })
}

/// The major version in the words of `postgres --version`.
fn major(words: &str) -> Option<u32> {
    let version = words.strip_prefix("postgres (PostgreSQL) ")?;
    version.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_every_form() {
        assert_eq!(major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 17.2\n"), Some(17));
        assert_eq!(major("postgres (PostgreSQL) 19devel\n"), Some(19));
        assert_eq!(major("cockroach 24\n"), None);
    }

    #[test]
    fn a_new_cluster_takes_the_first_and_an_old_one_its_own_version() {
        let binaries = |major| Binaries { directory: format!("/{major}").into(), major };
        let found = [binaries(17), binaries(15)];
        assert_eq!(pick(&found, None), Some(binaries(17)));
        assert_eq!(pick(&found, Some(15)), Some(binaries(15)));
        assert_eq!(pick(&found, Some(16)), None);
    }

    #[test]
    fn a_lone_link_in_path_leads_to_the_directory_with_initdb() {
        let scratch = tempfile::tempdir().unwrap();
        let real = installed(&Surroundings::read(), &Account::current()).remove(0);
        std::os::unix::fs::symlink(real.directory.join("postgres"), scratch.path().join("postgres")).unwrap();
        let around = Surroundings {
            path: scratch.path().as_os_str().to_owned(),
            installed: Vec::new(),
            cache: scratch.path().join("cache"),
            runtime: None,
        };
        let expected = real.directory.canonicalize().unwrap();
        let found: Vec<_> =
            installed(&around, &Account::current()).into_iter().map(|b| b.directory).collect();
        assert_eq!(found, [expected]);
    }
}
