//! Bodies and signatures that providers publish. They are read in place, from the folder that `ASE_FIXTURES` names
//! (`make` knows a usual one), and never part of this repository.

use std::path::PathBuf;

use serde::Deserialize;

/// One body with what belongs to it.
#[derive(Debug, Clone, Deserialize)]
pub struct Fixture {
    /// Its place.
    pub file: String,
    /// Who sends it.
    pub provider: String,
    /// What it tells of.
    pub topic: String,
    /// Headers that come with it, the signature aside.
    pub headers: std::collections::BTreeMap<String, String>,
}

/// The folder; where it is missing, one line says so.
#[must_use]
#[expect(clippy::print_stderr, reason = "a story that has nothing to tell says why")]
pub fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("ASE_FIXTURES").unwrap_or_default());
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("no fixtures at `{}`: set ASE_FIXTURES to their folder; nothing was checked", folder.display());
    None
}

/// The bytes of a file of the folder.
#[must_use]
pub fn body(file: &str) -> Option<Vec<u8>> {
    let path = folder()?.join(file);
    Some(std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// Every body.
#[must_use]
pub fn all() -> Vec<Fixture> {
    body("manifest.json").map(|manifest| serde_json::from_slice(&manifest).unwrap()).unwrap_or_default()
}
