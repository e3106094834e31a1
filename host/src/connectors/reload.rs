//! Watches the directory of components and puts a changed file in use once it is whole and proved.
//!
//! The directory is watched and not its files, since a watch on a file is lost when another is moved over it.
//! A file that vanishes takes nothing out of use.

use std::collections::{BTreeMap, HashMap};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::catalog::Catalog;
use super::compiler::Compiler;
use super::component::{self, Found, LoadError, Loaded, blocking};
use super::{Ceilings, ConnectorsError, Grant, Origin, Signers, measures};

/// How long a burst of changes may last before anybody looks.
const DEBOUNCE: Duration = Duration::from_millis(250);
/// Time between the two looks in which a file must not have changed.
const SETTLE: Duration = Duration::from_millis(100);
/// Time between two looks without any notice: network file systems send none.
const RESCAN: Duration = Duration::from_secs(5);

/// What a directory entry says of a file; another stamp means another content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    size: u64,
    modified: (i64, i64),
    inode: u64,
}

/// What became of a file at its last stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Settling,
    InUse,
    Refused,
}

/// What a component has to pass.
#[derive(Clone)]
pub(super) struct Gate {
    /// What compiles it.
    pub(super) compiler: Compiler,
    /// What operators granted, by connector id.
    pub(super) grants: Arc<BTreeMap<String, Grant>>,
    /// Whose signatures are trusted.
    pub(super) signers: Arc<Signers>,
    /// What it may ask for.
    pub(super) ceilings: Ceilings,
}

impl Gate {
    /// Loads and proves what is signed as it has to be; the trusted key that signed it comes with it.
    ///
    /// # Errors
    /// The first thing that speaks against it.
    pub(super) async fn admit(&self, bytes: Arc<[u8]>) -> Result<(Loaded, Option<String>), LoadError> {
        let (signers, signed) = (Arc::clone(&self.signers), Arc::clone(&bytes));
        let signed_by = blocking(move || Ok(signers.check(&signed)?)).await;
        let signed_by = signed_by.inspect_err(measures::refused)?;
        Ok((component::load(self, bytes).await?, signed_by))
    }
}

/// The watched directory and what is known of its files.
pub(super) struct Directory {
    dir: PathBuf,
    gate: Gate,
    catalog: Arc<Catalog>,
    seen: HashMap<PathBuf, (Stamp, Progress)>,
    changed: Arc<Notify>,
    watcher: Option<RecommendedWatcher>,
}

impl Directory {
    /// Starts watching, then loads what is there.
    ///
    /// # Errors
    /// The directory cannot be read. A bad file in it is no error: it is listed with the reason.
    pub(super) async fn open(
        dir: PathBuf,
        gate: Gate,
        catalog: Arc<Catalog>,
    ) -> Result<Self, ConnectorsError> {
        let changed = Arc::new(Notify::new());
        let watcher = subscribe(&dir, &changed);
        let mut directory = Self { dir, gate, catalog, seen: HashMap::new(), changed, watcher };
        let files = directory
            .files()
            .map_err(|source| ConnectorsError::Directory { dir: directory.dir.clone(), source })?;
        for (file, stamp) in files {
            directory.take(file, stamp).await;
        }
        Ok(directory)
    }

