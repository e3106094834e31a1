//! `Directory`: tenants, keys and sources in memory, dropped the moment any of them changes.
//!
//! Every change in the database notifies `ase_configuration`; while nobody listens, nothing is kept.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::access::{AccessError, Caller, KeyScope};
use crate::brand::Brand;
use crate::org::Org;
use crate::policy::{PolicyVersion, Status};
use crate::reach::Reach;
use crate::store::{self, Scope, Store, StoreError, Tx};
use crate::token::{Keyring, TokenKey};
use crate::variant::Variants;
use crate::vault::{MasterKey, OrgVault};

/// Prefix of every machine key.
pub const API_KEY_PREFIX: &str = "ase_sk_";

/// Everything a decision needs of an organisation.
#[derive(Debug)]
pub struct Tenant {
    /// Its own words and addresses.
    pub org: Org,
    /// How it looks, and what it says in other languages.
    pub brand: Brand,
    /// On which ways its codes go.
    pub reach: Reach,
    /// Wordings for whoever breaks off contact.
    pub variants: Variants,
    /// Its keys for data at rest.
    pub vault: OrgVault,
    /// Its keys for decision tokens.
    pub keyring: Keyring,
    /// Id of the key that signs now.
    pub kid: String,
    /// The live policy.
    pub policy: PolicyVersion,
    /// Policies on trial beside it.
    pub shadows: Vec<PolicyVersion>,
}

/// A configured sender of webhooks.
#[derive(Debug)]
pub struct Source {
    /// Whose.
    pub tenant: Arc<Tenant>,
    /// `src_...`.
    pub source_id: String,
    /// Which connector reads it.
    pub connector: String,
    /// Its non-secret settings.
    pub settings: Vec<(String, String)>,
    /// Its active secrets, newest first.
    pub secrets: Vec<SecretString>,
    /// Their ids, in the same order.
    pub secret_ids: Vec<String>,
    /// How old or how far ahead a signature may be.
    pub tolerance: Duration,
    /// HMAC-SHA-1 is accepted.
    pub allow_sha1: bool,
    /// A signature over part of the body is accepted.
    pub accept_partial: bool,
    /// The version of its connector that it stays with, by digest.
    pub pin: Option<String>,
    /// No longer in use.
    pub disabled: bool,
}

/// Looks tenants, keys and sources up, in memory where it can.
#[derive(Debug)]
pub struct Directory {
    store: Store,
    master: Arc<MasterKey>,
    tenants: Kept<String, Arc<Tenant>>,
    callers: Kept<[u8; 32], Arc<Caller>>,
    sources: Kept<String, Arc<Source>>,
}

impl Directory {
    /// An empty directory over `store`.
    #[must_use]
    pub fn new(store: Store, master: Arc<MasterKey>) -> Self {
        Self { store, master, tenants: Kept::new(), callers: Kept::new(), sources: Kept::new() }
    }

