//! `ConfigError`: what is wrong with the configuration, by the name under which the operator wrote it.

use std::path::PathBuf;

use thiserror::Error;

/// Why the configuration cannot be used. No value of a secret is ever part of it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{file}: {problem}", file = .file.display())]
    File {
        /// Which file.
        file: PathBuf,
        /// What the system or the parser says.
        problem: String,
    },
    /// There is no such setting.
    #[error("{name} is not a setting{}", hint(.nearest.as_deref()))]
    Unknown {
        /// The variable, or the path in the file.
        name: String,
        /// The known name that is most like it.
        nearest: Option<String>,
    },
    /// A required setting is missing.
    #[error("{name} is missing: {remedy}")]
    Missing {
        /// Its variable.
        name: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// A setting has a value that cannot be used.
    #[error("{name} {problem}")]
    Value {
        /// The variable, or the path in the file.
        name: String,
        /// What is wrong and what would be right.
        problem: String,
    },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("; did you mean {name}?")).unwrap_or_default()
}
