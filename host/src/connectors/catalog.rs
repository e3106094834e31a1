//! The connectors that may be called, swapped as a whole so that a call never waits for a change.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};

use super::component::Loaded;
use super::{ConnectorStatus, Origin};

/// One connector and what is known of it.
#[derive(Clone)]
struct Entry {
    origin: Origin,
    loaded: Option<Arc<Loaded>>,
    loaded_at: Option<DateTime<Utc>>,
    last_error: Option<String>,
}

type Entries = BTreeMap<String, Entry>;

/// All connectors by id.
#[derive(Default)]
pub(super) struct Catalog {
    entries: ArcSwap<Entries>,
    change: Mutex<()>,
}

impl Catalog {
    /// The connector to call now. Whoever holds it may finish with it after a swap.
    pub(super) fn get(&self, id: &str) -> Option<Arc<Loaded>> {
        self.entries.load().get(id).and_then(|entry| entry.loaded.clone())
    }

    /// The file that a connector was loaded from, if it was.
    pub(super) fn file_of(&self, id: &str) -> Option<Arc<Path>> {
        match &self.entries.load().get(id)?.origin {
            Origin::File(path) => Some(Arc::clone(path)),
            Origin::Bundled | Origin::Installed => None,
        }
    }

    /// The connector that a file holds or last held.
    pub(super) fn id_of(&self, file: &Path) -> Option<String> {
        self.entries.load().iter().find(|(_, entry)| entry.origin.is(file)).map(|(id, _)| id.clone())
    }

    /// Puts a proved connector in use, in place of the one with its id.
    pub(super) fn put(&self, loaded: Loaded, origin: Origin) {
        let now = ase_engine::clock::now();
        let id = loaded.manifest.id.clone();
        self.edit(|entries| {
            entries.retain(|_, entry| entry.loaded.is_some() || entry.origin != origin);
            let loaded = Some(Arc::new(loaded));
            entries.insert(id, Entry { origin, loaded, loaded_at: Some(now), last_error: None });
        });
    }

    /// Remembers why something was refused; what was in use stays in use.
    pub(super) fn refuse(&self, id: &str, origin: Origin, reason: String) {
        self.edit(|entries| {
            let fresh = Entry { origin, loaded: None, loaded_at: None, last_error: None };
            entries.entry(id.to_owned()).or_insert(fresh).last_error = Some(reason);
        });
    }

    /// Forgets an error, because the file holds again what is in use.
    pub(super) fn forgive(&self, id: &str) {
        self.edit(|entries| {
            if let Some(entry) = entries.get_mut(id) {
                entry.last_error = None;
            }
        });
    }

    /// Everything known, by id.
    pub(super) fn list(&self) -> Vec<ConnectorStatus> {
        self.entries.load().iter().map(|(id, entry)| status(id, entry)).collect()
    }

    fn edit(&self, change: impl FnOnce(&mut Entries)) {
        let _one_at_a_time = self.change.lock().unwrap_or_else(PoisonError::into_inner);
        let mut entries = Entries::clone(&self.entries.load());
        change(&mut entries);
        self.entries.store(Arc::new(entries));
    }
}

fn status(id: &str, entry: &Entry) -> ConnectorStatus {
    let loaded = entry.loaded.as_ref();
    ConnectorStatus {
        id: id.to_owned(),
        version: loaded.map(|loaded| loaded.manifest.version.clone()),
        title: loaded.map(|loaded| loaded.manifest.title.clone()),
        digest: loaded.map(|loaded| loaded.digest.clone()),
        origin: entry.origin.clone(),
        grant: loaded.and_then(|loaded| loaded.grant),
        last_error: entry.last_error.clone(),
        quarantine: None,
        built_in: None,
        loaded_at: entry.loaded_at,
        channel: None,
    }
}
