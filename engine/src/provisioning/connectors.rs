//! Connectors that operators install: into the database, and from there to every node.
//!
//! They belong to the deployment. A change of one is noted for good, and in the audit log of every organisation with a
//! source of it, in the same transaction.

use serde::Serialize;
use serde_json::{Value, json};

use super::ProvisioningError;
use crate::Engine;
use crate::audit::{Actor, action};
use crate::channel::{Channel, Seat, TakenBack};
use crate::journal::Journal;
use crate::store::connectors::NewVersion;
use crate::store::{self, Scope, StoreError, Tx};

/// Fewest hexadecimal digits that name a version.
const BEGINNING_MIN: usize = 6;

/// What a change led to.
#[derive(Debug, Clone, Serialize)]
pub struct Moved {
    /// The connector.
    pub connector_id: String,
    /// The version that it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// What a step back took back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_back: Option<TakenBack>,
    /// Which versions read now.
    pub channel: Channel,
}

impl Engine {
    /// Keeps a version and puts it on a seat. Whoever calls has proved it.
    ///
    /// # Errors
    /// [`ProvisioningError::Invalid`] when it cannot be put there; then nothing is kept.
    pub async fn install_connector(
        &self,
        new: NewVersion<'_>,
        seat: Seat,
        actor: &Actor,
    ) -> Result<Moved, ProvisioningError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let mut channel = store::connectors::queue(&mut tx, new.connector_id).await?;
        store::connectors::insert(&mut tx, new, &actor.id).await?;
        channel.seat(new.digest, seat).map_err(invalid)?;
        let change = Change {
            action: action::CONNECTOR_INSTALLED,
            digest: Some(new.digest),
            told: json!({ "version": new.version, "as": seat, "signed_by": new.signed_by }),
        };
        commit(tx, new.connector_id, channel, change, actor).await
    }

    /// Puts a version that is kept already on a seat; without one, what is on trial.
    ///
    /// # Errors
    /// [`ProvisioningError`].
    pub async fn seat_connector(
        &self,
        connector_id: &str,
        digest: Option<&str>,
        seat: Seat,
        actor: &Actor,
    ) -> Result<Moved, ProvisioningError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let mut channel = store::connectors::queue(&mut tx, connector_id).await?;
        let digest = match digest {
            Some(beginning) => one(&mut tx, connector_id, beginning).await?,
            None => channel.on_trial().map_err(invalid)?,
        };
        channel.seat(&digest, seat).map_err(invalid)?;
        let change =
            Change { action: action::CONNECTOR_MOVED, digest: Some(&digest), told: json!({ "as": seat }) };
        commit(tx, connector_id, channel, change, actor).await
    }

    /// Takes the latest step back. `built_in` says whether the program has a connector of this id itself.
    ///
    /// # Errors
    /// [`ProvisioningError::Invalid`] when there is nothing to go back to.
    pub async fn roll_back_connector(
        &self,
        connector_id: &str,
        built_in: bool,
        actor: &Actor,
    ) -> Result<Moved, ProvisioningError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let mut channel = store::connectors::queue(&mut tx, connector_id).await?;
        let back = channel.roll_back(built_in).map_err(invalid)?;
        let live = channel.live.clone();
        let change = Change {
            action: action::CONNECTOR_ROLLED_BACK,
            digest: live.as_deref(),
            told: json!({ "taken_back": back }),
        };
        let moved = commit(tx, connector_id, channel, change, actor).await?;
        Ok(Moved { taken_back: Some(back), ..moved })
    }

    /// Ends every trial of a connector: live reads everything, and nothing is compared.
    ///
    /// # Errors
    /// [`ProvisioningError::Invalid`] when there is none.
    pub async fn withdraw_connector(
        &self,
        connector_id: &str,
        actor: &Actor,
    ) -> Result<Moved, ProvisioningError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let mut channel = store::connectors::queue(&mut tx, connector_id).await?;
        if !channel.withdraw() {
            let detail = "there is neither a canary nor a shadow to withdraw";
            return Err(ProvisioningError::Invalid(detail.to_owned()));
        }
        let change =
            Change { action: action::CONNECTOR_MOVED, digest: None, told: json!({ "as": "withdrawn" }) };
        commit(tx, connector_id, channel, change, actor).await
    }

    /// Puts a version away that nothing uses: no node holds it any longer. What it was stays known.
    ///
    /// # Errors
    /// [`ProvisioningError::Invalid`] when it is in use.
    pub async fn retire_connector(
        &self,
        connector_id: &str,
        digest: &str,
        actor: &Actor,
    ) -> Result<Moved, ProvisioningError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let channel = store::connectors::queue(&mut tx, connector_id).await?;
        let digest = one(&mut tx, connector_id, digest).await?;
        if let Some(seat) = channel.seat_of(&digest) {
            let detail = format!("this version is the {seat}: put another in its place first");
            return Err(ProvisioningError::Invalid(detail));
        }
        if store::connector_pins::versions(&mut tx)
            .await?
            .contains(&(connector_id.to_owned(), digest.clone()))
        {
            let detail = "sources are pinned to this version: unpin them first";
            return Err(ProvisioningError::Invalid(detail.to_owned()));
        }
        if channel.previous.as_deref() == Some(digest.as_str()) {
            let detail = "a rollback leads to this version: it can be retired once another one was live";
            return Err(ProvisioningError::Invalid(detail.to_owned()));
        }
        store::connectors::retire(&mut tx, connector_id, &digest).await?;
        let change = Change { action: action::CONNECTOR_RETIRED, digest: Some(&digest), told: json!({}) };
        commit(tx, connector_id, channel, change, actor).await
    }
}

