//! A call from outside: which version reads a delivery, its turn, and the quarantine it may be in.

use std::sync::Arc;
use std::time::Instant;

use super::component::Loaded;
use super::manifest::{HeadersSpec, Manifest};
use super::quarantine::Asking;
use super::{
    CallError, Connectors, Delivery, Fault, Named, Reading, Received, Trust, VersionError, call, claims,
    measures,
};

/// Digits of a digest that name a version at least.
const DIGITS_MIN: usize = 6;

impl Connectors {
    /// Takes a delivery from a platform: asks the connector what must be signed, checks that against the source's
    /// secrets, and only then has it made into events. Refusals are answers, not errors.
    ///
    /// # Errors
    /// The connector or the host failed; [`CallError::verified`] says whether the delivery is authentic.
    pub async fn receive(&self, id: &str, delivery: &Delivery, trust: &Trust) -> Result<Reading, CallError> {
        let loaded = self.reader(id, delivery).await.map_err(|fault| CallError::new(fault, false))?;
        self.call(&loaded, delivery, Some(trust)).await
    }

    /// Makes events of a delivery that was found authentic earlier.
    ///
    /// # Errors
    /// The connector or the host failed.
    pub async fn renormalize(&self, id: &str, delivery: &Delivery) -> Result<Reading, CallError> {
        let loaded = self.reader(id, delivery).await.map_err(|fault| CallError::new(fault, true))?;
        self.call(&loaded, delivery, None).await
    }

    /// The same with another version than the one that reads such a delivery now: one that this node holds, by its
    /// digest or the first digits of it. Nobody has a component compiled by asking for it here.
    ///
    /// # Errors
    /// [`VersionError`]: this node holds none or several that are called so, or the connector failed.
    pub async fn renormalize_with(
        &self,
        id: &str,
        named: &str,
        delivery: &Delivery,
    ) -> Result<Reading, VersionError> {
        let loaded = self.version_called(id, named)?;
        Ok(self.call(&loaded, delivery, None).await?)
    }

    async fn call(
        &self,
        loaded: &Loaded,
        delivery: &Delivery,
        trust: Option<&Trust>,
    ) -> Result<Reading, CallError> {
        let named = named(&loaded.manifest, delivery);
        let read = |received, secret| Reading {
            received,
            connector_digest: loaded.digest.clone(),
            named: named.clone(),
            secret,
        };
        if trust.is_some_and(|trust| trust.secrets.is_empty()) {
            let failure = claims::Failure::NoSecret.to_string();
            return Ok(read(Received::Unauthenticated(failure), None));
        }
        let turn = self.turns.take(&loaded.manifest.id).await;
        let _turn = turn.map_err(|fault| CallError::new(fault, trust.is_none()))?;
        let mut trace = call::Trace::default();
        let answer = self.watched(loaded, delivery, trust, &mut trace).await;
        let answer = answer.map(|received| read(received, trace.secret));
        answer.map_err(|error| error.of(&loaded.digest, named.clone()))
    }

    /// Calls a connector unless it is quarantined, and notes how it went.
    async fn watched(
        &self,
        loaded: &Loaded,
        delivery: &Delivery,
        trust: Option<&Trust>,
        trace: &mut call::Trace,
    ) -> Result<Received, CallError> {
        let started = Instant::now();
        let asking = if trust.is_some() { Asking::Fresh } else { Asking::Kept };
        let mut pass = None;
        let mut gate = || self.quarantine.admit(loaded, asking).map(|admitted| pass = Some(admitted));
        let answer = call::traced(loaded, delivery, trust, &mut gate, trace).await;
        if let Some(pass) = pass {
            pass.ended(answer.as_ref().err().map(|error| &error.fault));
        }
        measures::called(loaded, &answer, trace, started.elapsed());
        answer
    }

    /// A file of the directory comes before everything else: it is somebody's work in progress on this very node.
    fn own_file(&self, id: &str) -> Option<Arc<Loaded>> {
        self.catalog.file_of(id).and_then(|_| self.catalog.get(id))
    }

    /// The version that reads whatever nothing else reads.
    pub(super) fn live(&self, id: &str) -> Option<Arc<Loaded>> {
        self.own_file(id).or_else(|| self.channels.live(id)).or_else(|| self.catalog.get(id))
    }

    /// The version that reads this delivery: the one that its source stays with, else the canary its share, else live.
    async fn reader(&self, id: &str, delivery: &Delivery) -> Result<Arc<Loaded>, Fault> {
        if let Some(pin) = &delivery.pin {
            return self.channels.version(id, pin).await.ok_or(Fault::UnknownVersion);
        }
        let own = self.own_file(id).or_else(|| self.channels.reader(id, &delivery.body));
        own.or_else(|| self.catalog.get(id)).ok_or(Fault::UnknownConnector)
    }

    /// The version that this node holds under these digits.
    fn version_called(&self, id: &str, named: &str) -> Result<Arc<Loaded>, VersionError> {
        let digits = named.strip_prefix("sha256:").unwrap_or(named);
        if digits.len() < DIGITS_MIN || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(VersionError::Digits);
        }
        let held = self.channels.all();
        let installed = held.get(id).into_iter().flat_map(|held| held.versions.values().cloned());
        let called = |loaded: &Arc<Loaded>| {
            let digest = loaded.digest.strip_prefix("sha256:").unwrap_or(&loaded.digest);
            digest.starts_with(&digits.to_ascii_lowercase())
        };
        let mut found: Vec<_> = installed.chain(self.catalog.get(id)).filter(called).collect();
        found.sort_by(|one, other| one.digest.cmp(&other.digest));
        found.dedup_by(|one, other| one.digest == other.digest);
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => Ok(only),
            (Some(_), false) => Err(VersionError::Several),
            (None, _) => Err(VersionError::NotHeld { id: id.to_owned() }),
        }
    }
}

fn named(manifest: &Manifest, delivery: &Delivery) -> Named {
    let HeadersSpec { delivery_id, topic, .. } = &manifest.headers;
    let topic = topic.iter().find_map(|name| delivery.header(name));
    Named {
        provider_id: delivery_id.as_deref().and_then(|name| delivery.header(name)),
        topic: topic.filter(|topic| manifest.topics.iter().any(|known| known.name == *topic)),
    }
}