    /// Keeps the directory true until the task is dropped: run it beside the server.
    pub async fn watch(&self) {
        loop {
            if let Ok(mut listener) = self.store.listen("ase_configuration").await {
                self.forget();
                self.keep(true);
                // `None` means that the connection was lost and with it, perhaps, a notice
                while let Ok(Some(_)) = listener.try_recv().await {
                    self.forget();
                }
                self.keep(false);
                tracing::warn!("configuration notices stopped, reading every configuration anew");
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    fn forget(&self) {
        self.tenants.forget();
        self.callers.forget();
        self.sources.forget();
    }

    fn keep(&self, keeping: bool) {
        self.tenants.keep(keeping);
        self.callers.keep(keeping);
        self.sources.keep(keeping);
    }

    /// The organisation's tenant.
    ///
    /// # Errors
    /// [`StoreError`] as it comes; [`StoreError::Corrupt`] when a key or policy does not read back.
    pub async fn tenant(&self, org_id: &str) -> Result<Option<Arc<Tenant>>, StoreError> {
        if let Some(tenant) = self.tenants.get(&org_id.to_owned()) {
            return Ok(Some(tenant));
        }
        let generation = self.tenants.generation();
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        let Some(org) = store::orgs::find(&mut tx, org_id).await? else { return Ok(None) };
        let tenant = Arc::new(self.read_tenant(&mut tx, org).await?);
        tx.commit().await?;
        self.tenants.put(generation, org_id.to_owned(), Arc::clone(&tenant));
        Ok(Some(tenant))
    }

    async fn read_tenant(&self, tx: &mut Tx, org: Org) -> Result<Tenant, StoreError> {
        let vault = self.master.org(&org.org_id);
        let mut keys = Vec::new();
        for (kid, sealed) in store::orgs::token_keys(tx, &org.org_id).await? {
            let secret = vault
                .open(&format!("token-key/{kid}"), &sealed)
                .or(Err(StoreError::Corrupt("signing key")))?;
            keys.push(TokenKey::new(kid, secret).or(Err(StoreError::Corrupt("signing key")))?);
        }
        let kid = keys.first().map(|key| key.kid.clone()).ok_or(StoreError::Corrupt("signing key"))?;
        let keyring = Keyring::new(keys).or(Err(StoreError::Corrupt("signing key")))?;
        let reach = store::orgs::reach(tx, &org.org_id).await?.ok_or(StoreError::Corrupt("organisation"))?;
        let variants = store::orgs::variants(tx, &org.org_id).await?;
        let variants = variants.ok_or(StoreError::Corrupt("organisation"))?;
        let rows = store::policies::judging(tx, &org.org_id).await?;
        let (live, shadows): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.status == Status::Live.as_str());
        let live = live.into_iter().next().ok_or(StoreError::Corrupt("live policy"))?;
        let policy = PolicyVersion::read(live)?;
        // a candidate that no longer reads judges nothing, and holds no decision up
        let candidates = shadows.into_iter().filter_map(|row| {
            let digest = row.digest.clone();
            let read = PolicyVersion::read(row);
            read.inspect_err(|error| tracing::error!(%error, digest, "a candidate cannot be read")).ok()
        });
        let shadows = candidates.collect();
        let brand = store::brands::find(tx, &org.org_id).await?;
        Ok(Tenant { org, brand, reach, variants, vault, keyring, kid, policy, shadows })
    }

    /// Who calls with `key`.
    ///
    /// # Errors
    /// [`AccessError::Unauthorized`] for whatever is not a valid key.
    pub async fn caller(&self, key: &str) -> Result<Arc<Caller>, AccessError> {
        // the digest of the whole key, so that no key stays in memory and none is compared byte by byte
        let digest: [u8; 32] = Sha256::digest(key.as_bytes()).into();
        if let Some(caller) = self.callers.get(&digest) {
            return Ok(caller);
        }
        let (id, secret) = split_key(key).ok_or(AccessError::Unauthorized)?;
        let generation = self.callers.generation();
        let mut tx = self.store.begin(Scope::System).await?;
        let row = store::api_keys::find(&mut tx, &id).await?;
        tx.commit().await?;
        let row = row.filter(|row| row.revoked_at.is_none()).ok_or(AccessError::Unauthorized)?;
        if !bool::from(secret_digest(secret).as_slice().ct_eq(&row.secret_hash)) {
            return Err(AccessError::Unauthorized);
        }
        let tenant = self.tenant(&row.org_id).await?.ok_or(AccessError::Unauthorized)?;
        let scopes = row.scopes.iter().filter_map(|name| KeyScope::parse(name)).collect();
        let caller = Arc::new(Caller { tenant, key_id: row.key_id, scopes });
        self.callers.put(generation, digest, Arc::clone(&caller));
        Ok(caller)
    }

    /// A source by its id, whoever's it is.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn source(&self, source_id: &str) -> Result<Option<Arc<Source>>, StoreError> {
        if let Some(source) = self.sources.get(&source_id.to_owned()) {
            return Ok(Some(source));
        }
        let generation = self.sources.generation();
        let mut tx = self.store.begin(Scope::System).await?;
        let Some(row) = store::sources::find(&mut tx, source_id).await? else { return Ok(None) };
        let sealed = store::sources::secrets(&mut tx, &row.org_id, source_id).await?;
        tx.commit().await?;
        let Some(tenant) = self.tenant(&row.org_id).await? else { return Ok(None) };
        let secrets = sealed
            .iter()
            .map(|(id, sealed)| open_secret(&tenant.vault, id, sealed))
            .collect::<Result<Vec<_>, _>>()?;
        let secret_ids = sealed.into_iter().map(|(id, _)| id).collect();
        let source = Arc::new(Source {
            settings: settings_of(&row.settings),
            tenant,
            source_id: row.source_id,
            connector: row.connector,
            secrets,
            secret_ids,
            tolerance: Duration::from_secs(u64::try_from(row.tolerance_seconds).unwrap_or(300)),
            allow_sha1: row.allow_sha1,
            accept_partial: row.accept_partial,
            pin: row.connector_digest,
            disabled: row.disabled_at.is_some(),
        });
        self.sources.put(generation, source_id.to_owned(), Arc::clone(&source));
        Ok(Some(source))
    }
}

/// What is kept of a key's secret. 256 random bits need no slow hash.
pub(crate) fn secret_digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// `ase_sk_<id>_<secret>` into `key_<id>` and the secret.
fn split_key(key: &str) -> Option<(String, &str)> {
    let (id, secret) = key.strip_prefix(API_KEY_PREFIX)?.split_once('_')?;
    let plausible = id.len() <= 40 && secret.len() >= 32 && secret.len() <= 128;
    plausible.then(|| (format!("key_{id}"), secret))
}

fn open_secret(vault: &OrgVault, id: &str, sealed: &[u8]) -> Result<SecretString, StoreError> {
    let plain =
        vault.open(&format!("source-secret/{id}"), sealed).or(Err(StoreError::Corrupt("source secret")))?;
    let text = String::from_utf8(plain).or(Err(StoreError::Corrupt("source secret")))?;
    Ok(SecretString::from(text))
}

/// Settings as text: what is not a string travels as JSON.
fn settings_of(settings: &serde_json::Value) -> Vec<(String, String)> {
    let object = settings.as_object().into_iter().flatten();
    object
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect()
}

/// A map that is forgotten as a whole. What was read before a change is never kept after it.
#[derive(Debug)]
struct Kept<K, V> {
    map: RwLock<HashMap<K, V>>,
    generation: AtomicU64,
    keeping: AtomicBool,
}

impl<K: Eq + Hash, V: Clone> Kept<K, V> {
    fn new() -> Self {
        Self { map: RwLock::default(), generation: AtomicU64::new(0), keeping: AtomicBool::new(false) }
    }