    /// Looks whenever something changed, until `stop`.
    pub(super) async fn watch(mut self, stop: CancellationToken) {
        let mut settling = false;
        loop {
            let wait = if settling { SETTLE } else { RESCAN };
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.changed.notified(), if !settling => tokio::time::sleep(DEBOUNCE).await,
                () = tokio::time::sleep(wait) => {}
            }
            settling = self.scan().await;
        }
        drop(self.watcher);
    }

    /// Takes every file that has settled; true when some have not.
    async fn scan(&mut self) -> bool {
        let files = match self.files() {
            Ok(files) => files,
            Err(error) => {
                tracing::warn!(dir = %self.dir.display(), %error, "connector directory cannot be read");
                return false;
            }
        };
        self.forget_vanished(&files);
        let mut settling = false;
        for (file, stamp) in files {
            match self.seen.get(&file) {
                Some((seen, Progress::Settling)) if *seen == stamp => self.take(file, stamp).await,
                Some((seen, _)) if *seen == stamp => {}
                _ => {
                    self.seen.insert(file, (stamp, Progress::Settling));
                    settling = true;
                }
            }
        }
        settling
    }

    /// A file that is gone may have been what stood in the way of one that was refused.
    fn forget_vanished(&mut self, files: &BTreeMap<PathBuf, Stamp>) {
        let before = self.seen.len();
        self.seen.retain(|file, _| files.contains_key(file));
        if self.seen.len() < before {
            self.seen.retain(|_, (_, progress)| *progress != Progress::Refused);
        }
    }

    /// Loads one file and puts it in use, or says why not.
    async fn take(&mut self, file: PathBuf, stamp: Stamp) {
        let progress = match self.load(&file).await {
            Ok(()) => Progress::InUse,
            Err((id, error)) => {
                let reason = format!("{}: {error}", file.display());
                let kept = self.catalog.get(&id).map(|loaded| loaded.digest.clone());
                tracing::error!(connector = id, kept, reason, "connector file refused");
                self.catalog.refuse(&id, Origin::file(&file), reason);
                Progress::Refused
            }
        };
        self.seen.insert(file, (stamp, progress));
    }

    /// The error comes with the id under which it is listed.
    async fn load(&self, file: &Path) -> Result<(), (String, LoadError)> {
        let unread = |error| (self.name_of(file), error);
        let Found { bytes, id, digest } = component::look(file).await.map_err(unread)?;
        let Some(id) = id else {
            let error = component::load(&self.gate, bytes).await.err();
            return error.map_or(Ok(()), |error| Err(unread(error)));
        };
        if let Some(first) = self.rival(&id, file) {
            let (first, second) = (first.display().to_string(), file.display().to_string());
            return Err((id.clone(), LoadError::SameId { id, first, second }));
        }
        if self.catalog.get(&id).is_some_and(|loaded| loaded.digest == digest) && self.holds(&id, file) {
            self.catalog.forgive(&id);
            return Ok(());
        }
        let loaded = self.gate.admit(bytes).await.map_err(|error| (id, error))?.0;
        let manifest = Arc::clone(&loaded.manifest);
        self.catalog.put(loaded, Origin::file(file));
        tracing::info!(connector = manifest.id, version = manifest.version, digest, "connector in use");
        Ok(())
    }

    /// Another file that holds this connector and is still there.
    fn rival(&self, id: &str, file: &Path) -> Option<Arc<Path>> {
        self.catalog.get(id)?;
        self.catalog.file_of(id).filter(|other| &**other != file && other.exists())
    }

    fn holds(&self, id: &str, file: &Path) -> bool {
        self.catalog.file_of(id).is_some_and(|origin| &*origin == file)
    }

    /// What to list an unreadable file under: the connector it held, else its own name.
    fn name_of(&self, file: &Path) -> String {
        self.catalog.id_of(file).unwrap_or_else(|| {
            file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
        })
    }

    /// Every component of the directory; names with a leading dot are somebody's work in progress.
    fn files(&self) -> std::io::Result<BTreeMap<PathBuf, Stamp>> {
        let mut files = BTreeMap::new();
        for entry in std::fs::read_dir(&self.dir)? {
            let path = entry?.path();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if hidden || path.extension().is_none_or(|extension| extension != "wasm") {
                continue;
            }
            match std::fs::metadata(&path) {
                Ok(found) if found.is_file() => {
                    let modified = (found.mtime(), found.mtime_nsec());
                    files.insert(path, Stamp { size: found.size(), modified, inode: found.ino() });
                }
                _ => {}
            }
        }
        Ok(files)
    }
}

/// Asks the kernel for notices. Without them the directory is still looked at every few seconds.
fn subscribe(dir: &Path, changed: &Arc<Notify>) -> Option<RecommendedWatcher> {
    let notify = Arc::clone(changed);
    let told = move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| is_change(event.kind)) {
            notify.notify_one();
        }
    };
    let watcher = notify::recommended_watcher(told).and_then(|mut watcher| {
        watcher.watch(dir, RecursiveMode::NonRecursive)?;
        Ok(watcher)
    });
    watcher
        .inspect_err(|error| tracing::warn!(dir = %dir.display(), %error, "no notices of changed connectors"))
        .ok()
}

/// Reading a directory is noticed too, and would make every look the reason for the next.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(access) => access == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}
