//! From bytes to a connector that may be called: bounded, outlined, compiled, instantiated and proved.

mod error;
mod interface;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use tokio::runtime::Handle;
use wasmtime::Engine;
use wasmtime::component::{Component, Linker};

use super::call::Instance;
use super::compiler::Compiler;
use super::confinement::{Bare, InertWasi};
use super::limits::Limits;
use super::manifest::Manifest;
use super::outline::Outline;
use super::reload::Gate;
use super::versions::{Spoken, Version};
use super::{Ceilings, Fault, Grant, measures, samples};

pub use error::LoadError;
pub(super) use interface::{check_imports, check_interface};

/// Bytes of a component; the largest known kind, an embedded Python, has 18.5 MB.
pub const MAX_COMPONENT: usize = 32 << 20;

/// A connector that was proved and may be called.
pub(super) struct Loaded {
    /// What it says about itself.
    pub(super) manifest: Arc<Manifest>,
    /// `sha256:` and the digest of the component in hexadecimal.
    pub(super) digest: String,
    /// Its id, for measurements.
    label: Arc<str>,
    /// What its operator granted and it makes use of.
    pub(super) grant: Option<Grant>,
    /// What one call may use.
    pub(super) limits: Limits,
    /// Compiled and linked.
    pub(super) prepared: Prepared,
}

impl Loaded {
    /// Its id as a label of measurements, which costs no allocation.
    pub(super) fn label(&self) -> metrics::SharedString {
        Arc::clone(&self.label).into()
    }
}

/// A linked component, by what its stores hold.
pub(super) enum Prepared {
    /// It imports nothing.
    Bare(Spoken<Bare>),
    /// It was granted inert WASI.
    InertWasi(Spoken<InertWasi>),
}

/// Loads and proves a component, on a thread of its own: calls of other connectors wait for none of it.
///
/// # Errors
/// The first thing that speaks against it.
pub(super) async fn load(gate: &Gate, bytes: Arc<[u8]>) -> Result<Loaded, LoadError> {
    let (started, size) = (Instant::now(), bytes.len());
    let (gate, here) = (gate.clone(), Handle::current());
    let proved = blocking(move || here.block_on(prove(&gate, bytes))).await;
    match &proved {
        Ok(loaded) => measures::loaded(loaded, size, started.elapsed()),
        Err(error) => measures::refused(error),
    }
    proved
}

async fn prove(gate: &Gate, bytes: Arc<[u8]>) -> Result<Loaded, LoadError> {
    let granted = |id: &str| gate.grants.get(id).copied();
    let loaded = prepare(&gate.compiler, bytes, granted, gate.ceilings).await?;
    samples::prove(&loaded).await?;
    Ok(loaded)
}

/// Does everything that comes before the samples: bounds, outlines, compiles and starts a component.
///
/// # Errors
/// The first thing that speaks against it.
pub(super) async fn prepare(
    compiler: &Compiler,
    bytes: Arc<[u8]>,
    granted: impl FnOnce(&str) -> Option<Grant>,
    ceilings: Ceilings,
) -> Result<Loaded, LoadError> {
    check_size(bytes.len() as u64)?;
    let outline = Outline::read(&bytes)?;
    let manifest = outline.manifest()?;
    ceilings.admit(manifest.limits)?;
    check_interface(&outline.apis, &manifest.api)?;
    let grant = check_imports(&outline.imports, granted(&manifest.id))?;
    let digest = digest(&bytes);
    let component = compile(compiler, bytes, &digest).await?;
    let loaded = assemble(&compiler.engine, &component, manifest, grant, digest)?;
    start(&loaded).await?;
    Ok(loaded)
}

/// Runs what takes long where no other task waits for it.
///
/// # Errors
/// Those of `work`, or that it panicked.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LoadError> + Send + 'static,
) -> Result<T, LoadError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(panic) => Err(LoadError::Invalid(panic.to_string())),
    }
}

