//! Organisations, keys, users, sources and policies: made, changed and taken back, each with its audit entry.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use thiserror::Error;

use crate::Engine;
use crate::access::KeyScope;
use crate::audit::{Actor, action};
use crate::directory::API_KEY_PREFIX;
use crate::id::{random_id, random_secret};
use crate::journal::Journal;
use crate::org::Org;
use crate::password;
use crate::policy::Policy;
use crate::store::policies::PolicyRow;
use crate::store::sources::SourceRow;
use crate::store::users::UserRow;
use crate::store::{self, Scope, StoreError};

/// How long a replaced secret of a source still counts, in hours.
pub const SECRET_OVERLAP_HOURS: i32 = 24;
/// Shortest password of a user, in characters (NIST SP 800-63B section 5.1.1).
const PASSWORD_MIN: usize = 12;
/// Roles that a user may have.
pub const ROLES: [&str; 5] = ["owner", "admin", "analyst", "auditor", "developer"];

/// Why something was not made.
#[derive(Debug, Error)]
pub enum ProvisioningError {
    /// What was given is wrong.
    #[error("{0}")]
    Invalid(String),
    /// There is nothing of that id.
    #[error("there is no {0} of this id")]
    NotFound(&'static str),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

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

impl Engine {
    /// Makes an organisation with a signing key and the default policy. Its id is returned.
    ///
    /// # Errors
    /// [`ProvisioningError`].
    pub async fn create_org(&self, mut org: Org, actor: &Actor) -> Result<String, ProvisioningError> {
        if org.name.trim().is_empty()
            || org.name.chars().count() > 80
            || org.name.chars().any(char::is_control)
        {
            return Err(ProvisioningError::Invalid(
                "name must be 1 to 80 characters without controls".to_owned(),
            ));
        }
        check_support_url(org.support_url.as_deref())?;
        org.org_id = random_id("org_", &mut rand::rng());
        let policy = Policy::default_policy();
        let document = serde_json::to_value(&policy).or(Err(StoreError::Corrupt("policy")))?;
        let mut tx = self.store.begin(Scope::Org(&org.org_id)).await?;
        store::orgs::insert(&mut tx, &org).await?;
        let (kid, sealed) = self.new_token_key(&org.org_id);
        store::orgs::add_token_key(&mut tx, &org.org_id, &kid, &sealed).await?;
        let digest = policy.digest();
        store::policies::publish(&mut tx, &org.org_id, &policy.name, &digest, &document, &actor.id).await?;
        let mut journal = Journal::new(&org.org_id, None, tx.now().await?);
        journal.note(actor, action::ORG_CREATED, json!({ "policy_digest": digest, "kid": kid }));
        store::audit_entries::append(&mut tx, &org.org_id, journal.entries()).await?;
        tx.commit().await?;
        Ok(org.org_id)
    }

    fn new_token_key(&self, org_id: &str) -> (String, Vec<u8>) {
        let kid = random_id("kid_", &mut rand::rng());
        let secret = random_secret(&mut rand::rng());
        let sealed =
            self.master.org(org_id).seal(&format!("token-key/{kid}"), secret.as_bytes(), &mut rand::rng());
        (kid, sealed)
    }

    /// Signs with a new key from now on; tokens of the old ones stay good until they end.
    ///
    /// # Errors
    /// [`ProvisioningError`].
    pub async fn rotate_token_key(&self, org_id: &str, actor: &Actor) -> Result<String, ProvisioningError> {
        let (kid, sealed) = self.new_token_key(org_id);
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        store::orgs::find(&mut tx, org_id).await?.ok_or(ProvisioningError::NotFound("organisation"))?;
        store::orgs::add_token_key(&mut tx, org_id, &kid, &sealed).await?;
        // one minute more than a token lives
        store::orgs::retire_token_keys(&mut tx, org_id, &kid, 11).await?;
        let mut journal = Journal::new(org_id, None, tx.now().await?);
        journal.note(actor, action::KEY_ROTATED, json!({ "kid": kid }));
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await?;
        Ok(kid)
    }

    /// All organisations.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn orgs(&self) -> Result<Vec<Org>, StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let orgs = store::orgs::list(&mut tx).await?;
        tx.commit().await?;
        Ok(orgs)
    }

    /// Makes a machine key. It is returned here and never again.
    ///
    /// # Errors
    /// [`ProvisioningError`].
    pub async fn create_key(
        &self,
        org_id: &str,
        name: &str,
        scopes: &[KeyScope],
        actor: &Actor,
    ) -> Result<SecretString, ProvisioningError> {
        if scopes.is_empty() {
            return Err(ProvisioningError::Invalid("a key needs at least one scope".to_owned()));
        }
        let id = random_id("", &mut rand::rng());
        let secret = random_secret(&mut rand::rng());
        let key_id = format!("key_{id}");
        let names: Vec<String> = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        store::orgs::find(&mut tx, org_id).await?.ok_or(ProvisioningError::NotFound("organisation"))?;
        let digest = crate::directory::secret_digest(&secret);
        store::api_keys::insert(&mut tx, org_id, &key_id, name, &digest, &names).await?;
        let mut journal = Journal::new(org_id, None, tx.now().await?);
        journal.note(actor, action::KEY_CREATED, json!({ "key_id": key_id, "scopes": names }));
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await?;
        Ok(SecretString::from(format!("{API_KEY_PREFIX}{id}_{secret}")))
    }

    /// The machine keys of an organisation.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn keys(&self, org_id: &str) -> Result<Vec<store::api_keys::ApiKeyRow>, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let keys = store::api_keys::list(&mut tx, org_id).await?;
        tx.commit().await?;
        Ok(keys)
    }

