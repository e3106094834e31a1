//! Why a component is not used.

use super::MAX_COMPONENT;
use crate::connectors::manifest::ManifestError;
use crate::connectors::{Fault, OutlineError, SignatureError};

/// Why a component is refused. Whatever is refused leaves the last good one in place.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It is larger than any connector needs to be.
    #[error(
        "is {0} bytes, and a connector has at most {MAX_COMPONENT} (32 MiB): build it for release and without debug \
         information"
    )]
    TooLarge(u64),
    /// A directory, a pipe, a device.
    #[error("is no file: name the component itself, which ends in .wasm")]
    NoFile,
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// Its bytes are not a component with a manifest.
    #[error(transparent)]
    Outline(#[from] OutlineError),
    /// Its manifest cannot be used.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// Its signature speaks against it.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// It exports no connector.
    #[error("exports no `ase:connector/normalizer`: build it for the world `connector` of wit/")]
    NoInterface,
    /// It imports what nobody granted.
    #[error("imports {imports}: {remedy}")]
    Import {
        /// Names of the imports.
        imports: String,
        /// What to do about it.
        remedy: &'static str,
    },
    /// It does not compile.
    #[error("does not compile: {0}")]
    Invalid(String),
    /// Its types are not those of the interface, though the version is.
    #[error("does not have the shape of ase:connector {api}: {reason}")]
    Shape {
        /// Of which version.
        api: &'static str,
        /// Where it differs.
        reason: String,
    },
    /// Its manifest names another version of the interface than it exports.
    #[error(
        "exports ase:connector/normalizer@{exported}, and its manifest says api = \"{said}\": build it against the \
         wit/ of {said}, or correct connector.toml"
    )]
    OtherInterface {
        /// What it exports.
        exported: String,
        /// What the manifest says.
        said: String,
    },
    /// It asks for more than this deployment allows.
    #[error(
        "asks for {asked} {unit} ({path}), and {setting} allows {allowed}: lower the one or raise the other"
    )]
    Ceiling {
        /// Where the manifest says so.
        path: &'static str,
        /// How much.
        asked: u32,
        /// Of what.
        unit: &'static str,
        /// What is allowed.
        allowed: u32,
        /// The setting that says so.
        setting: &'static str,
    },
    /// It failed when it was started, before any delivery.
    #[error("cannot be started: {0}")]
    Start(Fault),
    /// It does not do what its own samples say.
    #[error("sample `{sample}`: {problem}")]
    Sample {
        /// Name of the sample.
        sample: String,
        /// What came instead.
        problem: String,
    },
    /// Another file holds the same connector.
    #[error("{first} and {second} both hold connector `{id}`: remove one of them")]
    SameId {
        /// The connector.
        id: String,
        /// The file that is in use.
        first: String,
        /// The file that is refused.
        second: String,
    },
}
