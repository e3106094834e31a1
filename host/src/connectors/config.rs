//! How connectors are run, and what operators grant them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use super::limits::{MAX_DEADLINE_MS, MAX_MEMORY_MIB};
use super::{LimitsSpec, LoadError, Signers};

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
    /// What the manifest of any connector may ask for.
    pub ceilings: Ceilings,
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

/// The most that the manifest of any connector may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceilings {
    /// MiB of memory.
    pub memory_mib: u32,
    /// Milliseconds of each function.
    pub deadline_ms: u32,
}

impl Default for Ceilings {
    fn default() -> Self {
        Self { memory_mib: MAX_MEMORY_MIB, deadline_ms: MAX_DEADLINE_MS }
    }
}

impl Ceilings {
    /// Whether a manifest asks for no more.
    ///
    /// # Errors
    /// [`LoadError::Ceiling`], which names both numbers and the setting.
    pub(super) fn admit(self, limits: LimitsSpec) -> Result<(), LoadError> {
        let (path, setting) = ("limits.memory_mib", "ASE_CONNECTOR_MEMORY_MIB");
        let (asked, allowed) = (limits.memory_mib, self.memory_mib);
        if asked > allowed {
            return Err(LoadError::Ceiling { path, asked, unit: "MiB of memory", allowed, setting });
        }
        let (path, setting) = ("limits.deadline_ms", "ASE_CONNECTOR_DEADLINE_MS");
        let (asked, allowed) = (limits.deadline_ms, self.deadline_ms);
        if asked > allowed {
            return Err(LoadError::Ceiling { path, asked, unit: "milliseconds a call", allowed, setting });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_asks_for_more_is_refused_with_both_numbers_and_the_setting() {
        let ceilings = Ceilings { memory_mib: 32, deadline_ms: 50 };
        for (memory_mib, deadline_ms, expected) in [
            (32, 50, None),
            (1, 1, None),
            (33, 50, Some(["33 MiB", "ASE_CONNECTOR_MEMORY_MIB allows 32"])),
            (32, 51, Some(["51 milliseconds", "ASE_CONNECTOR_DEADLINE_MS allows 50"])),
        ] {
            let said = ceilings.admit(LimitsSpec { memory_mib, deadline_ms }).err();
            assert_eq!(said.is_some(), expected.is_some(), "{memory_mib} {deadline_ms}");
            for word in expected.into_iter().flatten() {
                assert!(
                    said.as_ref().is_some_and(|said| said.to_string().contains(word)),
                    "{word}: {said:?}"
                );
            }
        }
        let most = LimitsSpec { memory_mib: MAX_MEMORY_MIB, deadline_ms: MAX_DEADLINE_MS };
        assert!(Ceilings::default().admit(most).is_ok(), "by itself every manifest may ask for the most");
    }
}
