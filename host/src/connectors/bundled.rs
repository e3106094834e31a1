//! The connectors that the build script made and embedded. None is known by name here.

use std::sync::LazyLock;

use ase_engine::store::connectors::NewVersion;
use serde::Serialize;
use serde_json::Value;

use super::component;
use super::outline::Outline;

/// One embedded component.
pub(super) struct Bundled {
    /// Directory that it was built from, for messages.
    pub(super) name: &'static str,
    /// The whole component with its manifest.
    pub(super) component: &'static [u8],
}

/// All of them.
pub(super) static BUNDLED: &[Bundled] = include!(concat!(env!("OUT_DIR"), "/bundled.rs"));

/// What they say about themselves. One that cannot be read keeps the program from starting.
static OWN: LazyLock<Vec<Own>> =
    LazyLock::new(|| BUNDLED.iter().filter_map(|bundled| Own::read(bundled.component)).collect());

/// The version of a connector that is part of this program, whatever is in use in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BuiltIn {
    /// Its version.
    pub version: String,
    /// `sha256:` and the digest of its component.
    pub digest: String,
}

/// An embedded component, read.
pub(super) struct Own {
    id: String,
    pub(super) built_in: BuiltIn,
    manifest: Value,
    pub(super) component: &'static [u8],
}

impl Own {
    fn read(component: &'static [u8]) -> Option<Self> {
        let manifest = Outline::read(component).ok()?.manifest().ok()?;
        let built_in = BuiltIn { version: manifest.version.clone(), digest: component::digest(component) };
        let json = serde_json::to_value(&manifest).ok()?;
        Some(Self { id: manifest.id, built_in, manifest: json, component })
    }

    /// The one of this id.
    pub(super) fn of(id: &str) -> Option<&'static Self> {
        OWN.iter().find(|own| own.id == id)
    }

    /// As it is kept in the database.
    pub(super) fn version(&self) -> NewVersion<'_> {
        NewVersion {
            connector_id: &self.id,
            digest: &self.built_in.digest,
            version: &self.built_in.version,
            manifest: &self.manifest,
            component: self.component,
            signed_by: None,
        }
    }
}
