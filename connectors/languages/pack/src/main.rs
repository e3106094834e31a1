//! `ase-connector-pack CRATE TARGET OUTPUT`: makes a component of a connector in Rust, by the very steps that make the
//! bundled ones, so that `make connectors` needs no `ase`.

#[path = "../../../../host/build/component.rs"]
mod component;

use std::process::ExitCode;

#[expect(clippy::print_stderr, reason = "a build that fails says why")]
fn main() -> ExitCode {
    match pack(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

/// Compiles the crate below the target directory, and writes its component with the manifest.
fn pack(arguments: &[String]) -> Result<(), String> {
    let [crate_dir, target_dir, output] = arguments else {
        return Err("usage: ase-connector-pack CRATE TARGET OUTPUT".to_owned());
    };
    // the build changes into the crate
    let absolute = |path: &str| std::path::absolute(path).map_err(|error| format!("{path}: {error}"));
    let built = component::build(&absolute(crate_dir)?, &absolute(target_dir)?)?;
    std::fs::write(output, built).map_err(|error| format!("{output}: {error}"))
}
