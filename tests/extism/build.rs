//! Compiles the plugin with the very settings that connectors are compiled with.

#[expect(dead_code, reason = "a plugin is no component")]
#[path = "../../host/build/component.rs"]
mod component;

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

/// Leaves the plugin where `plugins.rs` includes it.
fn embed() -> Result<(), String> {
    let here = PathBuf::from(required("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(required("OUT_DIR")?);
    watch(&here);
    let target_dir = out.ancestors().nth(4).ok_or("OUT_DIR is not below a target directory")?;
    let module = component::compile(&here.join("plugin"), &target_dir.join("connectors"))?;
    let copied = std::fs::copy(&module, out.join("plugin.wasm"));
    copied.map(drop).map_err(|error| format!("{}: {error}", module.display()))
}

/// Cargo reads these lines: the build runs again when the plugin, the connectors or their interface change.
fn watch(here: &Path) {
    for path in
        ["build.rs", "Cargo.lock", "plugin", "../native", "../../connectors", "../../host/build", "../../wit"]
    {
        println!("cargo:rerun-if-changed={}", here.join(path).display());
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
