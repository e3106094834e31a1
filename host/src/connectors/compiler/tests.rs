//! The process that compiles, played by scripts that do what it must not.

use std::os::unix::fs::PermissionsExt as _;

use tempfile::TempDir;

use super::*;
use crate::connectors::{Ceilings, Signers};

const DIGEST: &str = "sha256:00ff";

/// One script is written and run at a time: a process that another test starts would hold the file open for writing for
/// a moment, and a file that is written to cannot be run.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn component() -> Arc<[u8]> {
    wat::parse_str("(component (core module (func (export \"f\") (result i32) i32.const 7)))").unwrap().into()
}

/// A compiler whose directory is `dir`, and whose program is a shell script of this text.
fn compiler(dir: &TempDir, script: Option<&str>) -> Compiler {
    let program = script.map(|script| {
        let program = dir.path().join("program");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        program
    });
    let config = ConnectorsConfig {
        dir: None,
        cache_dir: Some(dir.path().join("code")),
        compiler: program,
        max_concurrent: 1,
        ceilings: Ceilings::default(),
        grants: std::collections::BTreeMap::new(),
        signers: Signers::default(),
    };
    Compiler::start(1, &config).unwrap()
}

/// The files of compiled code.
fn kept(dir: &TempDir) -> Vec<PathBuf> {
    std::fs::read_dir(dir.path().join("code")).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn code_is_kept_and_found_again() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let dir = TempDir::new().unwrap();
    compiler(&dir, None).compile(component(), DIGEST).await.unwrap();
    let files = kept(&dir);
    assert_eq!(files.len(), 1, "{files:?}");
    assert!(files.iter().all(|file| file.file_name().unwrap().to_string_lossy().starts_with("00ff-")));
    // whoever is asked now would say no
    let never = compiler(&dir, Some("echo never >&2; exit 3"));
    never.compile(component(), DIGEST).await.unwrap();
    let refused = never.compile(component(), "sha256:01").await.unwrap_err();
    assert_eq!(refused.to_string(), "does not compile: never");
}

#[tokio::test]
async fn torn_code_is_compiled_anew() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let dir = TempDir::new().unwrap();
    let compiler = compiler(&dir, None);
    compiler.compile(component(), DIGEST).await.unwrap();
    let file = kept(&dir).pop().unwrap();
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, whole.get(..whole.len() / 2).unwrap()).unwrap();
    compiler.compile(component(), DIGEST).await.unwrap();
    assert_eq!(std::fs::read(&file).unwrap().len(), whole.len());
}

#[tokio::test]
async fn a_process_that_is_ended_by_the_system_ends_nothing_else() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let dir = TempDir::new().unwrap();
    let killed = compiler(&dir, Some("kill -9 $$")).compile(component(), DIGEST).await.unwrap_err();
    let said = killed.to_string();
    assert!(said.starts_with("does not compile: it takes more than 300 seconds"), "{said}");
    assert!(kept(&dir).is_empty(), "a draft is no code");
}

#[tokio::test]
async fn a_program_that_is_none_of_ours_is_done_without() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let dir = TempDir::new().unwrap();
    for script in ["exit 2", "echo 'this is no code'", "exit 0"] {
        compiler(&dir, Some(script)).compile(component(), DIGEST).await.unwrap();
        for file in kept(&dir) {
            std::fs::remove_file(file).unwrap();
        }
    }
    let missing = Compiler { program: Some(Path::new("/nowhere/ase").into()), ..compiler(&dir, None) };
    missing.compile(component(), DIGEST).await.unwrap();
}

#[tokio::test]
async fn the_process_knows_nothing_of_ours() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let dir = TempDir::new().unwrap();
    let telling = compiler(&dir, Some("env >&2; exit 3"));
    let said = telling.compile(component(), DIGEST).await.unwrap_err().to_string();
    let ours = std::fs::read_to_string("/proc/self/environ").unwrap();
    let ours = ours.split('\0').filter_map(|set| set.split_once('=')).map(|(name, _)| name);
    // what a shell sets by itself
    let ours: Vec<_> = ours.filter(|name| !["PWD", "SHLVL", "_"].contains(name)).collect();
    assert!(!ours.is_empty());
    assert!(ours.iter().all(|name| !said.contains(&format!("{name}="))), "{said}");
}

#[tokio::test]
async fn what_is_no_component_does_not_compile() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let dir = TempDir::new().unwrap();
    let refused = compiler(&dir, None).compile(Arc::from(&b"\0asm"[..]), DIGEST).await.unwrap_err();
    assert!(matches!(refused, LoadError::Invalid(_)), "{refused}");
}

#[test]
fn what_nobody_asked_for_in_a_month_goes() {
    let dir = TempDir::new().unwrap();
    let (old, new) = (dir.path().join("old.cwasm"), dir.path().join("new.cwasm"));
    for file in [&old, &new] {
        std::fs::write(file, "").unwrap();
    }
    let long_ago: std::time::SystemTime = ase_engine::clock::now().into();
    let long_ago = long_ago - KEPT_FOR - Duration::from_mins(1);
    std::fs::File::options().write(true).open(&old).unwrap().set_modified(long_ago).unwrap();
    tidy(dir.path());
    assert!(!old.exists() && new.exists());
}

#[test]
fn a_directory_that_others_may_write_to_is_refused() {
    let dir = TempDir::new().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    let refused = directory(dir.path()).unwrap_err().to_string();
    assert!(refused.contains("chmod 700"), "{refused}");
}
