//! The connector kit: what somebody who writes a connector needs, on the same path that a server takes.
//!
//! It builds and packs components, says what speaks against one, and runs recorded requests through one. Nothing of it
//! is called while webhooks are served.

#[path = "../../build/component.rs"]
mod assembly;
mod check;
mod coverage;
mod diff;
mod error;
mod fixture;
mod golden;
mod project;
mod request;
mod suite;
mod trial;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::compiler::Compiler;
use super::component::{self, LoadError, Loaded};
use super::manifest::Manifest;
use super::{Ceilings, ConnectorsConfig, ConnectorsError, Grant, SignatureError, Signers};

pub use check::{Check, Report, Status};
pub use coverage::TopicCoverage;
pub use error::KitError;
pub use fixture::{Fixture, Verdict};
pub use golden::{Claimed, Golden, Piece, Reply};
pub use project::{Built, build, install, pack};
pub use request::Request;
pub use suite::{Suite, SuiteReport};
pub use trial::{Times, Trial};

/// An engine as a server has it, for one call at a time.
pub struct Kit {
    compiler: Compiler,
    grants: std::collections::BTreeMap<String, Grant>,
    grant_all: Option<Grant>,
    signers: Signers,
    ceilings: Ceilings,
}

impl std::fmt::Debug for Kit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Kit").field("grants", &self.grants).finish_non_exhaustive()
    }
}

/// A component that was loaded and started. Its samples were not run.
pub struct Specimen {
    loaded: Loaded,
    component: Arc<[u8]>,
    load: Duration,
}

impl std::fmt::Debug for Specimen {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Specimen").field("id", &self.loaded.manifest.id).finish_non_exhaustive()
    }
}

impl Kit {
    /// Builds the engine with the cache and the grants of a configuration. `grant_all` is granted to whatever is
    /// looked at, whether the configuration does so or not.
    ///
    /// # Errors
    /// The cache directory cannot be used, or the engine cannot be built.
    pub fn start(config: &ConnectorsConfig, grant_all: Option<Grant>) -> Result<Self, ConnectorsError> {
        let compiler = Compiler::start(1, config)?;
        let (grants, signers) = (config.grants.clone(), config.signers.clone());
        Ok(Self { compiler, grants, grant_all, signers, ceilings: config.ceilings })
    }

    /// Looks at everything that a server would, and goes on after what is wrong where that is possible.
    pub async fn check(&self, file: &Path) -> Report {
        check::check(self, file).await
    }

    /// Loads a component as a server would, up to its samples.
    ///
    /// # Errors
    /// The first thing that speaks against it.
    pub async fn load(&self, file: &Path) -> Result<Specimen, LoadError> {
        let started = Instant::now();
        let bytes = component::read(file).await?;
        let loaded =
            component::prepare(&self.compiler, Arc::clone(&bytes), |id| self.granted(id), self.ceilings)
                .await?;
        Ok(Specimen { loaded, component: bytes, load: started.elapsed() })
    }

    /// The trusted key that signed a component, if one did.
    ///
    /// # Errors
    /// [`SignatureError`], where a server would refuse it for its signature.
    pub fn signer(&self, specimen: &Specimen) -> Result<Option<String>, SignatureError> {
        self.signers.check(specimen.component())
    }

    /// What holds for a connector of this id.
    fn granted(&self, id: &str) -> Option<Grant> {
        self.grant_all.or_else(|| self.grants.get(id).copied())
    }
}

impl Specimen {
    /// What it says about itself.
    #[must_use]
    pub fn manifest(&self) -> &Arc<Manifest> {
        &self.loaded.manifest
    }

    /// `sha256:` and its digest in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.loaded.digest
    }

    /// The component as it was read.
    #[must_use]
    pub fn component(&self) -> &[u8] {
        &self.component
    }

    /// Bytes of the component.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.component.len()
    }

    /// How long it took to read, compile and start it.
    #[must_use]
    pub fn load_time(&self) -> Duration {
        self.load
    }

    /// Runs one recorded request through it: `authenticate`, the host's check of the claims, `normalize`.
    pub async fn run(&self, request: &Request) -> Trial {
        trial::run(&self.loaded, &request.delivery, Some(&request.trust)).await
    }

    /// Runs the samples of its manifest, as a server does before it takes it.
    ///
    /// # Errors
    /// The first one that comes out otherwise.
    pub async fn prove(&self) -> Result<(), LoadError> {
        super::samples::prove(&self.loaded).await
    }
}

#[cfg(test)]
mod tests {
    use super::super::outline::Outline;
    use super::super::{bundled, claims, component, convert, limits};

    #[test]
    fn limits_stand_in_the_guide() {
        let guide = include_str!("../../../connectors/README.md");
        let (mib, kib) = (|bytes: usize| bytes >> 20, |bytes: usize| bytes >> 10);
        let default = super::super::LimitsSpec::default();
        let own = bundled::BUNDLED
            .iter()
            .map(|own| Outline::read(own.component).unwrap().manifest().unwrap().limits);
        let (memory, deadline) = own.fold((0, 0), |(memory, deadline), limits| {
            (limits.memory_mib.max(memory), limits.deadline_ms.max(deadline))
        });
        for said in [
            format!("below {memory} or {deadline} keep the server from starting"),
            format!("| component | {} MiB |", mib(component::MAX_COMPONENT)),
            format!("| `limits.memory_mib` | {}, at most {} |", default.memory_mib, limits::MAX_MEMORY_MIB),
            format!(
                "| `limits.deadline_ms` | {}, at most {} |",
                default.deadline_ms,
                limits::MAX_DEADLINE_MS
            ),
            format!("| tables | {},000 elements |", limits::MAX_TABLE_ELEMENTS / 1000),
            format!("| claims | {} |", claims::MAX_CLAIMS),
            format!("| parts of a signed message, signatures of a claim | {} |", claims::MAX_PARTS),
            format!("| what a signed message adds to the body | {} KiB |", kib(claims::MAX_EXTRA)),
            format!("| events | {} |", convert::MAX_EVENTS),
            format!("| one string | {} KiB |", kib(convert::MAX_STRING)),
            format!("| one list | {} members |", convert::MAX_LIST),
            format!("| all strings of one answer | {} MiB |", mib(convert::MAX_TOTAL)),
            format!("| a reply | {} KiB |", kib(convert::MAX_REPLY)),
            format!("| the answer to a greeting | {} KiB", kib(convert::MAX_GREETING)),
            format!("| a message or a reason | {} characters", convert::MAX_SENTENCE),
        ] {
            assert!(guide.contains(&said), "the guide does not say {said}");
        }
    }
}
