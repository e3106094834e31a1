//! The lock on a directory: one process at a time. The system releases it when the process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::error::ClusterError;

/// Held until dropped.
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing alone would leave the lock with a child that another thread has forked but not yet executed.
        let _ = self.0.unlock();
    }
}

impl Lock {
    /// Takes the lock `file` on `directory` (flock(2)) and writes this process down in it, for the message that
    /// the next one gets.
    pub(super) fn take(directory: &Path, file: &str) -> Result<Self, ClusterError> {
        let path = directory.join(file);
        let mut open = OpenOptions::new();
        open.create(true).truncate(false).read(true).write(true).mode(0o600);
        let mut held = open.open(&path).map_err(ClusterError::files("open", &path))?;
        match held.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let owner = std::fs::read_to_string(&path).unwrap_or_default();
                let owner = owner.trim();
                let owner = if owner.is_empty() { "unknown" } else { owner }.to_owned();
                return Err(ClusterError::InUse { path: directory.to_path_buf(), owner });
            }
            Err(TryLockError::Error(source)) => return Err(ClusterError::files("lock", &path)(source)),
        }
        let written = held.set_len(0).and_then(|()| writeln!(held, "{}", std::process::id()));
        written.map_err(ClusterError::files("write", &path))?;
        Ok(Self(held))
    }
}
