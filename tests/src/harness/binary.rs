//! The real `ase`, as a process that can be killed.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::until::until;

/// A running `ase`.
#[derive(Debug)]
pub struct Binary {
    child: Child,
    /// Where its output goes.
    log: PathBuf,
}

/// Cargo's target directory, from the place of the test itself: `<target>/<profile>/deps/<test>`.
#[must_use]
pub fn target_dir() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().nth(3).expect("a test lies in the target directory").to_owned()
}

pub(super) fn path() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let ase = test.ancestors().nth(2).expect("a test lies in the target directory").join("ase");
    assert!(
        ase.is_file(),
        "{} is missing: build it first, with `cargo build --release --bin ase`",
        ase.display()
    );
    ase
}

impl Binary {
    /// Starts `ase` with these arguments and variables and no others; its output goes to `log`.
    #[must_use]
    pub fn start(arguments: &[&str], variables: &[(&str, &str)], log: &Path) -> Self {
        let out = std::fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
        let err = out.try_clone().unwrap();
        let mut command = Command::new(path());
        command.args(arguments).env_clear().envs(variables.iter().copied());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let child = command.stdin(Stdio::null()).stdout(out).stderr(err).spawn().unwrap();
        Self { child, log: log.to_owned() }
    }

    /// Waits until the server at `url` says that it can do its work.
    pub async fn ready(&mut self, url: &str) {
        let http = super::client::http().build().unwrap();
        let this = std::sync::Mutex::new(self);
        until("a server that is ready", || async {
            {
                let mut this = this.lock().unwrap();
                if let Some(status) = this.child.try_wait().unwrap() {
                    panic!("ase ended ({status}): {}", this.output());
                }
            }
            let answer = http.get(format!("{url}/readyz")).send().await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
    }

    /// What it has written so far.
    #[must_use]
    pub fn output(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Kills it without a warning, and waits until it is gone.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, as an operator does, and returns whether it says that all went well.
    pub fn stop(&mut self) -> bool {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
        self.child.wait().unwrap().success()
    }
}

impl Drop for Binary {
    fn drop(&mut self) {
        // gone already, when the story killed or stopped it
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port of loopback that nobody listens on right now.
#[must_use]
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
