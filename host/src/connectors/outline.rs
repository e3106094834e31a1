//! `Outline`: a component as its bytes show it, before any of it is compiled or run.

use wasmparser::{ComponentExternalKind, Encoding, Parser, Payload};

use super::manifest::{Manifest, ManifestError};

/// Name of the custom section that carries the manifest.
const MANIFEST_SECTION: &str = "ase:manifest";
/// What a component must export, before the version.
const INTERFACE: &str = "ase:connector/normalizer@";

/// The parts of a component that decide whether it may be compiled.
#[derive(Debug, Default)]
pub(super) struct Outline<'a> {
    /// Names of everything it imports.
    pub(super) imports: Vec<&'a str>,
    /// Versions of the connector interface that it exports; hardly ever more than one.
    pub(super) apis: Vec<&'a str>,
    /// The JSON of every manifest; there should be one.
    manifests: Vec<&'a [u8]>,
}

/// Why bytes are not a component of ours.
#[derive(Debug, thiserror::Error)]
pub enum OutlineError {
    /// They end early or are not WebAssembly at all.
    #[error("is not a whole component: {0}; build or copy it once more")]
    Broken(String),
    /// A core module, which still has to be wrapped.
    #[error(
        "is a core module and not a component: wrap it with `ase connector build` or `ase connector pack`"
    )]
    CoreModule,
}

impl<'a> Outline<'a> {
    /// Reads the outermost sections; what is nested inside is skipped but must be whole.
    ///
    /// # Errors
    /// The bytes are truncated or are no component.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, OutlineError> {
        let mut outline = Self::default();
        let mut depth = 0_usize;
        for payload in Parser::new(0).parse_all(bytes) {
            match payload.map_err(broken)? {
                Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => {
                    return Err(OutlineError::CoreModule);
                }
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::CustomSection(section) if depth == 0 && section.name() == MANIFEST_SECTION => {
                    outline.manifests.push(section.data());
                }
                Payload::ComponentImportSection(section) if depth == 0 => {
                    for import in section {
                        outline.imports.push(import.map_err(broken)?.name.name);
                    }
                }
                Payload::ComponentExportSection(section) if depth == 0 => outline.note_exports(section)?,
                _ => {}
            }
        }
        Ok(outline)
    }

    /// The manifest, read and checked.
    ///
    /// # Errors
    /// There is none, there are two, or it cannot be used.
    pub(super) fn manifest(&self) -> Result<Manifest, ManifestError> {
        match self.manifests.as_slice() {
            [] => Err(ManifestError::Missing),
            [json] => Manifest::from_json(json),
            _ => Err(ManifestError::Repeated),
        }
    }

    /// Finds the versions of the interface among the exports; others are of no concern.
    fn note_exports(
        &mut self,
        section: wasmparser::ComponentExportSectionReader<'a>,
    ) -> Result<(), OutlineError> {
        for export in section {
            let export = export.map_err(broken)?;
            if export.kind == ComponentExternalKind::Instance {
                self.apis.extend(export.name.name.strip_prefix(INTERFACE));
            }
        }
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` asks for")]
fn broken(error: wasmparser::BinaryReaderError) -> OutlineError {
    OutlineError::Broken(error.to_string())
}
