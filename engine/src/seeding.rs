//! `Seeding`: a made-up past, to see how everything does with much of it.
//!
//! It writes what screening would have left behind (events, decisions with their snapshots, sessions, traces), many
//! at once, but no personal data, no tokens and no audit entries: the log tells only of what happened.

mod people;
mod templates;

use std::sync::Arc;

use thiserror::Error;

use self::people::keyring;
use self::templates::templates;
use crate::Engine;
use crate::directory::Tenant;
use crate::store::seeding::{self, Chunk};
use crate::store::{Scope, StoreError};

pub use self::people::{BUSY_DEVICE, BUSY_IP, BUSY_PERSON, Person, people};

/// How many events are written at once.
const CHUNK: u64 = 100_000;
/// More are not needed to see whether anything slows down.
const EVENTS_MAX: u64 = 50_000_000;
/// Events of the one person who does much.
const BUSY_PERSON_EVENTS: u64 = 20_000;
/// Events from the one device and address that many people use.
const BUSY_DEVICE_EVENTS: u64 = 100_000;

/// Why no past was made up.
#[derive(Debug, Error)]
pub enum SeedingError {
    /// There is no such organisation.
    #[error("there is no organisation `{0}`")]
    Unknown(String),
    /// It has a past of its own.
    #[error("the organisation has events that are not made up")]
    Real,
    /// Far more than is of use, or nothing.
    #[error("from 1 to 50000000 events can be made up")]
    Number,
    /// A snapshot could not be put into words.
    #[error("a snapshot could not be written")]
    Writing,
    /// The store did not answer: whole chunks were written, or nothing.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Engine {
    /// Makes up the last 90 days of an organisation: `events` of them, by one person for every 50, as its live policy
    /// would have decided them. What is there of an earlier call for as many is not written again, so that it may be
    /// broken off and called again. `progress` is called with how many there are and how many there will be. Says
    /// whether the tables were tidied up, too ([`crate::store::Store::tidy`]).
    ///
    /// # Errors
    /// [`SeedingError`]: an organisation with a past of its own is refused unless `mixed`.
    pub async fn seed(
        &self,
        org_id: &str,
        events: u64,
        mixed: bool,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<bool, SeedingError> {
        let tenant = self.seeded_tenant(org_id, events, mixed).await?;
        let people = people(events);
        let every = |wanted: u64| signed((events / wanted).max(10));
        let policy = &tenant.policy;
        let chunk = Chunk {
            org_id,
            first: 1,
            last: 0,
            all: signed(events),
            people: i32::try_from(people).unwrap_or(i32::MAX),
            busy_person: every(BUSY_PERSON_EVENTS),
            busy_device: every(BUSY_DEVICE_EVENTS),
            templates: &templates(policy).ok_or(SeedingError::Writing)?,
            policy: (&policy.name, policy.version, &policy.digest),
            keys: &keyring(&tenant.vault, people),
        };
        let mut next = 0;
        while next < events {
            // one at a time leaves a processor idle
            let (one, other) = (part(&chunk, next, events), part(&chunk, next + CHUNK, events));
            tokio::try_join!(self.make_up(one), self.make_up(other))?;
            next = (next + 2 * CHUNK).min(events);
            progress(next, events);
        }
        Ok(self.store.tidy().await?)
    }

    /// The organisation, when so much may be made up for it.
    async fn seeded_tenant(
        &self,
        org_id: &str,
        events: u64,
        mixed: bool,
    ) -> Result<Arc<Tenant>, SeedingError> {
        let tenant = self.directory.tenant(org_id).await?;
        let tenant = tenant.ok_or_else(|| SeedingError::Unknown(org_id.to_owned()))?;
        if !(1..=EVENTS_MAX).contains(&events) {
            return Err(SeedingError::Number);
        }
        let mut tx = self.store.begin(Scope::Org(org_id)).await?;
        if !mixed && seeding::has_real_events(&mut tx, org_id).await? {
            return Err(SeedingError::Real);
        }
        tx.commit().await?;
        Ok(tenant)
    }

    async fn make_up(&self, chunk: Chunk<'_>) -> Result<(), StoreError> {
        if chunk.first > chunk.last {
            return Ok(());
        }
        let mut tx = self.store.begin(Scope::Org(chunk.org_id)).await?;
        seeding::insert(&mut tx, &chunk).await?;
        tx.commit().await
    }
}

/// The events after the first `done`.
fn part<'a>(chunk: &Chunk<'a>, done: u64, events: u64) -> Chunk<'a> {
    Chunk { first: signed(done) + 1, last: signed((done + CHUNK).min(events)), ..*chunk }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
