//! Everything known of connectors, for people: what is part of the program, what files hold, what is installed.

use std::collections::BTreeMap;

use super::bundled::Own;
use super::channel::Held;
use super::{ConnectorStatus, Connectors, Origin};

impl Connectors {
    /// Every connector, in order of id, with those that were refused.
    pub fn list(&self) -> Vec<ConnectorStatus> {
        let mut all: BTreeMap<String, ConnectorStatus> =
            self.catalog.list().into_iter().map(|status| (status.id.clone(), status)).collect();
        for (id, held) in &*self.channels.all() {
            let status = match all.remove(id) {
                Some(beneath) => above(beneath, held),
                None => installed(id, held),
            };
            all.insert(id.clone(), status);
        }
        let mut list: Vec<_> = all.into_values().collect();
        for status in &mut list {
            status.built_in = Own::of(&status.id).map(|own| own.built_in.clone());
            status.quarantine = status.digest.as_deref().and_then(|digest| self.quarantine.status(digest));
        }
        list
    }
}

/// An installed connector over one that is there already. A file stays in use: it is somebody's work in progress.
fn above(beneath: ConnectorStatus, held: &Held) -> ConnectorStatus {
    let channel = Some(held.status());
    let hidden = matches!(beneath.origin, Origin::File(_)) && beneath.version.is_some();
    if hidden || held.live.is_none() {
        let last_error = beneath.last_error.or_else(|| held.last_error.clone());
        return ConnectorStatus { last_error, channel, ..beneath };
    }
    installed(&beneath.id, held)
}

fn installed(id: &str, held: &Held) -> ConnectorStatus {
    let live = held.live.as_ref();
    ConnectorStatus {
        id: id.to_owned(),
        version: live.map(|loaded| loaded.manifest.version.clone()),
        title: live.map(|loaded| loaded.manifest.title.clone()),
        digest: live.map(|loaded| loaded.digest.clone()),
        origin: Origin::Installed,
        grant: live.and_then(|loaded| loaded.grant),
        last_error: held.last_error.clone(),
        quarantine: None,
        built_in: None,
        loaded_at: live.map(|_| held.loaded_at),
        channel: Some(held.status()),
    }
}
