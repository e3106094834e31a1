//! Writes small files so that a crash leaves the old text or the new one, never a part.

use std::fs::{File, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::error::ClusterError;

/// Replaces the text of `path` and sets its mode, whatever the umask.
pub(super) fn replace(path: &Path, mode: u32, text: &str) -> Result<(), ClusterError> {
    let draft = draft_of(path);
    let _ = std::fs::remove_file(&draft);
    write_new(&draft, mode, text)?;
    let renamed = std::fs::rename(&draft, path)
        .and_then(|()| path.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all()));
    renamed.map_err(ClusterError::files("write", path))
}

/// Writes a file that must not be there yet.
pub(super) fn write_new(path: &Path, mode: u32, text: &str) -> Result<(), ClusterError> {
    let opened = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path);
    let written = opened.and_then(|mut file| {
        file.set_permissions(Permissions::from_mode(mode))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(ClusterError::files("write", path))
}

/// Where the text waits until it is whole.
pub(super) fn draft_of(path: &Path) -> PathBuf {
    path.with_extension("new")
}
