//! How connectors are run, and what operators grant them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use super::Signers;

/// How connectors are run.
#[derive(Debug, Clone)]
pub struct ConnectorsConfig {
    /// Directory of further components, watched; one of them takes the place of a bundled one with its id.
    pub dir: Option<PathBuf>,
    /// Directory for compiled code, which nobody else may write to; without one every start compiles anew.
    pub cache_dir: Option<PathBuf>,
    /// This program (`ase`), started for every component that has to be compiled, so that nothing else waits for that;
    /// without one, or without a directory to keep the code in, this process compiles.
    pub compiler: Option<PathBuf>,
    /// Calls at one time; others wait.
    pub max_concurrent: usize,
    /// What operators granted, by connector id.
    pub grants: BTreeMap<String, Grant>,
    /// Whose signatures are trusted. What is part of this program needs none.
    pub signers: Signers,
}

/// What an operator may grant a connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Grant {
    /// A WASI in which there is nothing: no files, sockets or environment, and clocks that stand still.
    InertWasi,
}
