//! `Quarantine`: connectors that keep failing are left alone for a while, each by the digest of its component.
//!
//! Only faults after the check of the signatures count: what is not authentic anybody can send, and nobody unknown
//! shall be able to stop a connector. Faults in `authenticate` are counted apart (`ase_connector_faults_total`, by
//! step) and end nothing; what they cost is bounded by the share of all calls that one connector has (`turns`).
//! `authenticate` runs in a quarantine as well, since nothing unverified is kept.
//! The state is this process's own and lives in memory: every node finds out for itself, and a restart forgets it.

mod breaker;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ase_engine::clock;
use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::sync::Notify;

use super::component::Loaded;
use super::fault::Fault;
use super::measures;
use breaker::{Admission, Breaker, Turn};

pub(super) use breaker::Asking;

/// Digests that are remembered. Healthy ones need no memory, so this is never reached by honest means.
const MAX_WARDS: usize = 256;

/// What people see of a quarantine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuarantineStatus {
    /// Since when.
    pub since: DateTime<Utc>,
    /// Failures until now, with those of failed probes.
    pub failures: u32,
    /// What the last of them was, in one word.
    pub fault: &'static str,
    /// When one delivery is tried on it again.
    pub next_try_at: DateTime<Utc>,
}

/// A quarantine that began or ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineChange {
    /// Id of the connector.
    pub connector: String,
    /// Its version.
    pub version: String,
    /// `sha256:` and the digest of its component.
    pub digest: String,
    /// Failures in the end.
    pub failures: u32,
    /// What the last of them was, in one word.
    pub fault: &'static str,
    /// False when it ended.
    pub quarantined: bool,
}

/// What is remembered of one component.
#[derive(Debug, Default)]
struct Ward {
    breaker: Breaker,
    fault: &'static str,
}

/// All connectors that failed of late.
#[derive(Debug, Default)]
pub(super) struct Quarantine {
    wards: Mutex<HashMap<String, Ward>>,
    changes: Mutex<Vec<QuarantineChange>>,
    changed: Notify,
}

/// The right to one call. Dropped unanswered, it is as if it had never been asked for.
pub(super) struct Pass<'a> {
    quarantine: &'a Quarantine,
    loaded: &'a Loaded,
    admitted: Option<Admission>,
}

impl Quarantine {
    /// Asks for a call of `normalize`, at a time when the delivery is known to be authentic.
    ///
    /// # Errors
    /// [`Fault::Quarantined`].
    pub(super) fn admit<'a>(&'a self, loaded: &'a Loaded, asking: Asking) -> Result<Pass<'a>, Fault> {
        let admitted = match self.wards().get_mut(&loaded.digest) {
            Some(ward) => ward.breaker.admit(asking, clock::now()),
            None => Admission::Call(asking),
        };
        match admitted {
            Admission::Held(until) => Err(Fault::Quarantined { until }),
            admitted => Ok(Pass { quarantine: self, loaded, admitted: Some(admitted) }),
        }
    }

    /// The quarantine of a component, if it is in one.
    pub(super) fn status(&self, digest: &str) -> Option<QuarantineStatus> {
        let wards = self.wards();
        let ward = wards.get(digest)?;
        let held = ward.breaker.held()?;
        let (since, failures, next_try_at) = (held.since, held.faults, held.next);
        Some(QuarantineStatus { since, failures, fault: ward.fault, next_try_at })
    }

    /// Waits until something changed, and takes all that did.
    pub(super) async fn changes(&self) -> Vec<QuarantineChange> {
        loop {
            let taken = std::mem::take(&mut *self.changes.lock().unwrap_or_else(PoisonError::into_inner));
            if !taken.is_empty() {
                return taken;
            }
            self.changed.notified().await;
        }
    }

    fn wards(&self) -> MutexGuard<'_, HashMap<String, Ward>> {
        self.wards.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands an answer to the breaker. A component is first remembered when it fails.
    fn end(&self, loaded: &Loaded, admitted: Admission, fault: Option<&Fault>) {
        let now = clock::now();
        let mut wards = self.wards();
        let Some(fault) = fault else {
            let Some(ward) = wards.get_mut(&loaded.digest) else { return };
            let turn = ward.breaker.well(admitted, now);
            self.note(turn, loaded, ward);
            if ward.breaker.is_blank(now) {
                wards.remove(&loaded.digest);
            }
            return;
        };
        if wards.len() >= MAX_WARDS {
            wards.retain(|_, ward| ward.breaker.held().is_some());
        }
        let ward = wards.entry(loaded.digest.clone()).or_default();
        ward.fault = fault.kind();
        let turn = ward.breaker.failed(admitted, now);
        self.note(turn, loaded, ward);
    }

    /// Says once what changed: in the log, in the measurements, and to whoever waits for [`Self::changes`].
    fn note(&self, turn: Option<Turn>, loaded: &Loaded, ward: &Ward) {
        let (connector, version, digest) = (&loaded.manifest.id, &loaded.manifest.version, &loaded.digest);
        let (fault, failures) = (ward.fault, ward.breaker.held().map_or(0, |held| held.faults));
        match turn {
            None => return,
            Some(Turn::Prolonged) => {
                tracing::debug!(connector, version, digest, fault, failures, "quarantine prolonged");
                return;
            }
            Some(Turn::Quarantined) => tracing::error!(
                connector,
                version,
                digest,
                fault,
                failures,
                "connector quarantined: its deliveries are verified and kept, and read when it is healthy or replaced"
            ),
            Some(Turn::Recovered) => tracing::info!(connector, version, digest, "connector healthy again"),
        }
        let quarantined = turn == Some(Turn::Quarantined);
        if quarantined {
            measures::quarantined(connector);
        } else {
            measures::quarantine(connector, false);
        }
        let (connector, version, digest) = (connector.clone(), version.clone(), digest.clone());
        let change = QuarantineChange { connector, version, digest, failures, fault, quarantined };
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).push(change);
        self.changed.notify_one();
    }
}

impl Pass<'_> {
    /// Says how the call ended. Faults that are not the connector's own count as no call at all.
    pub(super) fn ended(mut self, fault: Option<&Fault>) {
        if fault.is_some_and(|fault| !fault.is_the_connectors()) {
            return;
        }
        if let Some(admitted) = self.admitted.take() {
            self.quarantine.end(self.loaded, admitted, fault);
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if let Some(admitted) = self.admitted.take()
            && let Some(ward) = self.quarantine.wards().get_mut(&self.loaded.digest)
        {
            ward.breaker.forgone(admitted);
        }
    }
}