/// A component as a file holds it.
pub(super) struct Found {
    pub(super) bytes: Arc<[u8]>,
    /// The id in its manifest, if both can be read.
    pub(super) id: Option<String>,
    /// `sha256:` and its digest in hexadecimal.
    pub(super) digest: String,
}

/// Reads a file and looks at it from outside.
///
/// # Errors
/// It is no file, too large, or cannot be read.
pub(super) async fn look(file: &Path) -> Result<Found, LoadError> {
    let bytes = read(file).await?;
    blocking(move || {
        let manifest = Outline::read(&bytes).ok().and_then(|outline| outline.manifest().ok());
        Ok(Found { id: manifest.map(|manifest| manifest.id), digest: digest(&bytes), bytes })
    })
    .await
}

/// Reads a file, unless its size alone speaks against it.
///
/// # Errors
/// It is no file, too large, or cannot be read.
pub(super) async fn read(file: &Path) -> Result<Arc<[u8]>, LoadError> {
    let found = tokio::fs::metadata(file).await?;
    if !found.is_file() {
        return Err(LoadError::NoFile);
    }
    check_size(found.len())?;
    Ok(tokio::fs::read(file).await?.into())
}

/// What is too large is neither read nor compiled.
fn check_size(bytes: u64) -> Result<(), LoadError> {
    if bytes > MAX_COMPONENT as u64 { Err(LoadError::TooLarge(bytes)) } else { Ok(()) }
}

/// Links a compiled component, with what holds for its calls.
///
/// # Errors
/// Its types are not those of the interface.
pub(super) fn assemble(
    engine: &Engine,
    component: &Component,
    manifest: Manifest,
    grant: Option<Grant>,
    digest: String,
) -> Result<Loaded, LoadError> {
    let limits = Limits::new(manifest.limits.memory_mib, manifest.limits.deadline_ms);
    let prepared = link(engine, component, grant, manifest.version()?)?;
    let label = manifest.id.as_str().into();
    Ok(Loaded { manifest: Arc::new(manifest), digest, label, grant, limits, prepared })
}

/// `sha256:` and the digest in hexadecimal.
pub(super) fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", HEXLOWER.encode(&Sha256::digest(bytes)))
}

/// Compiles, and prepares the memory image that every instance starts from.
pub(super) async fn compile(
    compiler: &Compiler,
    bytes: Arc<[u8]>,
    digest: &str,
) -> Result<Component, LoadError> {
    let component = compiler.compile(bytes, digest).await?;
    let imaged = component.initialize_copy_on_write_image();
    imaged.map_err(|error| LoadError::Invalid(format!("{error:#}")))?;
    Ok(component)
}

fn link(
    engine: &Engine,
    component: &Component,
    grant: Option<Grant>,
    version: Version,
) -> Result<Prepared, LoadError> {
    let shape =
        |error: wasmtime::Error| LoadError::Shape { api: version.as_str(), reason: format!("{error:#}") };
    match grant {
        None => {
            let linker = Linker::<Bare>::new(engine);
            let ready = linker.instantiate_pre(component).map_err(shape)?;
            Ok(Prepared::Bare(Spoken::new(ready, version).map_err(shape)?))
        }
        Some(Grant::InertWasi) => {
            let mut linker = Linker::<InertWasi>::new(engine);
            wasmtime_wasi::p2::add_to_linker_async(&mut linker).map_err(shape)?;
            let ready = linker.instantiate_pre(component).map_err(shape)?;
            Ok(Prepared::InertWasi(Spoken::new(ready, version).map_err(shape)?))
        }
    }
}

/// Instantiates once. Linking does not compare the types of functions, only this does.
pub(super) async fn start(loaded: &Loaded) -> Result<(), LoadError> {
    let started = match &loaded.prepared {
        Prepared::Bare(pre) => Instance::start(pre, loaded.limits).await.map(drop),
        Prepared::InertWasi(pre) => Instance::start(pre, loaded.limits).await.map(drop),
    };
    let api = loaded.manifest.version()?.as_str();
    started.map_err(|fault| match fault {
        Fault::WrongShape(reason) => LoadError::Shape { api, reason },
        fault => LoadError::Start(fault),
    })
}
