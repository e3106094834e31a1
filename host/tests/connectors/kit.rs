//! The connector kit by its commands, as somebody who writes a connector meets it.

mod guide;
mod hostile;
mod suite;

use std::path::Path;
use std::process::{Command, Output};

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs `ase` in a directory, without any configuration of this machine.
pub(crate) fn ase(dir: &Path, arguments: &[&str]) -> Ran {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("connector-cache");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ase"));
    command.args(arguments).current_dir(dir).env("ASE_CONNECTOR_CACHE_DIR", cache);
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: status.code(), out: text(stdout), err: text(stderr) }
}

impl Ran {
    /// It did what it was asked for; hands its output on.
    pub(crate) fn good(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// It failed with this code and says all of these.
    pub(crate) fn bad(&self, code: i32, said: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        let all = format!("{}{}", self.out, self.err);
        for text in said {
            assert!(all.contains(text), "it does not say `{text}`:\n{all}");
        }
    }
}
