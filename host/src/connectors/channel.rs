//! `Channels`: the versions of installed connectors that this node holds, and which of them reads a delivery.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use ase_engine::channel::Channel;
use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;

use super::component::Loaded;

/// How long a delivery waits for the version that its source was just pinned to: a node needs about as long to fetch
/// and compile one.
const ARRIVAL: Duration = Duration::from_secs(3);

/// One installed connector on this node.
#[derive(Clone)]
pub(super) struct Held {
    /// How it should stand.
    pub(super) channel: Channel,
    /// What reads: the live version, else the last one that could be used, else nothing and the program's own reads.
    pub(super) live: Option<Arc<Loaded>>,
    /// Every version that is ready, by digest.
    pub(super) versions: BTreeMap<String, Arc<Loaded>>,
    /// Why the latest version cannot be used here.
    pub(super) last_error: Option<String>,
    /// Since when the live one is in use.
    pub(super) loaded_at: DateTime<Utc>,
}

/// How an installed connector stands on this node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChannelStatus {
    /// How it should stand everywhere.
    #[serde(flatten)]
    pub channel: Channel,
    /// The versions that are ready here.
    pub held: Vec<String>,
}

impl Held {
    /// The version that reads this body: the canary its share, live the rest.
    fn reader(&self, body: &[u8]) -> Option<&Arc<Loaded>> {
        let canary = self.channel.canary.as_ref().and_then(|canary| {
            let chosen = share(&canary.digest, body) < canary.percent;
            chosen.then(|| self.versions.get(&canary.digest)).flatten()
        });
        canary.or(self.live.as_ref())
    }

    /// How it stands, for people.
    pub(super) fn status(&self) -> ChannelStatus {
        ChannelStatus { channel: self.channel.clone(), held: self.versions.keys().cloned().collect() }
    }
}

/// Where a body falls among 100 shares. The same body falls on the same place, so that a delivery that is sent again
/// meets the same version; another canary takes other bodies, so that no sender is always among the first.
fn share(digest: &str, body: &[u8]) -> i32 {
    let hash = Sha256::new().chain_update(digest).chain_update([0]).chain_update(body).finalize();
    let number = hash.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    i32::try_from(number % 100).unwrap_or(0)
}

/// All installed connectors of this node, swapped as a whole so that a call never waits for a change.
pub(super) struct Channels {
    held: ArcSwap<BTreeMap<String, Held>>,
    swaps: watch::Sender<()>,
}

impl Default for Channels {
    fn default() -> Self {
        Self { held: ArcSwap::default(), swaps: watch::Sender::new(()) }
    }
}

impl Channels {
    /// The version that reads this body, where one is installed.
    pub(super) fn reader(&self, id: &str, body: &[u8]) -> Option<Arc<Loaded>> {
        self.held.load().get(id)?.reader(body).cloned()
    }

    /// The live version, where one is installed.
    pub(super) fn live(&self, id: &str) -> Option<Arc<Loaded>> {
        self.held.load().get(id)?.live.clone()
    }

    /// The version that is compared, where there is one.
    pub(super) fn shadow(&self, id: &str) -> Option<Arc<Loaded>> {
        let held = self.held.load();
        let held = held.get(id)?;
        held.versions.get(held.channel.shadow.as_ref()?).cloned()
    }

    /// A version by its digest. One that is on its way to this node is waited for.
    pub(super) async fn version(&self, id: &str, digest: &str) -> Option<Arc<Loaded>> {
        let find = || self.held.load().get(id)?.versions.get(digest).cloned();
        // subscribed before the first look, so that no swap is missed
        let mut swaps = self.swaps.subscribe();
        if let Some(found) = find() {
            return Some(found);
        }
        let arrived = swaps.wait_for(|()| find().is_some());
        let _ = tokio::time::timeout(ARRIVAL, arrived).await;
        find()
    }

    /// All of them.
    pub(super) fn all(&self) -> Arc<BTreeMap<String, Held>> {
        self.held.load_full()
    }

    /// Puts others in their place.
    pub(super) fn swap(&self, held: BTreeMap<String, Held>) {
        self.held.store(Arc::new(held));
        self.swaps.send_replace(());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_stable_and_even() {
        let (digest, other) = ("sha256:aa", "sha256:bb");
        let place = |digest: &str, number: u32| share(digest, number.to_string().as_bytes());
        let taken = |percent: i32| (0..10_000).filter(|number| place(digest, *number) < percent).count();
        assert_eq!(place(digest, 7), place(digest, 7));
        assert!((0..10_000).all(|number| (0..100).contains(&place(digest, number))));
        assert!(taken(10).abs_diff(1000) < 150, "{}", taken(10));
        let moved = (0..10_000).filter(|number| place(digest, *number) != place(other, *number)).count();
        assert!(moved > 9_500, "another canary takes other bodies: {moved}");
        let wider = (0..10_000).filter(|number| place(digest, *number) < 10 && place(digest, *number) >= 20);
        assert_eq!(wider.count(), 0, "a wider share keeps those of the narrower one");
    }
}
