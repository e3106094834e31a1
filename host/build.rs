//! Builds every connector of the workspace into a component and embeds them all.
//!
//! A directory beside this crate that holds a `connector.toml` is a connector; none is known by name.

#[path = "build/component.rs"]
mod component;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    match embed() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            report(&reason);
            ExitCode::FAILURE
        }
    }
}

/// Builds the connectors and writes `bundled.rs`, the list that `connectors/bundled.rs` includes.
fn embed() -> Result<(), String> {
    let host = PathBuf::from(required("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(required("OUT_DIR")?);
    let root = host.parent().ok_or("the crate has no parent directory")?;
    watch(root);
    let target_dir = target_dir(&out)?.join("connectors");
    let mut list = String::from("&[\n");
    for connector in connectors(&root.join("connectors"))? {
        let name = connector.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let built = component::build(&connector, &target_dir)?;
        let file = out.join(format!("{name}.wasm"));
        std::fs::write(&file, built).map_err(|error| format!("{}: {error}", file.display()))?;
        let file = file.display().to_string();
        let line = format!("    Bundled {{ name: {name:?}, component: include_bytes!({file:?}) }},");
        writeln!(list, "{line}").map_err(|error| error.to_string())?;
    }
    list.push_str("]\n");
    std::fs::write(out.join("bundled.rs"), list).map_err(|error| format!("bundled.rs: {error}"))
}

/// Every directory below `dir` with a manifest, in order of name.
fn connectors(dir: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.join("connector.toml").is_file())
        .collect();
    found.sort();
    Ok(found)
}

/// Cargo's target directory, from the place it gave to this script: `<target>/<profile>/build/<package>/out`.
fn target_dir(out: &Path) -> Result<&Path, String> {
    out.ancestors().nth(4).ok_or_else(|| format!("{} is not below a target directory", out.display()))
}

/// Cargo reads these lines: the build runs again when a connector, the interface or this script changes.
fn watch(root: &Path) {
    for path in ["connectors", "wit", "Cargo.lock", "host/build.rs", "host/build"] {
        println!("cargo:rerun-if-changed={}", root.join(path).display());
    }
}

#[expect(
    clippy::print_stderr,
    reason = "cargo shows a failed build script's errors to the person who builds"
)]
fn report(reason: &str) {
    eprintln!("{reason}");
}

fn required(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|error| format!("{name}: {error}"))
}
