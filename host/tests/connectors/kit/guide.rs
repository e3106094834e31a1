//! The guide of `connectors/README.md`, typed as it stands there: every `sh` block of a section, in one empty directory.

use std::path::Path;
use std::process::Command;

fn guide() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../connectors/README.md");
    std::fs::read_to_string(path).unwrap()
}

/// The `sh` blocks below a heading, up to the next one of its level.
fn commands(heading: &str) -> String {
    let guide = guide();
    let (_, section) = guide.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("\n```sh\n").skip(1).map(|block| block.split("```").next().unwrap());
    let all: String = blocks.collect();
    assert!(!all.is_empty(), "{heading} has no commands");
    all
}

/// Types the commands of a section into a shell whose `ase` is the one just built.
fn walk(heading: &str) -> String {
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
    out.into_owned()
}

/// Names parts of the guide that are not to be walked, such as `javascript,python`: for a machine that cannot.
const SKIP: &str = "ASE_GUIDE_SKIP";

/// Whether a part of the guide is to be walked: it is, unless the machine's owner says otherwise. What it needs must
/// be there, since a part that was silently left out would look like one that passed.
fn wanted(part: &str, probes: &[(&str, &[&str])]) -> bool {
    if std::env::var(SKIP).is_ok_and(|parts| parts.split(',').any(|skipped| skipped.trim() == part)) {
        return false;
    }
    for (program, arguments) in probes {
        let works = Command::new(program).args(*arguments).output().is_ok_and(|ended| ended.status.success());
        assert!(works, "{program} is missing or too old for the guide: install it, or set {SKIP}={part}");
    }
    true
}

#[test]
fn rust() {
    if !wanted("rust", &[("rustup", &["--version"])]) {
        return;
    }
    let told = walk("From nothing to an installed connector");
    for said in ["8 fixtures: 7 passed, 1 written", "\"id\": \"evt_2001\"", "connectors/acme.wasm"] {
        assert!(told.contains(said), "it does not say `{said}`:\n{told}");
    }
}

#[test]
fn javascript() {
    let node = "process.exit(process.versions.node.split('.')[0] < 20 ? 1 : 0)";
    if wanted("javascript", &[("node", &["-e", node]), ("npm", &["--version"])]) {
        walk("The same in JavaScript");
    }
}

#[test]
fn python() {
    let python = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
    if wanted("python", &[("python3", &["-c", python])]) {
        walk("The same in Python");
    }
}
