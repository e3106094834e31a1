//! The private cluster against real Postgres: what a start gives, what a restart keeps, and the directories it must
//! refuse; beside this file what happens in crashes, and under which account the server runs.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends there")]

#[path = "postgres/accounts.rs"]
mod accounts;
#[path = "postgres/crashes.rs"]
mod crashes;

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use ase_host::postgres::{Cluster, ClusterError};
use rustix::process::Pid;
use sqlx::{Connection, Executor, PgConnection, Row};
use tempfile::TempDir;

/// A directory that the account that runs the server for root can reach.
fn scratch() -> TempDir {
    scratch_of_mode(0o755)
}

fn scratch_of_mode(mode: u32) -> TempDir {
    let scratch = tempfile::tempdir().unwrap();
    std::fs::set_permissions(scratch.path(), std::fs::Permissions::from_mode(mode)).unwrap();
    scratch
}

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}

async fn write_row(cluster: &Cluster) {
    let mut owner = connect(&cluster.owner_url("ase")).await;
    let table =
        "create table t (id int primary key); grant select, insert on t to ase_app; insert into t values (1)";
    owner.execute(sqlx::raw_sql(table)).await.unwrap();
}

async fn count_rows(cluster: &Cluster) -> i64 {
    let mut app = connect(&cluster.app_url("ase")).await;
    app.fetch_one("select count(*) from t").await.unwrap().get(0)
}

async fn setting(connection: &mut PgConnection, name: &str) -> String {
    let row = sqlx::query("select current_setting($1)").bind(name).fetch_one(connection).await;
    row.unwrap().get(0)
}

/// The server's process id, from the first line of its pid file.
fn server_pid(cluster: &Path) -> Pid {
    let text = std::fs::read_to_string(cluster.join("cluster/postmaster.pid")).unwrap();
    Pid::from_raw(text.lines().next().unwrap().parse().unwrap()).unwrap()
}

fn runs(pid: Pid) -> bool {
    // A process that has ended and was not waited for has an empty command line.
    std::fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}

#[tokio::test]
async fn a_second_start_keeps_rows_and_urls() {
    let scratch = scratch();
    let data_dir = scratch.path().join("with space \"quote\" and ü/.ase");
    let cluster = Cluster::start(&data_dir).await.unwrap();
    write_row(&cluster).await;
    let url = cluster.app_url("ase");
    assert_eq!(cluster.location(), data_dir.canonicalize().unwrap().join("postgres"));
    cluster.stop().await.unwrap();
    PgConnection::connect(&url).await.unwrap_err();

    let cluster = Cluster::start(&data_dir).await.unwrap();
    assert_eq!(cluster.app_url("ase"), url);
    assert_eq!(count_rows(&cluster).await, 1);
    assert_eq!(psql(&url), "ase_app|ase\n", "libpq reads the same URL");
    let pid = server_pid(cluster.location());
    drop(cluster);
    assert!(!runs(pid), "dropping it stops the server");
}

