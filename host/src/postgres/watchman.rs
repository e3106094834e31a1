//! Stops the server when this process is gone: a shell that waits on a pipe which the system closes with us, however
//! we end. So neither a killed demo nor a test run, whose statics are never dropped, leaves a server behind.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Stdio};

use super::account::Account;
use super::error::ClusterError;

/// A line means that the server has ended; the end of the input without one, that its owner has.
const SCRIPT: &str = "read -r word || kill -INT \"$1\"";

const SHELL: &str = "/bin/sh";

/// A running watchman.
pub(super) struct Watchman(Child);

impl Watchman {
    /// Watches over the server process `pid`, with the rights of the server's account and no more.
    pub(super) fn post(account: &Account, pid: u32) -> Result<Self, ClusterError> {
        let mut shell = account.command(Path::new(SHELL));
        shell.args(["-c", SCRIPT, "ase-watchman"]).arg(pid.to_string());
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        shell.spawn().map(Self).map_err(ClusterError::files("run", Path::new(SHELL)))
    }

    /// Sends the watchman home; to be called once the server has ended.
    pub(super) fn dismiss(&mut self) {
        if let Some(mut pipe) = self.0.stdin.take() {
            let _ = pipe.write_all(b"ended\n");
        }
        let _ = self.0.wait();
    }
}
