//! `connector build`, `connector pack` and `connector install`.

use std::path::Path;

use serde_json::json;

use crate::cli::{CliError, Output};
use crate::connectors::LoadError;
use crate::connectors::kit::{self, Kit, KitError, Specimen};

/// Builds a project.
pub(super) fn build(dir: &Path, output: &Output) -> Result<(), CliError> {
    output.fields(&kit::build(dir)?)
}

/// Packs what another tool made.
pub(super) fn pack(file: &Path, manifest: &Path, to: Option<&Path>, output: &Output) -> Result<(), CliError> {
    output.fields(&kit::pack(file, manifest, to)?)
}

/// Puts a component that would be taken into a watched directory.
pub(super) async fn install(kit: &Kit, file: &Path, dir: &Path, output: &Output) -> Result<(), CliError> {
    if !dir.is_dir() {
        return Err(CliError::Argument(format!("{} is no directory: make it first", dir.display())));
    }
    let specimen = proven(kit, file).await?;
    signer(kit, file, &specimen)?;
    let manifest = specimen.manifest();
    let installed = kit::install(file, &manifest.id, dir)?;
    output.fields(&json!({ "id": manifest.id, "version": manifest.version, "file": installed }))
}

/// The trusted key that signed a component, if one did.
pub(super) fn signer(kit: &Kit, file: &Path, specimen: &Specimen) -> Result<Option<String>, CliError> {
    let checked = kit.signer(specimen).map_err(LoadError::from);
    Ok(checked.map_err(KitError::component(file))?)
}

/// A component that nothing speaks against but, perhaps, its signature.
pub(super) async fn proven(kit: &Kit, file: &Path) -> Result<Specimen, CliError> {
    let specimen = kit.load(file).await.map_err(KitError::component(file))?;
    specimen.prove().await.map_err(KitError::component(file))?;
    Ok(specimen)
}