    /// Takes a machine key back, everywhere at once.
    ///
    /// # Errors
    /// [`ProvisioningError::NotFound`] when there is none to take back.
    pub async fn revoke_key(
        &self,
        org_id: &str,
        key_id: &str,
        actor: &Actor,
    ) -> Result<(), ProvisioningError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        if !store::api_keys::revoke(&mut tx, org_id, key_id).await? {
            return Err(ProvisioningError::NotFound("key"));
        }
        let mut journal = Journal::new(org_id, None, tx.now().await?);
        journal.note(actor, action::KEY_REVOKED, json!({ "key_id": key_id }));
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        Ok(tx.commit().await?)
    }

    /// Makes a user of the dashboard. The id is returned.
    ///
    /// # Errors
    /// [`ProvisioningError`].
    pub async fn create_user(
        &self,
        org_id: &str,
        email: &str,
        role: &str,
        password: SecretString,
        actor: &Actor,
    ) -> Result<String, ProvisioningError> {
        if !crate::event::is_email_address(email) {
            return Err(ProvisioningError::Invalid("email must be an e-mail address".to_owned()));
        }
        if !ROLES.contains(&role) {
            return Err(ProvisioningError::Invalid(format!("role must be one of {}", ROLES.join(", "))));
        }
        if password.expose_secret().chars().count() < PASSWORD_MIN {
            return Err(ProvisioningError::Invalid(format!(
                "password must be at least {PASSWORD_MIN} characters"
            )));
        }
        let hashing = tokio::task::spawn_blocking(move || password::hash(&password, &mut rand::rng()));
        let password_hash = hashing.await.ok().and_then(Result::ok).ok_or(StoreError::Corrupt("password"))?;
        let user = UserRow {
            org_id: org_id.to_owned(),
            user_id: random_id("usr_", &mut rand::rng()),
            email: email.to_owned(),
            password_hash,
            role: role.to_owned(),
            disabled: false,
        };
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        store::orgs::find(&mut tx, org_id).await?.ok_or(ProvisioningError::NotFound("organisation"))?;
        store::users::insert(&mut tx, &user).await?;
        let mut journal = Journal::new(org_id, None, tx.now().await?);
        journal.note(actor, action::USER_CREATED, json!({ "user_id": user.user_id, "role": role }));
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await?;
        Ok(user.user_id)
    }

    /// The users of an organisation.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn users(&self, org_id: &str) -> Result<Vec<UserRow>, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let users = store::users::list(&mut tx, org_id).await?;
        tx.commit().await?;
        Ok(users)
    }

    /// Disables a user and signs them out everywhere.
    ///
    /// # Errors
    /// [`ProvisioningError::NotFound`] when there is none to disable.
    pub async fn disable_user(
        &self,
        org_id: &str,
        user_id: &str,
        actor: &Actor,
    ) -> Result<(), ProvisioningError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        if !store::users::disable(&mut tx, org_id, user_id).await? {
            return Err(ProvisioningError::NotFound("user"));
        }
        let mut journal = Journal::new(org_id, None, tx.now().await?);
        journal.note(actor, action::USER_DISABLED, json!({ "user_id": user_id }));
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        Ok(tx.commit().await?)
    }

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
            created_at: now,
            disabled_at: None,
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
    ) -> Result<SecretString, ProvisioningError> {
        let secret = secret.unwrap_or_else(webhook_secret);
        let (secret_id, sealed) = self.seal_source_secret(org_id, &secret);
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        store::sources::find(&mut tx, source_id).await?.ok_or(ProvisioningError::NotFound("source"))?;
        let sealed = (secret_id.as_str(), sealed.as_slice());
        store::sources::add_secret(&mut tx, org_id, source_id, sealed, SECRET_OVERLAP_HOURS).await?;
        let mut journal = Journal::new(org_id, None, tx.now().await?);
        let noted = json!({ "source_id": source_id, "secret_id": secret_id });
        journal.note(actor, action::SOURCE_CHANGED, noted);
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await?;
        Ok(secret)
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

    /// Publishes a policy: the next version of its name, live from the next event on.
    ///
    /// # Errors
    /// [`ProvisioningError::Invalid`] naming what is wrong with the document.
    pub async fn publish_policy(
        &self,
        org_id: &str,
        name: &str,
        document: &str,
        actor: &Actor,
    ) -> Result<PolicyRow, ProvisioningError> {
        let policy = read_policy(name, document)?;
        let document = serde_json::to_value(&policy).or(Err(StoreError::Corrupt("policy")))?;
        let digest = policy.digest();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let version = store::policies::publish(&mut tx, org_id, name, &digest, &document, &actor.id).await?;
        let now = tx.now().await?;
        let mut journal = Journal::new(org_id, None, now);
        let noted = json!({ "policy": name, "version": version, "policy_digest": digest });
        journal.note(actor, action::POLICY_PUBLISHED, noted);
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await?;
        let author = actor.id.clone();
        Ok(PolicyRow {
            name: name.to_owned(),
            version,
            digest,
            document,
            author,
            live: true,
            created_at: now,
        })
    }

    /// All policy versions of an organisation, newest first.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn policies(&self, org_id: &str) -> Result<Vec<PolicyRow>, StoreError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let rows = store::policies::list(&mut tx, org_id).await?;
        tx.commit().await?;
        Ok(rows)
    }
}

/// A document under the name in its address, which is read by the same rule as a name in a document.
fn read_policy(name: &str, document: &str) -> Result<Policy, ProvisioningError> {
    let invalid = |error: &dyn std::fmt::Display| ProvisioningError::Invalid(error.to_string());
    let mut written: serde_json::Map<String, serde_json::Value> =
        crate::problem::from_json(document.as_bytes()).map_err(|error| invalid(&error))?;
    written.insert("name".to_owned(), name.into());
    Policy::from_json(&serde_json::Value::Object(written).to_string()).map_err(|error| invalid(&error))
}

/// A secret of our making, in the form of Standard Webhooks: `whsec_` and 32 random bytes in base64.
fn webhook_secret() -> SecretString {
    use base64::Engine as _;
    let bytes: [u8; 32] = rand::random();
    SecretString::from(format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode(bytes)))
}

/// The official support page is shown as a link to people in danger: https alone.
fn check_support_url(url: Option<&str>) -> Result<(), ProvisioningError> {
    match url.map(url::Url::parse) {
        None => Ok(()),
        Some(Ok(url)) if url.scheme() == "https" => Ok(()),
        Some(_) => Err(ProvisioningError::Invalid("support_url must be an https URL".to_owned())),
    }
}
