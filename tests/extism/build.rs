//! Compiles the plugin with the very settings that connectors are compiled with.

#[expect(dead_code, reason = "a plugin is no component")]
#[path = "../../host/build/component.rs"]
mod component;
#[path = "../../host/build/script.rs"]
mod script;

use std::path::PathBuf;
use std::process::ExitCode;

use script::{required, run, target_dir, watch};

/// The build runs again when the plugin, the connectors or their interface change.
const WATCHED: [&str; 7] =
    ["build.rs", "Cargo.lock", "plugin", "../native", "../../connectors", "../../host/build", "../../wit"];

fn main() -> ExitCode {
    run(embed)
}

/// Leaves the plugin where `plugins.rs` includes it.
fn embed() -> Result<(), String> {
    let here = PathBuf::from(required("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(required("OUT_DIR")?);
    watch(&here, &WATCHED);
    let module = component::compile(&here.join("plugin"), &target_dir(&out)?.join("connectors"))?;
    let copied = std::fs::copy(&module, out.join("plugin.wasm"));
    copied.map(drop).map_err(|error| format!("{}: {error}", module.display()))
}