/// What `psql` says about who and where it is, through `url`.
fn psql(url: &str) -> String {
    let output = Command::new("psql")
        .args(["--no-psqlrc", "--tuples-only", "--no-align"])
        .args(["--command", "select current_user, current_database()", url])
        .env("PGPORT", "1")
        .output()
        .unwrap();
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn roles_databases_and_settings_are_as_promised() {
    let scratch = scratch();
    let cluster = Cluster::start(scratch.path()).await.unwrap();
    write_row(&cluster).await;

    let mut app = connect(&cluster.app_url("ase")).await;
    for forbidden in [
        "create table x (id int)",
        "create temporary table x (id int)",
        "create schema x",
        "drop table t",
        "truncate t",
        "create database x",
        "create role x",
        "set role ase_owner",
    ] {
        let refused = app.execute(sqlx::AssertSqlSafe(forbidden)).await.unwrap_err();
        let code = refused
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .map(std::borrow::Cow::into_owned);
        assert_eq!(code.as_deref(), Some("42501"), "{forbidden}: {refused}");
    }
    for (name, value) in [
        ("listen_addresses", ""),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("lc_collate", "C"),
        ("TimeZone", "UTC"),
    ] {
        assert_eq!(setting(&mut app, name).await, value, "{name}");
    }
    let roles = "select count(*) from pg_roles where rolname like 'ase%' and (rolsuper or rolcreatedb or rolcreaterole)";
    let powers: i64 = app.fetch_one(roles).await.unwrap().get(0);
    assert_eq!(powers, 0);
}

#[tokio::test]
async fn a_database_copied_from_a_template_has_its_tables_rows_and_grants() {
    let scratch = scratch();
    let cluster = Cluster::start(scratch.path()).await.unwrap();
    cluster.create_database("empty").await.unwrap();
    write_row(&cluster).await;
    cluster.create_database_from("ase", "copy \"1\"").await.unwrap();

    let mut app = connect(&cluster.app_url("copy \"1\"")).await;
    app.execute("insert into t values (2)").await.unwrap();
    assert_eq!(count_rows(&cluster).await, 1, "the template is another database");
    let mut app = connect(&cluster.app_url("empty")).await;
    app.execute("select 1 from t").await.unwrap_err();
    assert!(matches!(cluster.create_database("empty").await, Err(ClusterError::Sql { .. })));
    assert!(matches!(cluster.create_database(&"a".repeat(64)).await, Err(ClusterError::Name { .. })));
}

#[tokio::test]
async fn nothing_that_a_statement_holds_reaches_the_log() {
    let scratch = scratch();
    let cluster = Cluster::start(scratch.path()).await.unwrap();
    let mut owner = connect(&cluster.owner_url("ase")).await;
    owner.execute("create table people (email text primary key)").await.unwrap();
    for _ in 0..2 {
        // The second one is refused with the value in its detail.
        let _ =
            sqlx::query("insert into people values ($1)").bind("ana@example.com").execute(&mut owner).await;
    }
    sqlx::query("select $1::text::int").bind("ana@example.com").fetch_one(&mut owner).await.unwrap_err();
    owner.execute("select 'ana@example.com'::int").await.unwrap_err();
    let location = cluster.location().to_path_buf();
    cluster.stop().await.unwrap();

    let log = std::fs::read_to_string(location.join("log")).unwrap();
    assert!(log.contains("database system is ready"), "the log is written: {log}");
    assert!(!log.contains("ana") && !log.contains("people"), "{log}");
    let mode = |file: &str| location.join(file).metadata().unwrap().mode() & 0o777;
    assert_eq!([mode("passwords"), mode("log"), mode("cluster")], [0o600, 0o600, 0o700]);
}

#[tokio::test]
async fn a_second_process_is_told_who_holds_the_directory() {
    let scratch = scratch();
    let cluster = Cluster::start(scratch.path()).await.unwrap();
    let refused = Cluster::start(scratch.path()).await.unwrap_err().to_string();
    assert!(refused.contains(&format!("in use by process {}", std::process::id())), "{refused}");
    cluster.stop().await.unwrap();
    Cluster::start(scratch.path()).await.unwrap();
}

#[tokio::test]
async fn a_complete_cluster_is_explained_and_never_made_anew() {
    let scratch = scratch();
    let cluster = Cluster::start(scratch.path()).await.unwrap();
    let home = cluster.location().to_path_buf();
    cluster.stop().await.unwrap();
    let version = home.join("cluster/PG_VERSION");
    let major = std::fs::read_to_string(&version).unwrap();

    std::fs::write(&version, "9\n").unwrap();
    let refused = Cluster::start(scratch.path()).await.unwrap_err().to_string();
    assert!(
        refused.contains("made by PostgreSQL 9") && refused.contains("install PostgreSQL 9"),
        "{refused}"
    );

    std::fs::remove_file(&version).unwrap();
    let refused = Cluster::start(scratch.path()).await.unwrap_err().to_string();
    assert!(refused.contains("damaged: cluster/PG_VERSION is missing"), "{refused}");

    std::fs::write(&version, major).unwrap();
    std::fs::rename(home.join("passwords"), home.join("away")).unwrap();
    let refused = Cluster::start(scratch.path()).await.unwrap_err().to_string();
    assert!(refused.contains("damaged: passwords is missing"), "{refused}");

    std::fs::rename(home.join("away"), home.join("passwords")).unwrap();
    Cluster::start(scratch.path()).await.unwrap();
}

#[tokio::test]
async fn somebody_elses_files_are_left_alone() {
    let scratch = scratch();
    let file = scratch.path().join("postgres/letters");
    std::fs::create_dir(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "dear").unwrap();
    let refused = Cluster::start(scratch.path()).await.unwrap_err();
    assert!(matches!(refused, ClusterError::Foreign { .. }), "{refused}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "dear");
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_gets_a_short_one_that_goes_away_again() {
    let scratch = scratch();
    let data_dir = scratch.path().join("long, ".repeat(40));
    let cluster = Cluster::start(&data_dir).await.unwrap();
    assert_eq!(psql(&cluster.app_url("ase")), "ase_app|ase\n");
    let note = std::fs::read_to_string(cluster.location().join("socket.location")).unwrap();
    let socket = PathBuf::from(note.trim());
    assert_eq!(socket.metadata().unwrap().mode() & 0o777, 0o700);
    assert!(socket.join(".s.PGSQL.5432").exists());
    let url = cluster.app_url("ase");
    cluster.stop().await.unwrap();
    assert!(!socket.exists());
    let cluster = Cluster::start(&data_dir).await.unwrap();
    assert_eq!(cluster.app_url("ase"), url);
}
