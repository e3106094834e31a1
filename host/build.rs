//! Builds every connector of the workspace into a component and embeds them all.
//!
//! A directory beside this crate that holds a `connector.toml` is a connector; none is known by name.

#[path = "build/component.rs"]
mod component;
#[path = "build/script.rs"]
mod script;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use script::{required, run, target_dir, watch};

fn main() -> ExitCode {
    run(embed)
}

/// Builds the connectors and writes `bundled.rs`, the list that `connectors/bundled.rs` includes.
fn embed() -> Result<(), String> {
    let host = PathBuf::from(required("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(required("OUT_DIR")?);
    let root = host.parent().ok_or("the crate has no parent directory")?;
    watch(root, &["connectors", "wit", "Cargo.lock", "host/build.rs", "host/build"]);
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
