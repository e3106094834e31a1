//! Sources of webhooks and their secrets.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::ProvisioningError;
use crate::Engine;
use crate::audit::{Actor, action};
use crate::id::random_id;
use crate::journal::Journal;
use crate::store::sources::{SecretUse, SourceRow};
use crate::store::{self, Scope, StoreError};

/// How long a replaced secret of a source still counts, in hours.
pub const SECRET_OVERLAP_HOURS: i32 = 24;

/// Secrets that are good for a source at one time: each of them is tried on every delivery.
const SECRETS_MAX: usize = 8;

/// Longest time without a delivery that can be expected of a source: 30 days.
const SILENCE_MINUTES_MAX: i32 = 43_200;

/// A source about to be made.
#[derive(Debug)]
pub struct NewSource {
    /// Which connector reads it.
    pub connector: String,
    /// As operators know it.
    pub name: String,
    /// Non-secret settings.
    pub settings: serde_json::Value,
    /// Its secret; `None` for one of our making, `whsec_` and 32 random bytes in base64.
    pub secret: Option<SecretString>,
    /// How old or how far ahead a signature may be, in seconds.
    pub tolerance_seconds: i32,
    /// HMAC-SHA-1 is accepted.
    pub allow_sha1: bool,
    /// A signature over part of the body is accepted.
    pub accept_partial: bool,
}

/// A secret that a source was given beside its old ones.
#[derive(Debug)]
pub struct NewSecret {
    /// `sec_...`.
    pub secret_id: String,
    /// The secret, to be shown once where it is of our making.
    pub secret: SecretString,
}

impl Engine {
    /// Makes a source of webhooks: its id and its secret are returned, the secret never again.
    ///
    /// # Errors
    /// [`ProvisioningError`].
    pub async fn create_source(
        &self,
        org_id: &str,
        new: NewSource,
        actor: &Actor,
    ) -> Result<(String, SecretString), ProvisioningError> {
        if !new.settings.is_object() {
            return Err(ProvisioningError::Invalid("settings must be a JSON object".to_owned()));
        }
        if !(1..=3600).contains(&new.tolerance_seconds) {
            return Err(ProvisioningError::Invalid("tolerance must be 1 to 3600 seconds".to_owned()));
        }
        let source_id = random_id("src_", &mut rand::rng());
        let secret = new.secret.unwrap_or_else(webhook_secret);
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let now = tx.now().await?;
        store::orgs::find(&mut tx, org_id).await?.ok_or(ProvisioningError::NotFound("organisation"))?;
        let row = SourceRow {
            org_id: org_id.to_owned(),
            source_id: source_id.clone(),
            connector: new.connector,
            name: new.name,
            settings: new.settings,
            tolerance_seconds: new.tolerance_seconds,
            allow_sha1: new.allow_sha1,
            accept_partial: new.accept_partial,
            silence_minutes: None,
            silent_since: None,
            created_at: now,
            disabled_at: None,
            connector_digest: None,
        };
        store::sources::insert(&mut tx, &row).await?;
        let (secret_id, sealed) = self.seal_source_secret(org_id, &secret);
        store::sources::add_secret(&mut tx, org_id, &source_id, (&secret_id, &sealed), 0).await?;
        let mut journal = Journal::new(org_id, None, now);
        let noted = json!({ "source_id": source_id, "connector": row.connector, "secret_id": secret_id });
        journal.note(actor, action::SOURCE_CREATED, noted);
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await?;
        Ok((source_id, secret))
    }

    fn seal_source_secret(&self, org_id: &str, secret: &SecretString) -> (String, Vec<u8>) {
        let secret_id = random_id("sec_", &mut rand::rng());
        let context = format!("source-secret/{secret_id}");
        let plain = secret.expose_secret().as_bytes();
        let sealed = self.master.org(org_id).seal(&context, plain, &mut rand::rng());
        (secret_id, sealed)
    }

    /// Gives a source a new secret; the old ones count for [`SECRET_OVERLAP_HOURS`] more.
    ///
    /// # Errors
    /// [`ProvisioningError`].
    pub async fn rotate_source(
        &self,
        org_id: &str,
        source_id: &str,
        secret: Option<SecretString>,
        actor: &Actor,
    ) -> Result<NewSecret, ProvisioningError> {
        let secret = secret.unwrap_or_else(webhook_secret);
        let (secret_id, sealed) = self.seal_source_secret(org_id, &secret);
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        store::sources::find(&mut tx, source_id).await?.ok_or(ProvisioningError::NotFound("source"))?;
        if store::sources::secrets(&mut tx, org_id, source_id).await?.len() >= SECRETS_MAX {
            let detail =
                format!("a source has at most {SECRETS_MAX} secrets at one time: end an old one first");
            return Err(ProvisioningError::Invalid(detail));
        }
        let sealed = (secret_id.as_str(), sealed.as_slice());
        store::sources::add_secret(&mut tx, org_id, source_id, sealed, SECRET_OVERLAP_HOURS).await?;
        let mut journal = Journal::new(org_id, None, tx.now().await?);
        let noted = json!({ "source_id": source_id, "secret_id": secret_id });
        journal.note(actor, action::SOURCE_CHANGED, noted);
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await?;
        Ok(NewSecret { secret_id, secret })
    }

