//! The server is killed, its owner is killed, a first start is killed half-way: the next start makes it good.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ase_host::postgres::Cluster;
use rustix::process::{Pid, Signal, kill_process};
use sqlx::{Executor, Row};

use super::{connect, count_rows, runs, scratch, server_pid, write_row};

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < Duration::from_mins(1), "waited too long until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_recovers_and_keeps_what_was_committed() {
    let scratch = scratch();
    let cluster = Cluster::start(scratch.path()).await.unwrap();
    write_row(&cluster).await;
    // A worker that is busy computing does not notice at once that its server is gone.
    let url = cluster.owner_url("ase");
    let busy = "select count(*) from generate_series(1, 20000000)";
    let worker = tokio::spawn(async move { connect(&url).await.execute(busy).await.map(|_| ()) });
    let mut owner = connect(&cluster.owner_url("ase")).await;
    let seen = "select count(*) from pg_stat_activity where query like '%generate_series(1,%' and state = 'active' \
                and pid <> pg_backend_pid()";
    while owner.fetch_one(seen).await.unwrap().get::<i64, _>(0) == 0 {}
    kill_process(server_pid(cluster.location()), Signal::KILL).unwrap();
    cluster.stop().await.unwrap();

    let cluster = Cluster::start(scratch.path()).await.unwrap();
    assert_eq!(count_rows(&cluster).await, 1);
    let log = std::fs::read_to_string(cluster.location().join("log")).unwrap();
    assert!(log.contains("pre-existing shared memory"), "the start had to wait for the worker: {log}");
    // Nobody told the worker, so it may even have answered.
    let _ = worker.await.unwrap();
}

/// Not a test of its own: the process that other tests kill. It holds a cluster until it is killed.
#[tokio::test]
#[ignore = "other tests run it as a process of its own"]
async fn hold_a_cluster() {
    let data_dir = PathBuf::from(std::env::var_os("ASE_TEST_HOLD").unwrap());
    let cluster = Cluster::start(&data_dir).await.unwrap();
    write_row(&cluster).await;
    std::fs::write(data_dir.join("held"), "").unwrap();
    std::future::pending::<()>().await;
}

fn spawn_holder(data_dir: &Path) -> Child {
    let mut holder = Command::new(std::env::current_exe().unwrap());
    holder.args(["--exact", "crashes::hold_a_cluster", "--ignored"]).env("ASE_TEST_HOLD", data_dir);
    holder.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn kill(mut process: Child) {
    process.kill().unwrap();
    process.wait().unwrap();
}

/// The process that watches over the server `pid`.
fn watchman_of(pid: Pid) -> Pid {
    let suffix = format!("ase-watchman\0{pid}\0");
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let mut numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    let found = numbers.find(|number| {
        let line = std::fs::read(format!("/proc/{number}/cmdline")).unwrap_or_default();
        line.ends_with(suffix.as_bytes())
    });
    Pid::from_raw(found.unwrap()).unwrap()
}

#[tokio::test]
async fn a_server_ends_with_its_killed_owner() {
    let scratch = scratch();
    let holder = spawn_holder(scratch.path());
    wait_until("the cluster is held", || scratch.path().join("held").exists());
    let pid = server_pid(&scratch.path().join("postgres"));
    kill(holder);
    wait_until("the server has ended", || !runs(pid));
    let log = std::fs::read_to_string(scratch.path().join("postgres/log")).unwrap();
    assert!(log.contains("database system is shut down"), "it was shut down, not killed: {log}");
}

#[tokio::test]
async fn a_server_that_outlived_its_owner_is_stopped_by_the_next_start() {
    let scratch = scratch();
    let holder = spawn_holder(scratch.path());
    wait_until("the cluster is held", || scratch.path().join("held").exists());
    let pid = server_pid(&scratch.path().join("postgres"));
    kill_process(watchman_of(pid), Signal::KILL).unwrap();
    kill(holder);
    assert!(runs(pid), "nobody is left to stop it");

    let cluster = Cluster::start(scratch.path()).await.unwrap();
    assert!(!runs(pid));
    assert_ne!(server_pid(cluster.location()), pid);
    assert_eq!(count_rows(&cluster).await, 1);
}

#[tokio::test]
async fn a_first_start_killed_at_any_moment_is_made_good() {
    let scratch = scratch();
    let home = scratch.path().join("postgres");
    let making = |home: &Path| {
        let entries = std::fs::read_dir(home).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).find(|path| path.join("PG_VERSION").exists())
    };
    // While initdb runs, and once more between initdb and the last note.
    for moment in [making(&home), Some(home.join("cluster/postmaster.pid"))] {
        let holder = spawn_holder(scratch.path());
        match moment {
            None => wait_until("initdb has begun", || making(&home).is_some()),
            Some(file) => wait_until("the server starts", || file.exists()),
        }
        kill(holder);
        assert_eq!(std::fs::read_to_string(home.join("state")).unwrap(), "making\n");
    }
    let cluster = Cluster::start(scratch.path()).await.unwrap();
    write_row(&cluster).await;
    assert_eq!(count_rows(&cluster).await, 1);
}
