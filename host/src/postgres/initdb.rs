//! Makes the cluster's files.

use std::fs::File;
use std::io;
use std::path::Path;
use std::process::Output;

use secrecy::ExposeSecret;

use super::binaries::Binaries;
use super::draft::write_new;
use super::error::ClusterError;
use super::passwords::Passwords;
use super::place::Place;
use super::roles::SUPERUSER;
use super::stage;

/// Runs `initdb` as the server's account: UTF-8, sorted by byte so that no machine's locale has a say, checksums on
/// every page, a password from the first moment on.
pub(super) async fn run(
    binaries: &Binaries,
    place: &Place,
    passwords: &Passwords,
) -> Result<(), ClusterError> {
    // Moved into place when whole, so that one that outlives a killed caller cannot meddle with the next.
    let draft = stage::draft(place)?;
    // A file, not a pipe: a pipe made by root cannot be opened again by another account.
    let file = place.home.join("initdb-password");
    let _ = std::fs::remove_file(&file);
    write_new(&file, 0o600, passwords.superuser.expose_secret())?;
    place.give(&file)?;
    let mut command = place.account.command(&binaries.directory.join("initdb"));
    command.arg("--pgdata").arg(&draft).arg("--pwfile").arg(&file);
    command.args(["--username", SUPERUSER, "--auth=scram-sha-256", "--data-checksums"]);
    command.args(["--encoding=UTF8", "--no-locale", "--no-instructions"]);
    if SYNCED_AT_ONCE {
        command.arg("--no-sync");
    }
    let output = tokio::process::Command::from(command).kill_on_drop(true).output().await;
    let _ = std::fs::remove_file(&file);
    let output = output.map_err(ClusterError::files("run", &binaries.directory))?;
    if !output.status.success() {
        return Err(ClusterError::Initdb { output: last_words(&output) });
    }
    sync(&draft).map_err(ClusterError::files("write", &draft))?;
    let cluster = place.cluster();
    std::fs::rename(draft, &cluster).map_err(ClusterError::files("create", &cluster))
}

/// Linux can bring everything to the disk in one go; `initdb` would wait for each of its thousand files.
const SYNCED_AT_ONCE: bool = cfg!(target_os = "linux");

#[cfg(target_os = "linux")]
fn sync(draft: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(draft)?)?)
}

#[cfg(not(target_os = "linux"))]
fn sync(_draft: &Path) -> io::Result<()> {
    Ok(())
}

/// The last lines that `initdb` wrote to its standard error, as one.
fn last_words(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.iter().rev().take(4).rev().copied().collect::<Vec<_>>().join("; ")
}
