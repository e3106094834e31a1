//! Installed connectors as they stand: for operators, for nodes, and for one organisation.

use serde::Serialize;

use crate::Engine;
use crate::channel::Channel;
use crate::store::connector_comparisons::{CountsRow, DifferenceRow};
use crate::store::connector_pins::PinRow;
use crate::store::connectors::{ChangeRow, VersionRow};
use crate::store::{self, Scope, StoreError};

/// Changes that are shown.
const CHANGES: i64 = 20;
/// Pairs of versions that an organisation is shown.
const PAIRS: i64 = 3;
/// Deliveries that an organisation is shown of those that were read otherwise.
const DIFFERENCES: i64 = 5;

/// A connector as it stands in the database.
#[derive(Debug, Clone, Serialize)]
pub struct Installed {
    /// Its id.
    pub connector_id: String,
    /// Which versions read.
    pub channel: Channel,
    /// All of them, newest first.
    pub versions: Vec<VersionRow>,
    /// The sources that stay with one of them.
    pub pins: Vec<PinRow>,
    /// What happened last, newest first.
    pub changes: Vec<ChangeRow>,
}

/// A connector with installed versions, as one organisation may see it: with its own sources and deliveries.
#[derive(Debug, Clone)]
pub struct Release {
    /// The connector.
    pub connector_id: String,
    /// Which versions read.
    pub channel: Channel,
    /// All of them, newest first.
    pub versions: Vec<VersionRow>,
    /// The organisation's sources that stay with one of them.
    pub pins: Vec<PinRow>,
    /// How shadows read the organisation's deliveries, the latest pair of versions first.
    pub comparisons: Vec<CountsRow>,
    /// The latest of them that were read otherwise.
    pub differences: Vec<DifferenceRow>,
}

impl Engine {
    /// Everything known of an installed connector; `None` when nothing of this id was ever installed.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn installed_connector(&self, connector_id: &str) -> Result<Option<Installed>, StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let channels = store::connectors::channels(&mut tx).await?;
        let channel = channels.into_iter().find(|(id, _)| id == connector_id).map(|(_, channel)| channel);
        let versions = store::connectors::versions(&mut tx, connector_id).await?;
        let pins = store::connector_pins::of_connector(&mut tx, connector_id).await?;
        let changes = store::connectors::changes(&mut tx, connector_id, CHANGES).await?;
        tx.commit().await?;
        let connector_id = connector_id.to_owned();
        Ok(channel.map(|channel| Installed { connector_id, channel, versions, pins, changes }))
    }

    /// Every connector with installed versions, by id, as an organisation may see it.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn connector_releases(&self, org_id: &str) -> Result<Vec<Release>, StoreError> {
        let mut releases = Vec::new();
        let mut tx = self.store.begin(Scope::System).await?;
        for (connector_id, channel) in store::connectors::channels(&mut tx).await? {
            let versions = store::connectors::versions(&mut tx, &connector_id).await?;
            let (pins, comparisons, differences) = (Vec::new(), Vec::new(), Vec::new());
            releases.push(Release { connector_id, channel, versions, pins, comparisons, differences });
        }
        tx.commit().await?;
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let pins = store::connector_pins::of_org(&mut tx, org_id).await?;
        for release in &mut releases {
            let (id, whose) = (&*release.connector_id, Some(org_id));
            release.pins = pins.iter().filter(|pin| pin.connector == id).cloned().collect();
            release.comparisons = store::connector_comparisons::counts(&mut tx, id, whose, PAIRS).await?;
            release.differences =
                store::connector_comparisons::differences(&mut tx, id, whose, DIFFERENCES).await?;
        }
        tx.commit().await?;
        Ok(releases)
    }

    /// Every channel with the versions that a node must hold ready for it: those in use, and those that sources are
    /// pinned to.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn connector_channels(&self) -> Result<Vec<(String, Channel, Vec<String>)>, StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let channels = store::connectors::channels(&mut tx).await?;
        let pinned = store::connector_pins::versions(&mut tx).await?;
        tx.commit().await?;
        let held = |(id, channel): (String, Channel)| {
            let mut digests: Vec<String> = channel.digests().map(str::to_owned).collect();
            digests.extend(pinned.iter().filter(|(of, _)| *of == id).map(|(_, digest)| digest.clone()));
            digests.sort_unstable();
            digests.dedup();
            (id, channel, digests)
        };
        Ok(channels.into_iter().map(held).collect())
    }

    /// The bytes of a version.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn connector_component(
        &self,
        connector_id: &str,
        digest: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let bytes = store::connectors::component(&mut tx, connector_id, digest).await?;
        tx.commit().await?;
        Ok(bytes)
    }
}
