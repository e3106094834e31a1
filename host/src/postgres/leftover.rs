//! A server that an earlier process left running in the cluster: found by its pid file, stopped before the next
//! start. Touches no process that is not the server of this very cluster.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::error::ClusterError;

/// Fast shutdown, then immediate shutdown; never a plain kill, which would leave its workers behind.
const ENDINGS: [(Signal, Duration); 2] =
    [(Signal::INT, Duration::from_secs(30)), (Signal::QUIT, Duration::from_secs(10))];

/// Stops the server of `cluster` that is still running, if there is one, and clears a pid file that is not true.
pub(super) async fn stop(cluster: &Path) -> Result<(), ClusterError> {
    let file = cluster.join("postmaster.pid");
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(ClusterError::files("read", &file)(error)),
    };
    let Some((number, pid)) = first_line(&text) else {
        return remove(&file);
    };
    if !is_server(number, cluster) {
        // PostgreSQL itself sees through the file of a dead process, and then looks for workers that outlived it;
        // a number that by now belongs to another process would keep it from starting for ever.
        return if test_kill_process(pid).is_ok() { remove(&file) } else { Ok(()) };
    }
    tracing::info!(pid = number, "stopping the server that an earlier process left");
    for (signal, patience) in ENDINGS {
        let _ = kill_process(pid, signal);
        if ends_within(patience, number, cluster).await {
            return Ok(());
        }
    }
    Err(ClusterError::Leftover { pid: number, path: cluster.to_path_buf() })
}

/// Clears what a killed server left in its socket directory. No server of this cluster runs any more and no other may
/// use its directory, so its lock is not true, even where the number in it is taken: by another process, or by the
/// killed server itself for as long as nobody has collected its exit status.
pub(super) fn clear(socket: &Path) -> Result<(), ClusterError> {
    let entries = std::fs::read_dir(socket).map_err(ClusterError::files("read", socket))?;
    for entry in entries.flatten() {
        if entry.file_name().as_encoded_bytes().starts_with(b".s.PGSQL.") {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

async fn ends_within(patience: Duration, number: i32, cluster: &Path) -> bool {
    let began = Instant::now();
    while is_server(number, cluster) {
        if began.elapsed() > patience {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    true
}

/// The server's process id, the first line of `postmaster.pid`.
fn first_line(text: &str) -> Option<(i32, Pid)> {
    let number = text.lines().next()?.trim().parse().ok().filter(|number| *number > 1)?;
    Some((number, Pid::from_raw(number)?))
}

/// Whether the process is a server whose command line names `cluster`. Everybody may read a command line, unlike the
/// other marks of a process, and that of a process that has ended is empty.
fn is_server(number: i32, cluster: &Path) -> bool {
    let path = cluster.as_os_str().as_encoded_bytes();
    let line = command_line(number);
    line.windows(path.len()).any(|window| window == path)
}

fn command_line(number: i32) -> Vec<u8> {
    if Path::new("/proc/self/cmdline").exists() {
        return std::fs::read(format!("/proc/{number}/cmdline")).unwrap_or_default();
    }
    let listed = Command::new("ps").args(["-ww", "-o", "command=", "-p", &number.to_string()]).output();
    listed.map(|output| output.stdout).unwrap_or_default()
}

fn remove(file: &Path) -> Result<(), ClusterError> {
    std::fs::remove_file(file).map_err(ClusterError::files("remove", file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_pid_file_that_names_another_process_is_cleared_and_the_process_left_alone() {
        let cluster = tempfile::tempdir().unwrap();
        let mut other = Command::new("sleep").arg("60").spawn().unwrap();
        let file = cluster.path().join("postmaster.pid");
        std::fs::write(&file, format!("{}\n{}\n", other.id(), cluster.path().display())).unwrap();
        stop(cluster.path()).await.unwrap();
        assert!(!file.exists());
        assert!(other.try_wait().unwrap().is_none(), "it still runs");
        other.kill().unwrap();
        other.wait().unwrap();
    }

    #[test]
    fn a_lock_that_a_killed_server_left_beside_its_socket_is_cleared() {
        let socket = tempfile::tempdir().unwrap();
        let lock = socket.path().join(".s.PGSQL.5432.lock");
        std::fs::write(&lock, format!("{}\n", std::process::id())).unwrap();
        std::fs::write(socket.path().join("note"), "").unwrap();
        clear(socket.path()).unwrap();
        assert!(!lock.exists() && socket.path().join("note").exists());
    }

    #[tokio::test]
    async fn a_pid_file_without_a_number_is_cleared() {
        let cluster = tempfile::tempdir().unwrap();
        let file = cluster.path().join("postmaster.pid");
        for text in ["", "half", "-1\n", "0\n", "1\n"] {
            std::fs::write(&file, text).unwrap();
            stop(cluster.path()).await.unwrap();
            assert!(!file.exists(), "{text:?}");
        }
    }
}
