//! What can go wrong with connectors: at the start, and in a call.

use std::path::PathBuf;

use chrono::{DateTime, SecondsFormat, Utc};

use super::{LoadError, Named};

/// Why connectors cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum ConnectorsError {
    /// The directory of components cannot be read.
    #[error("connector directory {dir} cannot be read: {source}")]
    Directory {
        /// The directory.
        dir: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The cache directory cannot be used.
    #[error("connector cache {dir} cannot be used: {reason}")]
    Cache {
        /// The directory.
        dir: PathBuf,
        /// Why.
        reason: String,
    },
    /// The wasm engine cannot be built.
    #[error("the wasm engine cannot be built: {0}")]
    Engine(String),
    /// A connector that is part of this program does not prove itself.
    #[error("bundled connector `{name}` {source}")]
    Bundled {
        /// Its directory.
        name: &'static str,
        /// Why.
        source: LoadError,
    },
}

/// A call that ended without an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct CallError {
    /// What happened.
    pub fault: Fault,
    /// True when the claims had held by then, so the delivery is authentic and worth keeping.
    pub verified: bool,
    /// `sha256:` and the digest of the connector that was called or not called for its quarantine.
    pub connector_digest: Option<String>,
    /// What the headers say of the delivery.
    pub named: Named,
}

impl CallError {
    pub(super) fn new(fault: Fault, verified: bool) -> Self {
        Self { fault, verified, connector_digest: None, named: Named::default() }
    }

    pub(super) fn of(self, digest: &str, named: Named) -> Self {
        Self { connector_digest: Some(digest.to_owned()), named, ..self }
    }
}

/// Why a version that somebody named did not read a delivery.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// What was given names no version.
    #[error("digest must be at least 6 hexadecimal digits, with or without `sha256:` before them")]
    Digits,
    /// It names more than one.
    #[error("digest fits several versions: give more digits")]
    Several,
    /// This node holds none that is called so.
    #[error(
        "this node holds no version of `{id}` with that digest: it holds what is live, was live before, is canary or \
         shadow, or is pinned; have it read along with `ase connector shadow`"
    )]
    NotHeld {
        /// The connector.
        id: String,
    },
    /// It was called, and failed.
    #[error(transparent)]
    Call(#[from] CallError),
}

/// What ended a call. None of it is the sender's doing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No connector of this id is in use.
    #[error("no such connector")]
    UnknownConnector,
    /// The version that the source stays with is not held here.
    #[error(
        "the version that the source is pinned to is not ready on this node; `ase connector list` says why"
    )]
    UnknownVersion,
    /// The guest trapped: a panic, a stack overflow, an access out of bounds.
    #[error("the connector trapped: {0}")]
    Trapped(String),
    /// The guest ran past its deadline.
    #[error("the connector ran past its deadline (`limits.deadline_ms` of its manifest)")]
    TimedOut,
    /// The guest asked for more memory than it may have.
    #[error("the connector asked for more memory than it may have (`limits.memory_mib` of its manifest)")]
    OutOfMemory,
    /// The guest answered something that cannot be accepted: too much, or not of the agreed form.
    #[error("the connector's answer has the wrong shape: {0}")]
    WrongShape(String),
    /// It failed too often of late and is left alone; the delivery is authentic.
    #[error("the connector failed too often and is quarantined, at least until {}", .until.to_rfc3339_opts(SecondsFormat::Secs, true))]
    Quarantined {
        /// When the next delivery is tried on it.
        until: DateTime<Utc>,
    },
    /// The connector has as many calls at once as one may have.
    #[error(
        "connector `{connector}` has {share} calls at once, which is all that one may have (half of \
         ASE_CONNECTOR_CALLS)"
    )]
    Crowded {
        /// Its id.
        connector: String,
        /// How many one may have.
        share: u32,
    },
    /// Every turn is taken.
    #[error("too many connector calls at once")]
    Busy,
    /// The runtime failed.
    #[error("the wasm runtime panicked")]
    Panicked,
}

impl Fault {
    /// One word for counters.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::UnknownConnector => "unknown_connector",
            Self::UnknownVersion => "unknown_version",
            Self::Trapped(_) => "trapped",
            Self::TimedOut => "timed_out",
            Self::OutOfMemory => "out_of_memory",
            Self::WrongShape(_) => "wrong_shape",
            Self::Quarantined { .. } => "quarantined",
            Self::Crowded { .. } => "crowded",
            Self::Busy => "busy",
            Self::Panicked => "panicked",
        }
    }

    /// True for what a guest did. Not for what the host lacks, and not for what was never asked of the guest.
    pub(super) fn is_the_connectors(&self) -> bool {
        match self {
            Self::Trapped(_) | Self::TimedOut | Self::OutOfMemory | Self::WrongShape(_) | Self::Panicked => {
                true
            }
            Self::UnknownConnector
            | Self::UnknownVersion
            | Self::Quarantined { .. }
            | Self::Crowded { .. }
            | Self::Busy => false,
        }
    }
}