/// What is told of a change.
struct Change<'a> {
    action: &'static str,
    digest: Option<&'a str>,
    told: Value,
}

/// Stores a channel with its history and the entries of the audit logs, all at once.
async fn commit(
    mut tx: Tx,
    connector_id: &str,
    channel: Channel,
    change: Change<'_>,
    actor: &Actor,
) -> Result<Moved, ProvisioningError> {
    store::connectors::put(&mut tx, connector_id, &channel, &actor.id).await?;
    let stands = serde_json::to_value(&channel).or(Err(StoreError::Corrupt("channel")))?;
    let noted = (change.action, change.digest);
    store::connectors::note(&mut tx, connector_id, noted, &stands, &actor.id).await?;
    let mut told = json!({ "connector": connector_id, "connector_digest": change.digest, "channel": stands });
    if let (Some(told), Value::Object(more)) = (told.as_object_mut(), change.told) {
        told.extend(more);
    }
    let now = tx.now().await?;
    for org_id in store::connectors::concerned(&mut tx, connector_id).await? {
        let mut journal = Journal::new(&org_id, None, now);
        journal.note(actor, change.action, told.clone());
        store::audit_entries::append(&mut tx, &org_id, journal.entries()).await?;
    }
    tx.commit().await?;
    let digest = change.digest.map(str::to_owned);
    Ok(Moved { connector_id: connector_id.to_owned(), digest, taken_back: None, channel })
}

/// The one version whose digest begins so, with or without `sha256:`.
pub(super) async fn one(
    tx: &mut Tx,
    connector_id: &str,
    beginning: &str,
) -> Result<String, ProvisioningError> {
    let found = store::connectors::named(tx, connector_id, &whole(beginning)?).await?;
    match <[String; 1]>::try_from(found) {
        Ok([digest]) => Ok(digest),
        Err(none) if none.is_empty() => Err(ProvisioningError::NotFound("installed version")),
        Err(_) => Err(several()),
    }
}

/// The beginning of a digest with `sha256:` before it.
pub(super) fn whole(beginning: &str) -> Result<String, ProvisioningError> {
    let digits = beginning.strip_prefix("sha256:").unwrap_or(beginning);
    if digits.len() < BEGINNING_MIN {
        let detail = format!("name a version by at least {BEGINNING_MIN} digits of its digest");
        return Err(ProvisioningError::Invalid(detail));
    }
    Ok(format!("sha256:{digits}"))
}

pub(super) fn several() -> ProvisioningError {
    ProvisioningError::Invalid("several versions begin so: give more of the digest".to_owned())
}

fn invalid(error: crate::channel::ChannelError) -> ProvisioningError {
    ProvisioningError::Invalid(error.to_string())
}
