//! Organisations, keys, users, sources, policies and lists: made, changed and taken back, each with its audit entry.

mod brand;
mod comparisons;
mod connectors;
mod installed;
mod lists;
mod overview;
mod pins;
mod policies;
mod sources;
mod variants;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use thiserror::Error;

pub use comparisons::{Compared, Comparison, Verdict};
pub use connectors::Moved;
pub use installed::{Installed, Release};
pub use lists::{EntryFilter, Imported, Listed};
pub use overview::{SourceOverview, SourcesOverview};
pub use pins::Pinned;
pub use policies::{Wish, candidate};
pub use sources::{NewSecret, NewSource, SECRET_OVERLAP_HOURS};

use crate::Engine;
use crate::access::KeyScope;
use crate::audit::{Actor, action};
use crate::brand::Texts;
use crate::directory::API_KEY_PREFIX;
use crate::id::{random_id, random_secret};
use crate::journal::Journal;
use crate::org::Org;
use crate::outbox::Channel;
use crate::password;
use crate::policy::{Policy, Status};
use crate::problem::FieldError;
use crate::reach::Reach;
use crate::store::policies::NewPolicy;
use crate::store::users::UserRow;
use crate::store::{self, Scope, StoreError};

/// Shortest password of a user, in characters (NIST SP 800-63B section 5.1.1).
const PASSWORD_MIN: usize = 12;
/// Days that an organisation may keep what platforms sent.
const DELIVERY_DAYS_MAX: i32 = 400;
/// Roles that a user may have.
pub const ROLES: [&str; 5] = ["owner", "admin", "analyst", "auditor", "developer"];

/// Why something was not made.
#[derive(Debug, Error)]
pub enum ProvisioningError {
    /// What was given is wrong.
    #[error("{0}")]
    Invalid(String),
    /// A field is wrong.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// There is nothing of that id.
    #[error("there is no {0} of this id")]
    NotFound(&'static str),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
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
        Texts::of(&org).check()?;
        org.org_id = random_id("org_", &mut rand::rng());
        let policy = Policy::default_policy();
        let document = serde_json::to_value(&policy).or(Err(StoreError::Corrupt("policy")))?;
        let mut tx = self.store.begin(Scope::Org(&org.org_id)).await?;
        store::orgs::insert(&mut tx, &org).await?;
        let (kid, sealed) = self.new_token_key(&org.org_id);
        store::orgs::add_token_key(&mut tx, &org.org_id, &kid, &sealed).await?;
        let digest = policy.digest();
        let new = NewPolicy {
            name: &policy.name,
            digest: &digest,
            document: &document,
            status: Status::Checked.as_str(),
            author: &actor.id,
        };
        let version = store::policies::insert(&mut tx, &org.org_id, new).await?;
        let after = Status::Retired.as_str();
        store::policies::make_live(&mut tx, &org.org_id, &policy.name, version, &actor.id, after).await?;
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

    /// Says for how many days an organisation keeps what its platforms sent; 0 for not at all. It holds for what is
    /// kept already, within minutes.
    ///
    /// # Errors
    /// [`ProvisioningError`].
    pub async fn keep_deliveries(
        &self,
        org_id: &str,
        days: i32,
        actor: &Actor,
    ) -> Result<(), ProvisioningError> {
        if !(0..=DELIVERY_DAYS_MAX).contains(&days) {
            let detail = format!("days must be 0 to {DELIVERY_DAYS_MAX}");
            return Err(ProvisioningError::Invalid(detail));
        }
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        if !store::orgs::keep_deliveries(&mut tx, org_id, days).await? {
            return Err(ProvisioningError::NotFound("organisation"));
        }
        let mut journal = Journal::new(org_id, None, tx.now().await?);
        journal.note(actor, action::ORG_CHANGED, json!({ "delivery_days": days }));
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        Ok(tx.commit().await?)
    }

    /// Says on which ways an organisation's codes go, and how many.
    ///
    /// # Errors
    /// [`ProvisioningError`]; [`ProvisioningError::Field`] names what is wrong.
    pub async fn set_reach(
        &self,
        org_id: &str,
        reach: Reach,
        actor: &Actor,
    ) -> Result<Reach, ProvisioningError> {
        let reach = reach.checked()?;
        if reach.channels.contains(&Channel::Sms) && !self.texts {
            let detail =
                "this deployment sends no text messages: set ASE_SMS_ACCOUNT_SID and what belongs to it";
            return Err(FieldError::new("/channels", detail).into());
        }
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        if !store::orgs::set_reach(&mut tx, org_id, &reach).await? {
            return Err(ProvisioningError::NotFound("organisation"));
        }
        let mut journal = Journal::new(org_id, None, tx.now().await?);
        journal.note(actor, action::ORG_CHANGED, serde_json::to_value(&reach).unwrap_or_default());
        store::audit_entries::append(&mut tx, org_id, journal.entries()).await?;
        tx.commit().await?;
        Ok(reach)
    }

    /// On which ways an organisation's codes go.
    ///
    /// # Errors
    /// [`ProvisioningError::NotFound`].
    pub async fn reach(&self, org_id: &str) -> Result<Reach, ProvisioningError> {
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let reach = store::orgs::reach(&mut tx, org_id).await?;
        tx.commit().await?;
        reach.ok_or(ProvisioningError::NotFound("organisation"))
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
}
