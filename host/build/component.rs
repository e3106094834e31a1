//! Makes a component of a connector's crate: compile, wrap, append the manifest.
//!
//! The build script and the tests share these steps, so that a guest of the tests is made exactly as a bundled
//! connector is. It knows no connector by name.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The target connectors are compiled for. It has no system interface, so there is nothing to import.
const TARGET: &str = "wasm32-unknown-unknown";

/// Name of the custom section that carries the manifest as JSON.
const MANIFEST_SECTION: &str = "ase:manifest";

/// How guests are compiled. Measured: `opt-level` 3 with fat LTO is both the fastest and the smallest, and a
/// stack of 64 KiB leaves little to clear between two calls.
const PROFILE: [(&str, &str); 9] = [
    ("RUSTFLAGS", "-C link-arg=-zstack-size=65536"),
    ("CARGO_INCREMENTAL", "0"),
    ("CARGO_PROFILE_RELEASE_INCREMENTAL", "false"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "3"),
    ("CARGO_PROFILE_RELEASE_LTO", "fat"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
    ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
    ("CARGO_PROFILE_RELEASE_STRIP", "true"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
];

/// What an outer cargo sets for its own compilers and the guests must not inherit.
const FOREIGN: [&str; 7] = [
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_TARGET_DIR",
    "RUSTC",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTDOC",
];

/// Compiles the crate at `crate_dir` below `target_dir` and returns the component with its manifest.
///
/// # Errors
/// One sentence that says which step failed and what to do.
pub(crate) fn build(crate_dir: &Path, target_dir: &Path) -> Result<Vec<u8>, String> {
    let core = compile(crate_dir, target_dir)?;
    let core = std::fs::read(&core).map_err(|error| format!("{}: {error}", core.display()))?;
    let manifest = crate_dir.join("connector.toml");
    let manifest =
        std::fs::read_to_string(&manifest).map_err(|error| format!("{}: {error}", manifest.display()))?;
    with_manifest(wrap(&core)?, &manifest).map_err(|error| format!("{}: {error}", crate_dir.display()))
}

/// Wraps a core module, whose types wit-bindgen left in a custom section, as a component.
///
/// # Errors
/// What the encoder or the validator found.
pub(crate) fn wrap(core: &[u8]) -> Result<Vec<u8>, String> {
    wit_component::ComponentEncoder::default()
        .validate(true)
        .module(core)
        .and_then(wit_component::ComponentEncoder::encode)
        .map_err(|error| format!("cannot be wrapped as a component: {error:#}"))
}

/// Appends the manifest, written as TOML, to a finished component as JSON.
///
/// # Errors
/// Where the TOML is wrong.
pub(crate) fn with_manifest(mut component: Vec<u8>, manifest: &str) -> Result<Vec<u8>, String> {
    let manifest: toml::Table =
        toml::from_str(manifest).map_err(|error| format!("connector.toml: {error}"))?;
    let json = serde_json::to_vec(&manifest).map_err(|error| format!("connector.toml: {error}"))?;
    let mut section = leb128(MANIFEST_SECTION.len());
    section.extend_from_slice(MANIFEST_SECTION.as_bytes());
    section.extend_from_slice(&json);
    component.push(0);
    component.extend(leb128(section.len()));
    component.extend(section);
    Ok(component)
}

/// Runs cargo for one crate and returns the path of its module.
///
/// # Errors
/// One sentence that says what to do, or what the compiler said.
pub(crate) fn compile(crate_dir: &Path, target_dir: &Path) -> Result<PathBuf, String> {
    let name = package_name(crate_dir)?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for variable in FOREIGN {
        cargo.env_remove(variable);
    }
    let output = cargo
        .args([
            "rustc",
            "--release",
            "--lib",
            "--crate-type",
            "cdylib",
            "--target",
            TARGET,
            "--manifest-path",
        ])
        .arg(crate_dir.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target_dir)
        .envs(PROFILE)
        .current_dir(crate_dir)
        .output()
        .map_err(|error| format!("cargo cannot be started: {error}; install Rust from https://rustup.rs"))?;
    if output.status.success() {
        return Ok(target_dir.join(TARGET).join("release").join(format!("{}.wasm", name.replace('-', "_"))));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains(TARGET) && said.contains("may not be installed") {
        return Err(format!("connectors are compiled for {TARGET}: run `rustup target add {TARGET}`"));
    }
    Err(format!("{name} does not compile for {TARGET}:\n{said}"))
}

/// The package's name as its Cargo.toml says it.
fn package_name(crate_dir: &Path) -> Result<String, String> {
    let path = crate_dir.join("Cargo.toml");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let table: toml::Table = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    table
        .get("package")
        .and_then(|package| package.get("name"))
        .and_then(toml::Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| format!("{} names no package", path.display()))
}

/// Unsigned LEB128, as the binary format of WebAssembly writes lengths.
fn leb128(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or(0);
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}
