//! Who runs the server: this process's own account, or another one for root, as which Postgres refuses to run.
//! Never changes the identity of this process, only that of the programs it starts.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::error::ClusterError;

/// An account of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
    /// For messages; the number where the account has no name.
    pub(super) name: String,
}

/// Whether this process may start programs as somebody else.
pub(super) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

impl Account {
    /// The account of this process.
    pub(super) fn current() -> Self {
        let (uid, gid) = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
        Self { uid, gid, name: name_of(uid) }
    }

    /// The account for a new cluster: this process's own, or for root `postgres`, else `nobody`.
    pub(super) fn for_server() -> Result<Self, ClusterError> {
        if !is_root() {
            return Ok(Self::current());
        }
        let known = known();
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| known.iter().find(|account| account.name == *name && account.uid != 0))
            .cloned()
            .ok_or(ClusterError::NoAccount)
    }

    /// The account that owns a file.
    pub(super) fn owner(file: &Metadata) -> Self {
        Self { uid: file.uid(), gid: file.gid(), name: name_of(file.uid()) }
    }

    /// A program to be run by this account: outside our process group, so that Ctrl-C in the terminal does not
    /// reach it, and with nothing of our environment.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C");
        command.current_dir("/").process_group(0).stdin(Stdio::null());
        if is_root() {
            // For root the standard library also clears the supplementary groups when a uid is set.
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Whether this account may enter `directory`. Tried, not computed: modes of all parents, access lists and
    /// mounts have a say.
    pub(super) fn can_enter(&self, directory: &Path) -> bool {
        let mut shell = self.command(Path::new("/bin/sh"));
        shell.args(["-c", "cd \"$1\"", "sh"]).arg(directory).stdout(Stdio::null()).stderr(Stdio::null());
        shell.status().is_ok_and(|status| status.success())
    }
}

fn name_of(uid: u32) -> String {
    let named = known().into_iter().find(|account| account.uid == uid);
    named.map_or_else(|| uid.to_string(), |account| account.name)
}

/// The accounts of `/etc/passwd` (passwd(5): name, password, uid, gid, …).
fn known() -> Vec<Account> {
    let file = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    file.lines().filter_map(parse).collect()
}

fn parse(line: &str) -> Option<Account> {
    let mut fields = line.split(':');
    let (name, _password) = (fields.next()?, fields.next()?);
    Some(Account {
        name: name.to_owned(),
        uid: fields.next()?.parse().ok()?,
        gid: fields.next()?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_passwd_is_read_and_a_broken_one_is_passed_over() {
        let read = parse("postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash");
        assert_eq!(read, Some(Account { uid: 101, gid: 104, name: "postgres".to_owned() }));
        assert_eq!(parse("+::::::"), None);
        assert_eq!(parse("# comment"), None);
    }

    #[test]
    fn a_missing_directory_cannot_be_entered() {
        assert!(Account::current().can_enter(Path::new("/")));
        assert!(!Account::current().can_enter(Path::new("/no such directory")));
    }
}