    fn get(&self, key: &K) -> Option<V> {
        self.map.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    fn put(&self, generation: u64, key: K, value: V) {
        let mut map = self.map.write().unwrap_or_else(PoisonError::into_inner);
        if self.keeping.load(Ordering::Acquire) && self.generation() == generation {
            map.insert(key, value);
        }
    }

    fn forget(&self) {
        let mut map = self.map.write().unwrap_or_else(PoisonError::into_inner);
        self.generation.fetch_add(1, Ordering::AcqRel);
        map.clear();
    }

    fn keep(&self, keeping: bool) {
        self.keeping.store(keeping, Ordering::Release);
        self.forget();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        let kept: Kept<u8, u8> = Kept::new();
        kept.put(kept.generation(), 1, 1);
        assert_eq!(kept.get(&1), None, "nobody listens yet");
        kept.keep(true);
        let before = kept.generation();
        kept.forget();
        kept.put(before, 1, 1);
        assert_eq!(kept.get(&1), None);
        kept.put(kept.generation(), 1, 2);
        assert_eq!(kept.get(&1), Some(2));
        kept.keep(false);
        assert_eq!(kept.get(&1), None);
    }

    #[test]
    fn keys_split_at_their_first_underscore() {
        let secret = "a_b-".repeat(10);
        let key = format!("ase_sk_abc_{secret}");
        assert_eq!(split_key(&key), Some(("key_abc".to_owned(), secret.as_str())));
        for bad in ["", "ase_sk_", "ase_sk_abc", "ase_sk_abc_short", "sk_abc_def"] {
            assert_eq!(split_key(bad), None, "{bad}");
        }
    }
}
