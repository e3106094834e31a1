//! The server process: start, wait until it is ready, halt. Ends with its owner.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::binaries::Binaries;
use super::error::ClusterError;
use super::place::Place;
use super::roles::Roles;
use super::settings;
use super::watchman::Watchman;

/// Between two looks at something that takes time.
const GLANCE: Duration = Duration::from_millis(10);

const LOG: &str = "log";

/// How long recovery after a crash may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// What a server says that finds workers of one before it, and how long those may take to end.
const WORKERS_LEFT: &str = "pre-existing shared memory block";
const PATIENCE_WITH_WORKERS: Duration = Duration::from_secs(30);

/// Fast shutdown, then immediate shutdown (recovery at the next start), then the end, with how long each may take.
const ENDINGS: [(Signal, Duration); 3] = [
    (Signal::INT, Duration::from_secs(20)),
    (Signal::QUIT, Duration::from_secs(5)),
    (Signal::KILL, Duration::from_secs(5)),
];

/// A server process, direct child of this one.
pub(super) struct Server {
    child: Child,
    watchman: Option<Watchman>,
    log: PathBuf,
}

impl Server {
    /// Starts the server and waits until it takes connections, recovery after a crash included.
    pub(super) async fn start(
        binaries: &Binaries,
        place: &Place,
        roles: &Roles,
    ) -> Result<Self, ClusterError> {
        let began = Instant::now();
        // A new log for each start; the one before is kept.
        let log = place.home.join(LOG);
        let _ = std::fs::rename(&log, log.with_extension("before"));
        loop {
            let mut server = Self::spawn(binaries, place, roles.socket())?;
            match server.become_ready(roles).await {
                Ok(()) => return Ok(server),
                // Workers of a killed server notice soon that it is gone, and end.
                Err(ClusterError::Server { tail, .. })
                    if tail.contains(WORKERS_LEFT) && began.elapsed() < PATIENCE_WITH_WORKERS =>
                {
                    tokio::time::sleep(GLANCE).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn spawn(binaries: &Binaries, place: &Place, socket: &Path) -> Result<Self, ClusterError> {
        let log = place.home.join(LOG);
        let mut command = place.account.command(&binaries.directory.join("postgres"));
        command.args(settings::write(place, socket)?);
        let out = open_log(&log)?;
        let err = out.try_clone().map_err(ClusterError::files("open", &log))?;
        let child = command.stdout(out).stderr(err).spawn();
        let child = child.map_err(ClusterError::files("run", &binaries.directory))?;
        let mut server = Self { child, watchman: None, log };
        server.watchman = Some(Watchman::post(&place.account, server.child.id())?);
        Ok(server)
    }

    async fn become_ready(&mut self, roles: &Roles) -> Result<(), ClusterError> {
        let began = Instant::now();
        loop {
            match roles.greet().await {
                Ok(()) => return Ok(()),
                Err(error) if is_final(&error) => {
                    return Err(ClusterError::Sql { doing: "sign in to the server", source: error });
                }
                Err(_) if self.has_ended() => return Err(self.failure("ended while starting")),
                Err(_) if began.elapsed() > PATIENCE => return Err(self.failure("was not ready in time")),
                Err(_) => tokio::time::sleep(GLANCE).await,
            }
        }
    }

    /// Shuts the server down and waits for its end; whether it came.
    pub(super) fn halt(&mut self) -> bool {
        let pid = Pid::from_child(&self.child);
        for (signal, patience) in ENDINGS {
            // Not yet waited for, so the number cannot belong to another process.
            if self.has_ended() || (kill_process(pid, signal).is_ok() && self.ends_within(patience)) {
                break;
            }
        }
        let ended = self.has_ended();
        if let (true, Some(mut watchman)) = (ended, self.watchman.take()) {
            watchman.dismiss();
        }
        ended
    }

    fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    fn ends_within(&mut self, patience: Duration) -> bool {
        wait_until(patience, || self.has_ended())
    }

    fn failure(&self, what: &'static str) -> ClusterError {
        ClusterError::Server { what, log: self.log.clone(), tail: tail(&self.log) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.halt();
    }
}

/// Looks again and again until `done`, blocking; whether it was done in time.
fn wait_until(patience: Duration, mut done: impl FnMut() -> bool) -> bool {
    let began = Instant::now();
    while !done() {
        if began.elapsed() > patience {
            return false;
        }
        std::thread::sleep(GLANCE);
    }
    true
}

/// Whether waiting cannot help: the server is there and refuses us (Postgres error class 28).
fn is_final(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code.starts_with("28"))
}

fn open_log(log: &Path) -> Result<File, ClusterError> {
    let opened = OpenOptions::new().create(true).append(true).mode(0o600).open(log);
    opened.map_err(ClusterError::files("open", log))
}

/// The last lines of the log, as one.
fn tail(log: &Path) -> String {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(2000)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    lines.iter().rev().take(4).rev().copied().collect::<Vec<_>>().join("; ")
}
