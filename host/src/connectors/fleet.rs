//! The same versions on every node: what operators installed into the database is fetched, proved and put in use.
//!
//! A version that cannot be used leaves the last good one in its place and says so, on this node. A source may stay with
//! one version, whatever becomes of the others.

use std::collections::BTreeMap;
use std::sync::Arc;

use ase_engine::audit::Actor;
use ase_engine::channel::Channel;
use ase_engine::provisioning::{Pinned, ProvisioningError};
use ase_engine::store::StoreError;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::Connectors;
use super::bundled::Own;
use super::channel::Held;
use super::component::{self, LoadError, Loaded};
use super::measures;
use super::reload::Gate;

/// A version of a connector: its id and its digest.
type Version = (String, String);

/// What became of the versions that were fetched.
type Fetched = BTreeMap<Version, Result<Arc<Loaded>, FetchError>>;

/// Why a version cannot be used on this node.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error("cannot be read: {0}")]
    Store(#[from] StoreError),
    #[error("is no longer in the database")]
    Gone,
    #[error("is not what its digest says: somebody changed it in the database; install it anew")]
    Changed,
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error("failed to load: {0}")]
    Task(String),
}

impl Connectors {
    /// Has a source stay with a version of its connector, an installed one or the one that is part of this program;
    /// without a digest it follows what is live again. `whose` says which organisation it has to be of, where that
    /// matters.
    ///
    /// # Errors
    /// [`ProvisioningError`]: there is no such source or version.
    pub async fn pin(
        engine: &ase_engine::Engine,
        (whose, source_id): (Option<&str>, &str),
        digest: Option<&str>,
        actor: &Actor,
    ) -> Result<Pinned, ProvisioningError> {
        let source = engine.directory().source(source_id).await?;
        let source = source.ok_or(ProvisioningError::NotFound("source"))?;
        let own = Own::of(&source.connector).map(Own::version);
        engine.pin_source((whose, source_id), digest, own, actor).await
    }

    /// Makes this node hold what the database says: versions that are missing are fetched and proved, several at a
    /// time, and then all channels are swapped at once. Cheap where nothing changed.
    ///
    /// # Errors
    /// The database cannot be asked; everything stays as it is. A version that cannot be used is no error:
    /// [`Self::list`] says what is wrong with it.
    pub async fn sync(&self, engine: &ase_engine::Engine) -> Result<(), StoreError> {
        let _one_at_a_time = self.syncing.lock().await;
        let wanted = engine.connector_channels().await?;
        let before = self.channels.all();
        let ready = |id: &str, digest: &str| before.get(id)?.versions.get(digest).cloned();
        let missing =
            wanted.iter().flat_map(|(id, _, digests)| digests.iter().map(move |digest| (id, digest)));
        let missing: Vec<Version> = missing
            .filter(|(id, digest)| ready(id, digest).is_none())
            .map(|(id, digest)| (id.clone(), digest.clone()))
            .collect();
        let unchanged = missing.is_empty()
            && before.len() == wanted.len()
            && wanted.iter().all(|(id, channel, digests)| {
                before
                    .get(id)
                    .is_some_and(|held| held.channel == *channel && held.versions.len() == digests.len())
            });
        if unchanged {
            return Ok(());
        }
        let mut fetched = self.fetch(engine, missing).await;
        let held = wanted.into_iter().map(|(id, channel, digests)| {
            let earlier = before.get(&id);
            let held = hold(&id, channel, digests, earlier, &mut fetched);
            (id, held)
        });
        self.channels.swap(held.collect());
        Ok(())
    }

    /// Fetches, compiles and proves versions; as many at one time as there are processors.
    async fn fetch(&self, engine: &ase_engine::Engine, missing: Vec<Version>) -> Fetched {
        let at_once = std::thread::available_parallelism().map_or(2, usize::from);
        let turns = Arc::new(Semaphore::new(at_once));
        let mut tasks = JoinSet::new();
        let mut fetched = Fetched::new();
        for version in missing {
            let (turns, engine) = (Arc::clone(&turns), engine.clone());
            let gate = self.gate.clone();
            // until it has ended, it has failed
            fetched.insert(version.clone(), Err(FetchError::Task("its task ended by itself".to_owned())));
            tasks.spawn(async move {
                let _turn = turns.acquire_owned().await;
                let loaded = fetch_one(&engine, &gate, &version).await;
                (version, loaded)
            });
        }
        while let Some(done) = tasks.join_next().await {
            match done {
                Ok((version, loaded)) => _ = fetched.insert(version, loaded),
                Err(error) => tracing::error!(%error, "a connector was not loaded"),
            }
        }
        fetched
    }
}

