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

/// True where each of these ends well; a machine without them says so in one line.
#[expect(clippy::print_stdout, reason = "a part that was left out must not look like one that passed")]
fn can(probes: &[(&str, &[&str])]) -> bool {
    let works = |(program, arguments): &(&str, &[&str])| {
        Command::new(program).args(*arguments).output().is_ok_and(|ended| ended.status.success())
    };
    let missing = probes.iter().find(|probe| !works(probe));
    if let Some((program, _)) = missing {
        println!("{program} is missing or too old: its part of the guide was not walked");
    }
    missing.is_none()
}

#[test]
fn rust() {
    if !can(&[("rustup", &["--version"])]) {
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
    if can(&[("node", &["-e", node]), ("npm", &["--version"])]) {
        walk("The same in JavaScript");
    }
}

#[test]
fn python() {
    let python = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
    if can(&[("python3", &["-c", python])]) {
        walk("The same in Python");
    }
}
