//! From a project's directory to a component with its manifest, and from there to a server's directory.
//!
//! A directory with a `Cargo.toml` is compiled here. Every other one brings its own way: `npm run build`, or a script
//! `build`; both leave `dist/component.wasm` behind.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Serialize;

use super::super::component;
use super::super::manifest::{Manifest, ManifestError};
use super::super::outline::Outline;
use super::{KitError, assembly};

/// What describes a connector.
const MANIFEST: &str = "connector.toml";
/// What a project's own build leaves behind, below its directory.
const COMPONENT: &str = "dist/component.wasm";

/// A component with its manifest.
#[derive(Debug, Serialize)]
pub struct Built {
    /// Where it is.
    pub file: PathBuf,
    /// Id of the connector.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its size.
    pub bytes: usize,
    /// `sha256:` and the digest in hexadecimal.
    pub digest: String,
}

/// Builds the project at `dir` and writes `dir/<id>.wasm`.
///
/// # Errors
/// The step that failed, and what to do.
pub fn build(dir: &Path) -> Result<Built, KitError> {
    // tools are started in the directory, so its path must hold from there as well
    let root = std::fs::canonicalize(dir).map_err(KitError::file(dir))?;
    let (text, manifest) = manifest(&dir.join(MANIFEST))?;
    let output = dir.join(format!("{}.wasm", manifest.id));
    if root.join("Cargo.toml").is_file() {
        let component = assembly::build(&root, &root.join("target")).map_err(KitError::Build)?;
        return write(&component, &manifest, output);
    }
    let component = root.join(COMPONENT);
    run(&root, &component)?;
    write(&described(&component, &text, &manifest.api)?, &manifest, output)
}

/// Appends a manifest to a component, wrapping it first where it is a core module, and writes the result.
///
/// # Errors
/// The file or its manifest cannot be used.
pub fn pack(file: &Path, described_by: &Path, output: Option<&Path>) -> Result<Built, KitError> {
    let (text, manifest) = manifest(described_by)?;
    let component = described(file, &text, &manifest.api)?;
    let beside = || file.with_file_name(format!("{}.wasm", manifest.id));
    write(&component, &manifest, output.map_or_else(beside, Path::to_owned))
}

/// Puts a component into the directory that a server watches, at once, under the name of its id.
///
/// # Errors
/// The file cannot be read or the directory cannot be written to.
pub fn install(file: &Path, id: &str, dir: &Path) -> Result<PathBuf, KitError> {
    let installed = dir.join(format!("{id}.wasm"));
    // a name with a leading dot is nobody's component yet
    let draft = dir.join(format!(".{id}.wasm.new"));
    std::fs::copy(file, &draft).map_err(KitError::file(&draft))?;
    std::fs::rename(&draft, &installed).map_err(KitError::file(&installed))?;
    Ok(installed)
}

/// The manifest as it is written, and as a server will read it.
fn manifest(path: &Path) -> Result<(String, Manifest), KitError> {
    let text = std::fs::read_to_string(path).map_err(KitError::file(path))?;
    let table: toml::Table =
        toml::from_str(&text).map_err(|error| KitError::Build(format!("{}: {error}", path.display())))?;
    let json = serde_json::to_vec(&table).map_err(|error| KitError::Build(error.to_string()))?;
    let manifest =
        Manifest::from_json(&json).map_err(|source| KitError::Manifest { path: path.to_owned(), source })?;
    Ok((text, manifest))
}

/// What a compiler made, as a component with this manifest.
fn described(file: &Path, text: &str, api: &str) -> Result<Vec<u8>, KitError> {
    let refused = |problem: String| KitError::Build(format!("{} {problem}", file.display()));
    let bytes = std::fs::read(file).map_err(KitError::file(file))?;
    let component = if is_core_module(&bytes) { assembly::wrap(&bytes).map_err(refused)? } else { bytes };
    let outline = Outline::read(&component).map_err(|error| refused(error.to_string()))?;
    component::check_interface(&outline.apis, api).map_err(|error| refused(error.to_string()))?;
    match outline.manifest() {
        Err(ManifestError::Missing) => assembly::with_manifest(component, text).map_err(refused),
        _ => Err(refused(
            "has a manifest already: pack what the compiler made, not what was packed".to_owned(),
        )),
    }
}

fn write(component: &[u8], manifest: &Manifest, output: PathBuf) -> Result<Built, KitError> {
    std::fs::write(&output, component).map_err(KitError::file(&output))?;
    Ok(Built {
        id: manifest.id.clone(),
        version: manifest.version.clone(),
        bytes: component.len(),
        digest: component::digest(component),
        file: output,
    })
}

/// The preamble of a core module: `\0asm`, version 1, layer 0. A component has another version and layer 1.
fn is_core_module(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\0asm\x01\0\0\0")
}

/// Runs the project's own build.
fn run(dir: &Path, component: &Path) -> Result<(), KitError> {
    let lacks = |problem: &str| KitError::Directory { path: dir.to_owned(), problem: problem.to_owned() };
    let (mut command, name) = if dir.join("package.json").is_file() {
        if !dir.join("node_modules").is_dir() {
            return Err(lacks("has no node_modules: run `npm install` there first"));
        }
        let mut command = Command::new("npm");
        command.args(["run", "--silent", "build"]);
        (command, "npm run build")
    } else if dir.join("build").is_file() {
        (Command::new(dir.join("build")), "./build")
    } else {
        return Err(lacks(
            "has neither Cargo.toml nor package.json nor a script `build`: nothing says how to build it",
        ));
    };
    // what an earlier build left must not be taken for what this one made
    let _ = std::fs::remove_file(component);
    let output = command.current_dir(dir).output().map_err(|error| {
        KitError::Build(format!("`{name}` cannot be started in {}: {error}", dir.display()))
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(KitError::Build(format!("`{name}` failed in {}:\n{}", dir.display(), String::from_utf8_lossy(&said))))
}
