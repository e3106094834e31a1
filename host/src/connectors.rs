//! Connectors: what a platform sent, made into events by a component that can reach nothing.
//!
//! This room owns everything wasm: the engine, the components, their limits, their reload, and the check of the
//! signatures they describe. It knows no platform, decides nothing about risk and keeps no delivery.

mod beat;
mod bindings;
mod bundled;
mod call;
mod catalog;
mod channel;
mod claims;
mod comparison;
mod compiler;
mod component;
mod config;
mod confinement;
mod convert;
mod delivery;
mod engine;
mod fault;
mod fleet;
pub mod kit;
mod limits;
mod listing;
mod manifest;
pub(crate) mod measures;
mod outline;
mod quarantine;
mod receive;
mod reload;
mod samples;
mod signature;
mod turns;
mod versions;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use catalog::Catalog;
use channel::Channels;
use compiler::Compiler;
use quarantine::Quarantine;
use reload::{Directory, Gate};
use turns::Turns;

pub use bundled::BuiltIn;
pub use channel::ChannelStatus;
pub(crate) use compiler::main as compile;
pub use component::{LoadError, MAX_COMPONENT};
pub use config::{Ceilings, ConnectorsConfig, Grant};
pub use delivery::{Delivery, Named, Reading, Received, Refusal, RefusalReason, Trust};
pub use fault::{CallError, ConnectorsError, Fault, VersionError};
pub use listing::{ConnectorStatus, Origin};
pub use manifest::{
    Coverage, DemoSpec, Expectation, HeadersSpec, LimitsSpec, Manifest, ManifestError, Sample, SettingSpec,
    SettingType, Topic,
};
pub use outline::OutlineError;
pub use quarantine::{QuarantineChange, QuarantineStatus};
pub use signature::{KeyError, SignatureError, Signers, new_key, sign};

/// A component that nothing speaks against.
#[derive(Debug, Clone)]
pub struct Proven {
    /// What it says about itself.
    pub manifest: Arc<Manifest>,
    /// `sha256:` and its digest in hexadecimal.
    pub digest: String,
    /// The trusted key that signed it.
    pub signed_by: Option<String>,
}

/// All connectors of the process.
pub struct Connectors {
    gate: Gate,
    catalog: Arc<Catalog>,
    channels: Channels,
    comparisons: comparison::Queue,
    syncing: tokio::sync::Mutex<()>,
    quarantine: Quarantine,
    turns: Turns,
    stop: CancellationToken,
    watch: Mutex<Option<JoinHandle<()>>>,
    _stop_on_drop: DropGuard,
}

impl std::fmt::Debug for Connectors {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Connectors").field("list", &self.list()).finish_non_exhaustive()
    }
}

impl Connectors {
    /// Loads and proves the bundled connectors and those of the directory, and starts to watch it.
    ///
    /// # Errors
    /// A directory cannot be used, the engine cannot be built, or a bundled connector is broken. A broken file is
    /// no error: [`Self::list`] says what is wrong with it.
    pub async fn start(config: ConnectorsConfig) -> Result<Arc<Self>, ConnectorsError> {
        let permits = u32::try_from(config.max_concurrent).unwrap_or(u32::MAX).max(1);
        let compiler = Compiler::start(permits, &config)?;
        let catalog = Arc::new(Catalog::default());
        let (grants, signers) = (Arc::new(config.grants), Arc::new(config.signers));
        let gate = Gate { compiler, grants, signers, ceilings: config.ceilings };
        load_bundled(&gate, &catalog).await?;
        let stop = CancellationToken::new();
        let watch = match config.dir {
            Some(dir) => {
                let directory = Directory::open(dir, gate.clone(), Arc::clone(&catalog)).await?;
                Some(tokio::spawn(directory.watch(stop.clone())))
            }
            None => None,
        };
        Ok(Arc::new(Self {
            gate,
            catalog,
            channels: Channels::default(),
            comparisons: comparison::Queue::default(),
            syncing: tokio::sync::Mutex::default(),
            quarantine: Quarantine::default(),
            turns: Turns::new(permits),
            _stop_on_drop: stop.clone().drop_guard(),
            stop,
            watch: Mutex::new(watch),
        }))
    }

    /// Tells the measurements of every connector how many of its calls run, and whether it is quarantined; one that was
    /// replaced is no longer.
    pub fn measure(&self) {
        for status in self.list().iter().filter(|status| status.digest.is_some()) {
            measures::quarantine(&status.id, status.quarantine.is_some());
            measures::running(&status.id, self.running(&status.id));
        }
    }

    /// How many calls of a connector run at this moment; never more than half of all that may.
    pub fn running(&self, id: &str) -> usize {
        self.turns.taken(id)
    }

    /// Waits until a quarantine began or ended, and takes what did; for one caller, who answers for it.
    pub async fn quarantine_changes(&self) -> Vec<QuarantineChange> {
        self.quarantine.changes().await
    }

    /// True when a connector of this id can be called.
    pub fn contains(&self, id: &str) -> bool {
        self.live(id).is_some()
    }

    /// What a connector says about itself.
    pub fn manifest(&self, id: &str) -> Option<Arc<Manifest>> {
        self.live(id).map(|loaded| Arc::clone(&loaded.manifest))
    }

    /// True when this program brings a connector of this id along, whatever is in use in its place.
    #[must_use]
    pub fn is_bundled(id: &str) -> bool {
        bundled::Own::of(id).is_some()
    }

    /// Loads and proves a component as a file of the directory would be, without putting it in use.
    ///
    /// # Errors
    /// The first thing that speaks against it.
    pub async fn check(&self, component: &[u8]) -> Result<Proven, LoadError> {
        let (loaded, signed_by) = self.gate.admit(component.into()).await?;
        Ok(Proven { manifest: loaded.manifest, digest: loaded.digest, signed_by })
    }

    /// Ends the watch, lets calls in flight finish and refuses further ones as busy.
    pub async fn stop(&self) {
        self.stop.cancel();
        let watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(watch) = watch
            && let Err(error) = watch.await
        {
            tracing::error!(%error, "the watch over connectors failed");
        }
        self.turns.close().await;
    }
}

/// A bundled connector that does not prove itself is a broken build, so the process does not start with it.
async fn load_bundled(gate: &Gate, catalog: &Catalog) -> Result<(), ConnectorsError> {
    for bundled in bundled::BUNDLED {
        let loaded = component::load(gate, bundled.component.into())
            .await
            .map_err(|source| ConnectorsError::Bundled { name: bundled.name, source })?;
        catalog.put(loaded, Origin::Bundled);
    }
    Ok(())
}
