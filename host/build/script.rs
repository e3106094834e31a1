//! What build scripts have in common: how they end, what they ask cargo for, and what they tell it.

use std::path::Path;
use std::process::ExitCode;

/// Does the work of a script. Where it cannot be done, the build fails with the reason.
pub(crate) fn run(embed: fn() -> Result<(), String>) -> ExitCode {
    match embed() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            report(&reason);
            ExitCode::FAILURE
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "cargo shows a failed build script's errors to the person who builds"
)]
fn report(reason: &str) {
    eprintln!("{reason}");
}

/// A variable that cargo sets for its scripts.
pub(crate) fn required(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|error| format!("{name}: {error}"))
}

/// Cargo's target directory, from the place it gave to the script: `<target>/<profile>/build/<package>/out`.
pub(crate) fn target_dir(out: &Path) -> Result<&Path, String> {
    out.ancestors().nth(4).ok_or_else(|| format!("{} is not below a target directory", out.display()))
}

/// Cargo reads these lines: the build runs again when one of these paths below `root` changes.
pub(crate) fn watch(root: &Path, paths: &[&str]) {
    for path in paths {
        println!("cargo:rerun-if-changed={}", root.join(path).display());
    }
}
