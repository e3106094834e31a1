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
mod component;
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
mod reload;
mod samples;
mod signature;
mod versions;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use catalog::Catalog;
use channel::Channels;
use component::Loaded;
use quarantine::{Asking, Quarantine};
use reload::{Directory, Gate};

pub use bundled::BuiltIn;
pub use channel::ChannelStatus;
pub use component::{LoadError, MAX_COMPONENT};
pub use delivery::{Delivery, Reading, Received, Refusal, RefusalReason, Trust};
pub use fault::{CallError, ConnectorsError, Fault};
pub use manifest::{
    Coverage, DemoSpec, Expectation, HeadersSpec, LimitsSpec, Manifest, ManifestError, Sample, SettingSpec,
    SettingType, Topic,
};
pub use outline::OutlineError;
pub use quarantine::{QuarantineChange, QuarantineStatus};
pub use signature::{KeyError, SignatureError, Signers, new_key, sign};

/// How long a call waits for its turn before it is told that there is none.
const QUEUE: Duration = Duration::from_secs(1);

/// How connectors are run.
#[derive(Debug, Clone)]
pub struct ConnectorsConfig {
    /// Directory of further components, watched; one of them takes the place of a bundled one with its id.
    pub dir: Option<PathBuf>,
    /// Directory for compiled code, which nobody else may write to; without one every start compiles anew.
    pub cache_dir: Option<PathBuf>,
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

/// Where a connector came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// It is part of this program.
    Bundled,
    /// A file of the directory.
    File(Arc<Path>),
    /// An operator installed it into the database, for every node.
    Installed,
}

impl Origin {
    fn file(path: &Path) -> Self {
        Self::File(path.into())
    }

    fn is(&self, path: &Path) -> bool {
        matches!(self, Self::File(file) if &**file == path)
    }
}

