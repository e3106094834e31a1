//! Everything known of connectors, for people: what is part of the program, what files hold, what is installed.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::bundled::Own;
use super::channel::Held;
use super::{BuiltIn, ChannelStatus, Connectors, Grant, QuarantineStatus};

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
    pub(super) fn file(path: &Path) -> Self {
        Self::File(path.into())
    }

    pub(super) fn is(&self, path: &Path) -> bool {
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
