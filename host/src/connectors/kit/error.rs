//! `KitError`: why the kit could not do what it was asked for. A connector that fails its tests is no error of this kind.

use std::io;
use std::path::PathBuf;

use crate::connectors::{LoadError, ManifestError};

/// Why the kit could not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum KitError {
    /// A file cannot be read or written.
    #[error("{}: {source}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A component cannot be used.
    #[error("{} {source}", .path.display())]
    Component {
        /// Which.
        path: PathBuf,
        /// What speaks against it.
        source: LoadError,
    },
    /// A manifest cannot be used.
    #[error("{}: {source}", .path.display())]
    Manifest {
        /// Where it is.
        path: PathBuf,
        /// What is wrong with it.
        source: ManifestError,
    },
    /// A recorded request cannot be read. Nothing of its secrets is in the text.
    #[error("{}: {problem}", .path.display())]
    Request {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A directory is not what the command needs.
    #[error("{} {problem}", .path.display())]
    Directory {
        /// Which.
        path: PathBuf,
        /// What it lacks and what to do.
        problem: String,
    },
    /// Compiling, wrapping or packing failed.
    #[error("{0}")]
    Build(String),
}

impl KitError {
    /// A file that the system refused.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }

    /// A component that cannot be used.
    pub fn component(path: impl Into<PathBuf>) -> impl FnOnce(LoadError) -> Self {
        let path = path.into();
        move |source| Self::Component { path, source }
    }
}