async fn fetch_one(
    engine: &ase_engine::Engine,
    gate: &Gate,
    (id, digest): &Version,
) -> Result<Arc<Loaded>, FetchError> {
    let own = Own::of(id).filter(|own| own.built_in.digest == *digest);
    let loaded = match own {
        // a source stays with what is part of this program, which needs no signature
        Some(own) => component::load(gate, own.component.into()).await?,
        // what is in the database may have been written there by somebody else
        None => gate.admit(fetch_bytes(engine, id, digest).await?).await?.0,
    };
    // the database says under which id it is called, and it must not call itself otherwise
    if loaded.manifest.id == *id { Ok(Arc::new(loaded)) } else { Err(FetchError::Changed) }
}

/// The bytes of a version, as they were installed.
async fn fetch_bytes(engine: &ase_engine::Engine, id: &str, digest: &str) -> Result<Arc<[u8]>, FetchError> {
    let bytes: Arc<[u8]> = engine.connector_component(id, digest).await?.ok_or(FetchError::Gone)?.into();
    let read = Arc::clone(&bytes);
    let found = component::blocking(move || Ok(component::digest(&read))).await?;
    if found == digest { Ok(bytes) } else { Err(FetchError::Changed) }
}

/// One connector as it stands after the versions were fetched.
fn hold(
    id: &str,
    channel: Channel,
    digests: Vec<String>,
    earlier: Option<&Held>,
    fetched: &mut Fetched,
) -> Held {
    let mut versions = BTreeMap::new();
    let mut last_error = None;
    for digest in digests {
        let ready = earlier.and_then(|held| held.versions.get(&digest)).cloned();
        match ready.map(Ok).or_else(|| fetched.remove(&(id.to_owned(), digest.clone()))) {
            Some(Ok(loaded)) => _ = versions.insert(digest, loaded),
            Some(Err(error)) => last_error = Some(refuse(id, &digest, &error, earlier)),
            None => {}
        }
    }
    let find = |digest: &Option<String>| digest.as_ref().and_then(|digest| versions.get(digest)).cloned();
    let live = match &channel.live {
        None => None,
        wanted => find(wanted)
            .or_else(|| earlier.and_then(|held| held.live.clone()))
            .or_else(|| find(&channel.previous)),
    };
    let digest_of = |live: Option<&Arc<Loaded>>| live.map(|loaded| loaded.digest.clone());
    let stays = earlier.filter(|held| digest_of(held.live.as_ref()) == digest_of(live.as_ref()));
    if stays.is_none() && (live.is_some() || earlier.is_some()) {
        let (version, digest) = live.as_ref().map(|live| (&*live.manifest.version, &*live.digest)).unzip();
        tracing::info!(connector = id, version, digest, "installed connector in use");
    }
    let loaded_at = stays.map_or_else(ase_engine::clock::now, |held| held.loaded_at);
    Held { channel, live, versions, last_error, loaded_at }
}

/// Logs that a version cannot be used, and counts it where it never came to be loaded: loading counts itself. A reason
/// that was told already is not told again.
fn refuse(id: &str, digest: &str, error: &FetchError, earlier: Option<&Held>) -> String {
    let reason = format!("{digest} {error}");
    if !matches!(error, FetchError::Load(_)) {
        measures::not_fetched();
    }
    if earlier.is_none_or(|held| held.last_error.as_deref() != Some(&reason)) {
        let kept = earlier.and_then(|held| held.live.as_ref()).map(|live| live.digest.as_str());
        tracing::error!(connector = id, kept, reason, "installed connector refused");
    }
    reason
}
