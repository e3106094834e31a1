//! The process that compiles: the component on its standard input, the code on its standard output, and why not on its
//! standard error.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{ExitCode, Stdio};

use rustix::process::{Resource, Rlimit, nice, setrlimit};
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::connectors::component::MAX_COMPONENT;
use crate::connectors::convert::{MAX_SENTENCE, plain};
use crate::connectors::engine::{self, Allocation};

/// Seconds of processor time, of all its threads together. The largest known kind, an embedded Python, takes 30.
const MAX_SECONDS: u64 = 300;
/// Bytes of memory; the largest known kind takes 1 GiB.
const MAX_MEMORY: u64 = 4 << 30;
/// How far it stands back behind the calls of connectors where the system has no class for what may wait.
const NICENESS: i32 = 19;
/// Its status when it says on its standard error why a component does not compile.
const REFUSED: u8 = 3;
/// The argument of a process whose engine has no pool.
const ON_DEMAND: &str = "--on-demand";

/// Compiles `bytes` by `program`, which is this program, into `draft`. The inner error says why the component does not
/// compile.
///
/// # Errors
/// The process could not be started or did not behave as ours would.
pub(super) async fn compile(
    program: &Path,
    allocation: Allocation,
    bytes: &[u8],
    draft: &NamedTempFile,
) -> std::io::Result<Result<(), String>> {
    let mut child = Command::new(program)
        .args(["connector", "compile"])
        .args((allocation == Allocation::OnDemand).then_some(ON_DEMAND))
        // it needs none of the settings, and no secret among them
        .env_clear()
        // one thread for every second processor: calls go on meanwhile
        .env("RAYON_NUM_THREADS", std::thread::available_parallelism()?.get().div_ceil(2).to_string())
        .stdin(Stdio::piped())
        .stdout(draft.reopen()?)
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // where it ended early, its status says why
        let _ = input.write_all(bytes).await;
    }
    let ended = child.wait_with_output().await?;
    if ended.status.success() {
        return Ok(Ok(()));
    }
    match ended.status.code() {
        Some(code) if code == i32::from(REFUSED) => {
            Ok(Err(plain(String::from_utf8_lossy(&ended.stderr).trim(), MAX_SENTENCE)))
        }
        Some(_) => Err(std::io::Error::other(format!("{} ended with {}", program.display(), ended.status))),
        None => Ok(Err(format!(
            "it takes more than {MAX_SECONDS} seconds of processor time or {} GiB of memory ({})",
            MAX_MEMORY >> 30,
            ended.status
        ))),
    }
}

/// The whole of such a process.
pub(crate) fn main(on_demand: bool) -> ExitCode {
    let allocation = if on_demand { Allocation::OnDemand } else { Allocation::Pooled(1) };
    match confine().map_err(|error| (error.to_string(), 1)).and_then(|()| work(allocation)) {
        Ok(()) => ExitCode::SUCCESS,
        Err((reason, status)) => {
            // whoever started this has gone if it cannot be told
            let _ = writeln!(std::io::stderr(), "{reason}");
            ExitCode::from(status)
        }
    }
}

/// Asks the system to end this process where it takes too much, and to let others go first.
fn confine() -> std::io::Result<()> {
    let at_most = |limit: u64| Rlimit { current: Some(limit), maximum: Some(limit) };
    setrlimit(Resource::Cpu, at_most(MAX_SECONDS))?;
    setrlimit(Resource::Data, at_most(MAX_MEMORY))?;
    setrlimit(Resource::Core, at_most(0))?;
    // a process that may not stand back compiles all the same
    let _ = nice(NICENESS);
    when_idle();
    Ok(())
}

/// Runs when a processor has nothing else to do. Linux lets whoever wakes up meanwhile on at once, where even the least
/// priority of the usual class is left to run for some milliseconds: sched(7), `SCHED_IDLE`.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "no library has a safe call for it; see SAFETY")]
fn when_idle() {
    let none = libc::sched_param { sched_priority: 0 };
    // SAFETY: the system reads one `sched_param`, which lives until the call returns, and 0 names the caller itself.
    let _ = unsafe { libc::sched_setscheduler(0, libc::SCHED_IDLE, &raw const none) };
}

#[cfg(not(target_os = "linux"))]
fn when_idle() {}

fn work(allocation: Allocation) -> Result<(), (String, u8)> {
    let failed = |error: std::io::Error| (error.to_string(), 1);
    let mut bytes = Vec::new();
    std::io::stdin().take(MAX_COMPONENT as u64).read_to_end(&mut bytes).map_err(failed)?;
    let engine = engine::of(allocation).map_err(|error| (format!("{error:#}"), 1))?;
    let code = engine.precompile_component(&bytes).map_err(|error| (format!("{error:#}"), REFUSED))?;
    let mut output = std::io::stdout().lock();
    output.write_all(&code).and_then(|()| output.flush()).map_err(failed)
}
