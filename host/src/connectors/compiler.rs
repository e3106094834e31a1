//! `Compiler`: from a component to code that runs, kept on disk and made by a process of its own.
//!
//! Compiling is the one thing done to a stranger's file that takes seconds and hundreds of MiB. Another process is held
//! to limits by the system and knows no secret, and while it works no call waits: two threads that compile in the same
//! process hold its memory map, and whoever starts an instance needs that too.

mod apart;

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tempfile::NamedTempFile;
use wasmtime::Engine;
use wasmtime::component::Component;

pub(crate) use apart::main;

use super::component::{LoadError, blocking};
use super::engine::{self, Allocation};
use super::{ConnectorsConfig, ConnectorsError};

/// How compiled code is called: the component's digest, then what it was compiled for.
const ENDING: &str = "cwasm";
/// What nobody asked for so long is removed at the next start.
const KEPT_FOR: Duration = Duration::from_hours(30 * 24);

/// Compiles for one engine.
#[derive(Clone)]
pub(super) struct Compiler {
    /// What it compiles for.
    pub(super) engine: Engine,
    allocation: Allocation,
    kept: Option<Arc<Path>>,
    program: Option<Arc<Path>>,
}

impl Compiler {
    /// Builds the engine, and tidies the directory of compiled code.
    ///
    /// # Errors
    /// The directory cannot be used, or this processor is not one wasmtime compiles for.
    pub(super) fn start(max_concurrent: u32, config: &ConnectorsConfig) -> Result<Self, ConnectorsError> {
        let kept = config.cache_dir.as_deref().map(directory).transpose()?;
        if let Some(dir) = &kept {
            tidy(dir);
        }
        let (engine, allocation) = engine::build(max_concurrent)?;
        let (kept, program) = (kept.map(Arc::from), config.compiler.as_deref().map(Arc::from));
        Ok(Self { engine, allocation, kept, program })
    }

    /// The code of a component: what was compiled before, else compiled now and kept.
    ///
    /// # Errors
    /// [`LoadError::Invalid`]: it does not compile, or not within the limits. [`LoadError::Unreadable`]: the directory
    /// cannot be written.
    pub(super) async fn compile(&self, bytes: Arc<[u8]>, digest: &str) -> Result<Component, LoadError> {
        let Some(dir) = &self.kept else {
            let engine = self.engine.clone();
            return blocking(move || Component::from_binary(&engine, &bytes).map_err(invalid)).await;
        };
        let file = dir.join(self.name(digest));
        if let Some(found) = self.find(&file).await {
            return Ok(found);
        }
        let made = self.apart(dir, &bytes).await?;
        keep(made, &file).await?;
        if let Some(found) = self.find(&file).await {
            return Ok(found);
        }
        // the program was replaced by another version since it was started
        let (engine, dir) = (self.engine.clone(), Arc::clone(dir));
        keep(blocking(move || here(&engine, &dir, &bytes)).await?, &file).await?;
        self.find(&file).await.ok_or_else(|| LoadError::Invalid("compiled code cannot be loaded".to_owned()))
    }

    /// Compiles in a process of its own, where there is a program for it.
    async fn apart(&self, dir: &Arc<Path>, bytes: &Arc<[u8]>) -> Result<NamedTempFile, LoadError> {
        if let Some(program) = &self.program {
            let draft = NamedTempFile::new_in(dir)?;
            match apart::compile(program, self.allocation, bytes, &draft).await {
                Ok(made) => return made.map(|()| draft).map_err(LoadError::Invalid),
                Err(error) => tracing::warn!(%error, "no process to compile in: compiling here"),
            }
        }
        let (engine, dir, bytes) = (self.engine.clone(), Arc::clone(dir), Arc::clone(bytes));
        blocking(move || here(&engine, &dir, &bytes)).await
    }

    /// Code that was compiled before, if it is there and suits this engine.
    async fn find(&self, file: &Path) -> Option<Component> {
        let (engine, file) = (self.engine.clone(), file.to_owned());
        blocking(move || Ok(load(&engine, &file))).await.ok().flatten()
    }

    fn name(&self, digest: &str) -> PathBuf {
        let mut suits = DefaultHasher::new();
        self.engine.precompile_compatibility_hash().hash(&mut suits);
        let digest = digest.rsplit(':').next().unwrap_or(digest);
        format!("{digest}-{:016x}.{ENDING}", suits.finish()).into()
    }
}

/// Maps compiled code into memory. Its pages are those of the file, so what no call needs stays on the disk.
#[expect(unsafe_code, reason = "wasmtime cannot know who wrote the file; see SAFETY")]
fn load(engine: &Engine, file: &Path) -> Option<Component> {
    let found = std::fs::File::open(file).ok()?;
    // SAFETY: the file must be what wasmtime wrote and must not change. The directory is this user's and nobody else
    // may write there (`directory`); a file gets its name when it is whole and on the disk (`keep`), and is never
    // written again. Wasmtime itself refuses what was compiled by another version or for another engine.
    let component = unsafe { Component::deserialize_file(engine, file) }
        .inspect_err(|error| tracing::warn!(%error, "compiled code is not used"))
        .ok()?;
    // only `tidy` looks at it
    let _ = found.set_modified(ase_engine::clock::now().into());
    Some(component)
}

/// Compiles in this process.
fn here(engine: &Engine, dir: &Path, bytes: &[u8]) -> Result<NamedTempFile, LoadError> {
    let draft = NamedTempFile::new_in(dir)?;
    std::fs::write(draft.path(), engine.precompile_component(bytes).map_err(invalid)?)?;
    Ok(draft)
}

/// Gives a draft its name, once all of it is on the disk.
async fn keep(draft: NamedTempFile, file: &Path) -> Result<(), LoadError> {
    let file = file.to_owned();
    blocking(move || {
        draft.as_file().sync_all()?;
        draft.persist(file).map(drop).map_err(|error| error.error.into())
    })
    .await
}

#[expect(clippy::needless_pass_by_value, reason = "it is what errors are mapped with")]
fn invalid(error: wasmtime::Error) -> LoadError {
    LoadError::Invalid(format!("{error:#}"))
}

/// The directory of compiled code. Whoever can write there can run native code here, so nobody else may.
fn directory(dir: &Path) -> Result<PathBuf, ConnectorsError> {
    let refused = |reason: String| ConnectorsError::Cache { dir: dir.to_owned(), reason };
    let told = |error: std::io::Error| refused(error.to_string());
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(told)?;
    let found = std::fs::metadata(dir).map_err(told)?;
    if found.mode() & 0o022 != 0 {
        return Err(refused("others may write there: chmod 700".to_owned()));
    }
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(refused("it belongs to another user: chown it to the one that serves".to_owned()));
    }
    dir.canonicalize().map_err(told)
}

/// Removes compiled code that was not asked for in a long time, and drafts of a process that was killed.
fn tidy(dir: &Path) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let old =
            entry.metadata().ok().filter(std::fs::Metadata::is_file).and_then(|file| file.modified().ok());
        if old.and_then(|used| used.elapsed().ok()).is_some_and(|age| age > KEPT_FOR) {
            // whoever else tidies may have been faster
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests;
