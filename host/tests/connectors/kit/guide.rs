//! The guide of `connectors/README.md`, typed as it stands there: every `sh` block of a section, in one empty directory.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What the guide says about each limit, in the words that a reader looks for.
const LIMITS: [&str; 12] = [
    "| component | 32 MiB |",
    "| `limits.memory_mib` | 32, at most 128 |",
    "| `limits.deadline_ms` | 20, at most 250 |",
    "| tables | 20,000 elements |",
    "| claims | 8 |",
    "| parts of a signed message, signatures of a claim | 16 |",
    "| what a signed message adds to the body | 64 KiB |",
    "| events | 256 |",
    "| one string | 16 KiB |",
    "| one list | 128 members |",
    "| all strings of one answer | 1 MiB |",
    "| a reply | 64 KiB |",
];

fn guide() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../connectors/README.md");
    std::fs::read_to_string(path).unwrap()
}

/// The `sh` blocks below a heading, up to the next one of its level.
fn commands(heading: &str) -> String {
    let guide = guide();
    let (_, section) = guide.split_once(&format!("\n## {heading}\n")).expect(heading);
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("\n```sh\n").skip(1).map(|block| block.split("```").next().unwrap());
    let all: String = blocks.collect();
    assert!(!all.is_empty(), "{heading} has no commands");
    all
}

/// Types the commands of a section into a shell whose `ase` is the one just built.
fn walk(heading: &str) {
    let dir = tempfile::tempdir().unwrap();
    let ase = Path::new(env!("CARGO_BIN_EXE_ase")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(ase.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let mut shell = Command::new("sh");
    shell.args(["-euxc", &commands(heading)]).current_dir(dir.path()).env("PATH", path.unwrap());
    shell.env("ASE_CONNECTOR_CACHE_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("connector-cache"));
    let ended = shell.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success(), "{heading} ends with {}:\n{out}\n{err}", ended.status);
    assert!(out.contains("7 fixtures: 7 passed; each ran twice; 2 of 2 topics exercised (100 %)"), "{out}");
}

/// True where every program is there; a machine without them says so in one line.
fn there(programs: &[&str]) -> bool {
    let search: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap()).collect();
    let missing = programs.iter().find(|program| !search.iter().any(|dir| dir.join(program).is_file()));
    if let Some(program) = missing {
        println!("{program} is not installed: its part of the guide was not walked");
    }
    missing.is_none()
}

#[test]
fn rust() {
    walk("From nothing to an installed connector");
}

#[test]
fn javascript() {
    if there(&["node", "npm"]) {
        walk("The same in JavaScript");
    }
}

#[test]
fn python() {
    if there(&["python3"]) {
        walk("The same in Python");
    }
}

#[test]
fn limits_stand_in_the_guide() {
    let guide = guide();
    for limit in LIMITS {
        assert!(guide.contains(limit), "the guide does not say {limit}");
    }
}