/// One line of the listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConnectorStatus {
    /// Its id; for a file that could never be read, the file's name.
    pub id: String,
    /// Version in use, if any is.
    pub version: Option<String>,
    /// Name for people.
    pub title: Option<String>,
    /// `sha256:` and the digest of the component in use.
    pub digest: Option<String>,
    /// Where it came from.
    pub origin: Origin,
    /// What it was granted and makes use of.
    pub grant: Option<Grant>,
    /// Why the latest file was refused, while an earlier one stays in use.
    pub last_error: Option<String>,
    /// Why it is not called at present, by this process.
    pub quarantine: Option<QuarantineStatus>,
    /// Since when it is in use.
    pub loaded_at: Option<DateTime<Utc>>,
    /// The version that is part of this program, in use or not.
    pub built_in: Option<BuiltIn>,
    /// Its installed versions, if it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelStatus>,
}

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
    turns: Semaphore,
    permits: u32,
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
        let engine = engine::build(permits, config.cache_dir.as_deref())?;
        let catalog = Arc::new(Catalog::default());
        let (grants, signers) = (Arc::new(config.grants), Arc::new(config.signers));
        load_bundled(&engine, &catalog, &grants).await?;
        let gate = Gate { engine, grants, signers };
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
            turns: Semaphore::new(permits as usize),
            permits,
            _stop_on_drop: stop.clone().drop_guard(),
            stop,
            watch: Mutex::new(watch),
        }))
    }

    /// Tells the measurements of every connector whether it is quarantined; one that was replaced is no longer.
    pub fn measure(&self) {
        for status in self.list().iter().filter(|status| status.digest.is_some()) {
            measures::quarantine(&status.id, status.quarantine.is_some());
        }
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

    /// Takes a delivery from a platform: asks the connector what must be signed, checks that against the source's
    /// secrets, and only then has it made into events. Refusals are answers, not errors.
    ///
    /// # Errors
    /// The connector or the host failed; [`CallError::verified`] says whether the delivery is authentic.
    pub async fn receive(&self, id: &str, delivery: &Delivery, trust: &Trust) -> Result<Reading, CallError> {
        self.call(id, delivery, Some(trust)).await
    }

    /// Makes events of a delivery that was found authentic earlier.
    ///
    /// # Errors
    /// The connector or the host failed.
    pub async fn renormalize(&self, id: &str, delivery: &Delivery) -> Result<Reading, CallError> {
        self.call(id, delivery, None).await
    }

    /// Loads and proves a component as a file of the directory would be, without putting it in use.
    ///
    /// # Errors
    /// The first thing that speaks against it.
    pub async fn check(&self, component: &[u8]) -> Result<Proven, LoadError> {
        let signed_by = self.gate.signers.check(component)?;
        let loaded = component::load(&self.gate.engine, component.into(), &self.gate.grants).await?;
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
        if let Ok(all) = self.turns.acquire_many(self.permits).await {
            self.turns.close();
            drop(all);
        }
    }

    async fn call(&self, id: &str, delivery: &Delivery, trust: Option<&Trust>) -> Result<Reading, CallError> {
        let verified = trust.is_none();
        let unserved = |fault| CallError::new(fault, verified);
        let loaded = self.reader(id, delivery).await.map_err(unserved)?;
        let named = loaded.manifest.headers.delivery_id.as_deref();
        let provider_id = named.and_then(|name| delivery.header(name));
        let read = |received, secret| Reading {
            received,
            connector_digest: loaded.digest.clone(),
            provider_id: provider_id.clone(),
            secret,
        };
        if trust.is_some_and(|trust| trust.secrets.is_empty()) {
            let failure = claims::Failure::NoSecret.to_string();
            return Ok(read(Received::Unauthenticated(failure), None));
        }
        let turn = tokio::time::timeout(QUEUE, self.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else {
            return Err(unserved(Fault::Busy));
        };
        let mut trace = call::Trace::default();
        let answer = self.watched(&loaded, delivery, trust, &mut trace).await;
        answer
            .map(|received| read(received, trace.secret))
            .map_err(|error| error.of(&loaded.digest, provider_id.clone()))
    }

    /// Calls a connector unless it is quarantined, and notes how it went.
    async fn watched(
        &self,
        loaded: &Loaded,
        delivery: &Delivery,
        trust: Option<&Trust>,
        trace: &mut call::Trace,
    ) -> Result<Received, CallError> {
        let started = Instant::now();
        let asking = if trust.is_some() { Asking::Fresh } else { Asking::Kept };
        let mut pass = None;
        let mut gate = || self.quarantine.admit(loaded, asking).map(|admitted| pass = Some(admitted));
        let answer = call::traced(loaded, delivery, trust, &mut gate, trace).await;
        if let Some(pass) = pass {
            pass.ended(answer.as_ref().err().map(|error| &error.fault));
        }
        measures::called(loaded, &answer, trace, started.elapsed());
        answer
    }
}

impl Connectors {
    /// A file of the directory comes before everything else: it is somebody's work in progress on this very node.
    fn own_file(&self, id: &str) -> Option<Arc<Loaded>> {
        self.catalog.file_of(id).and_then(|_| self.catalog.get(id))
    }

    /// The version that reads whatever nothing else reads.
    fn live(&self, id: &str) -> Option<Arc<Loaded>> {
        self.own_file(id).or_else(|| self.channels.live(id)).or_else(|| self.catalog.get(id))
    }

    /// The version that reads this delivery: the one that its source stays with, else the canary its share, else live.
    async fn reader(&self, id: &str, delivery: &Delivery) -> Result<Arc<Loaded>, Fault> {
        if let Some(pin) = &delivery.pin {
            return self.channels.version(id, pin).await.ok_or(Fault::UnknownVersion);
        }
        let own = self.own_file(id).or_else(|| self.channels.reader(id, &delivery.body));
        own.or_else(|| self.catalog.get(id)).ok_or(Fault::UnknownConnector)
    }
}

/// A bundled connector that does not prove itself is a broken build, so the process does not start with it.
async fn load_bundled(
    engine: &wasmtime::Engine,
    catalog: &Catalog,
    grants: &BTreeMap<String, Grant>,
) -> Result<(), ConnectorsError> {
    for bundled in bundled::BUNDLED {
        let loaded = component::load(engine, bundled.component.into(), grants)
            .await
            .map_err(|source| ConnectorsError::Bundled { name: bundled.name, source })?;
        catalog.put(loaded, Origin::Bundled);
    }
    Ok(())
}
