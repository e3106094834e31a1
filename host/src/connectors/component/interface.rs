//! What a component may export and import.

use super::LoadError;
use crate::connectors::Grant;
use crate::connectors::manifest::ManifestError;
use crate::connectors::versions::Version;

/// Accepts every patch version of the minor version that the manifest names, since patches add functions only. What is
/// exported is returned.
pub(in crate::connectors) fn check_interface<'a>(
    exported: &[&'a str],
    said: &str,
) -> Result<&'a str, LoadError> {
    let first = exported.first().ok_or(LoadError::NoInterface)?;
    let spoken = |found: &&&str| Version::exported(found).is_some_and(|version| version.as_str() == said);
    if let Some(found) = exported.iter().find(spoken) {
        return Ok(found);
    }
    let exported = (*first).to_owned();
    Err(match Version::exported(first) {
        Some(_) => LoadError::OtherInterface { exported, said: said.to_owned() },
        None => ManifestError::Api { found: exported }.into(),
    })
}

/// Nothing may be imported, except WASI where it was granted.
pub(in crate::connectors) fn check_imports(
    imports: &[&str],
    granted: Option<Grant>,
) -> Result<Option<Grant>, LoadError> {
    let refused = |imports: &[&str], remedy| Err(LoadError::Import { imports: names(imports), remedy });
    let (wasi, others): (Vec<&str>, Vec<&str>) =
        imports.iter().partition(|import| import.starts_with("wasi:"));
    match (wasi.as_slice(), granted) {
        _ if !others.is_empty() => refused(&others, "a connector has no imports"),
        ([], _) => Ok(None),
        (_, Some(Grant::InertWasi)) => Ok(Some(Grant::InertWasi)),
        (wasi, None) => refused(
            wasi,
            "build it without WASI (connectors/README.md says how), or have the operator grant it inert-wasi \
             (`connectors.grants` in the configuration)",
        ),
    }
}

/// Some of the names; a component of another world imports dozens.
fn names(imports: &[&str]) -> String {
    let shown = imports.iter().take(5).map(|import| format!("`{import}`")).collect::<Vec<_>>().join(", ");
    match imports.len() {
        0..=5 => shown,
        all => format!("{shown} and {} more", all - 5),
    }
}
