//! `connector build`, `connector pack` and `connector install`.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::cli::{CliError, Output};
use crate::connectors::kit::{self, Kit, KitError};

/// Builds a project.
pub(super) fn build(dir: &Path, output: &Output) -> Result<(), CliError> {
    output.fields(&kit::build(dir)?)
}

/// Packs what another tool made.
pub(super) fn pack(file: &Path, manifest: &Path, to: Option<&Path>, output: &Output) -> Result<(), CliError> {
    output.fields(&kit::pack(file, manifest, to)?)
}

/// Installs a component that would be taken.
pub(super) async fn install(
    kit: &Kit,
    file: &Path,
    dir: Option<PathBuf>,
    output: &Output,
) -> Result<(), CliError> {
    let Some(dir) = dir else {
        let told = "where to? Give --connectors-dir DIR, or configure connectors.dir (ASE_CONNECTORS_DIR)";
        return Err(CliError::Argument(told.to_owned()));
    };
    if !dir.is_dir() {
        return Err(CliError::Argument(format!("{} is no directory: make it first", dir.display())));
    }
    let specimen = kit.load(file).await.map_err(KitError::component(file))?;
    specimen.prove().await.map_err(KitError::component(file))?;
    let manifest = specimen.manifest();
    let installed = kit::install(file, &manifest.id, &dir)?;
    output.fields(&json!({ "id": manifest.id, "version": manifest.version, "file": installed }))
}