    /// Ends a secret of a source before its overlap is over. The newest one goes on: without it the source would soon
    /// have none.
    ///
    /// # Errors
    /// [`ProvisioningError`].
    pub async fn end_source_secret(
        &self,
        org_id: &str,
        source_id: &str,
        secret_id: &str,
        actor: &Actor,
    ) -> Result<(), ProvisioningError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        if !store::sources::end_secret(&mut tx, org_id, source_id, secret_id).await? {
            let good = store::sources::secrets(&mut tx, org_id, source_id).await?;
            if good.iter().any(|(known, _)| known == secret_id) {
                let detail = "the newest secret of a source cannot be ended: give it another one first";
                return Err(ProvisioningError::Invalid(detail.to_owned()));
            }
            return Err(ProvisioningError::NotFound("secret"));
        }
        let mut journal = Journal::new(org_id, None, tx.now().await?);
        let noted = json!({ "source_id": source_id, "secret_ended": secret_id });
        journal.note(actor, action::SOURCE_CHANGED, noted);
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        Ok(tx.commit().await?)
    }

    /// The sources of an organisation.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn sources(&self, org_id: &str) -> Result<Vec<SourceRow>, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let sources = store::sources::list(&mut tx, org_id).await?;
        tx.commit().await?;
        Ok(sources)
    }

    /// Says after how many minutes without a delivery a source is worth a look; `None` for never.
    ///
    /// # Errors
    /// [`ProvisioningError`].
    pub async fn expect_source_within(
        &self,
        org_id: &str,
        source_id: &str,
        minutes: Option<i32>,
        actor: &Actor,
    ) -> Result<(), ProvisioningError> {
        if minutes.is_some_and(|minutes| !(1..=SILENCE_MINUTES_MAX).contains(&minutes)) {
            let detail = format!("silence must be 1 to {SILENCE_MINUTES_MAX} minutes (30 days)");
            return Err(ProvisioningError::Invalid(detail));
        }
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        if !store::sources::expect_within(&mut tx, org_id, source_id, minutes).await? {
            return Err(ProvisioningError::NotFound("source"));
        }
        let mut journal = Journal::new(org_id, None, tx.now().await?);
        let noted = json!({ "source_id": source_id, "silence_minutes": minutes });
        journal.note(actor, action::SOURCE_CHANGED, noted);
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        Ok(tx.commit().await?)
    }

    /// The secrets of a source that are good now, newest first, with the last time each proved a delivery: once the
    /// old one no longer does, a rotation is over.
    ///
    /// # Errors
    /// [`ProvisioningError::NotFound`] when there is no such source.
    pub async fn source_secrets(
        &self,
        org_id: &str,
        source_id: &str,
    ) -> Result<Vec<SecretUse>, ProvisioningError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        store::sources::find(&mut tx, source_id).await?.ok_or(ProvisioningError::NotFound("source"))?;
        let secrets = store::sources::secret_uses(&mut tx, org_id, Some(source_id)).await?;
        tx.commit().await?;
        Ok(secrets)
    }

    /// Disables a source: its webhooks are answered as if it were unknown.
    ///
    /// # Errors
    /// [`ProvisioningError::NotFound`] when there is none to disable.
    pub async fn disable_source(
        &self,
        org_id: &str,
        source_id: &str,
        actor: &Actor,
    ) -> Result<(), ProvisioningError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        if !store::sources::disable(&mut tx, org_id, source_id).await? {
            return Err(ProvisioningError::NotFound("source"));
        }
        let mut journal = Journal::new(org_id, None, tx.now().await?);
        journal.note(actor, action::SOURCE_CHANGED, json!({ "source_id": source_id, "disabled": true }));
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        Ok(tx.commit().await?)
    }
}

/// A secret of our making, in the form of Standard Webhooks: `whsec_` and 32 random bytes in base64.
fn webhook_secret() -> SecretString {
    use base64::Engine as _;
    let bytes: [u8; 32] = rand::random();
    SecretString::from(format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode(bytes)))
}
