//! `Turns`: how many calls run at one time, and how many of them are of one connector.
//!
//! A connector has at most half of the turns, so that one that loops on every delivery leaves the others their room.
//! That bound holds for calls of `authenticate` too, which anybody can cause: their faults quarantine nobody, as else
//! strangers could stop a connector, so the share is what they can burn at most.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use super::Fault;

/// How long a call waits for its turn before it is told that there is none.
const QUEUE: Duration = Duration::from_secs(1);

/// The turns of all connectors.
pub(super) struct Turns {
    all: Semaphore,
    permits: u32,
    /// By id of the connector, whichever version is called. Only connectors that were found are asked for, so there are
    /// never more than were ever in use.
    shares: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// The right to one call, given back when it is dropped.
pub(super) struct Turn<'a> {
    _share: OwnedSemaphorePermit,
    _turn: SemaphorePermit<'a>,
}

impl Turns {
    /// So many at one time, at least one.
    pub(super) fn new(permits: u32) -> Self {
        Self { all: Semaphore::new(permits as usize), permits, shares: Mutex::default() }
    }

    /// What one connector may have: half of them, rounded up.
    fn share(&self) -> u32 {
        self.permits.div_ceil(2)
    }

    /// Waits for a turn of a connector, first among its own calls and then among all.
    ///
    /// # Errors
    /// [`Fault::Crowded`]: the connector has all that it may have. [`Fault::Busy`]: all are taken, or the end has come.
    pub(super) async fn take(&self, connector: &str) -> Result<Turn<'_>, Fault> {
        let share = self.share_of(connector);
        let crowded = || Fault::Crowded { connector: connector.to_owned(), share: self.share() };
        let waited = tokio::time::timeout(QUEUE, share.acquire_owned()).await;
        let share = waited.map_err(|_elapsed| crowded())?.map_err(|_closed| Fault::Busy)?;
        match tokio::time::timeout(QUEUE, self.all.acquire()).await {
            Ok(Ok(turn)) => Ok(Turn { _share: share, _turn: turn }),
            Ok(Err(_)) | Err(_) => Err(Fault::Busy),
        }
    }

    /// How many calls of a connector run or have a turn at this moment.
    pub(super) fn taken(&self, connector: &str) -> usize {
        let shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        shares.get(connector).map_or(0, |share| self.share() as usize - share.available_permits())
    }

    /// Lets calls in flight finish and refuses further ones.
    pub(super) async fn close(&self) {
        if let Ok(all) = self.all.acquire_many(self.permits).await {
            self.all.close();
            drop(all);
        }
    }

    fn share_of(&self, connector: &str) -> Arc<Semaphore> {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(share) = shares.get(connector) {
            return Arc::clone(share);
        }
        let share = Arc::new(Semaphore::new(self.share() as usize));
        shares.insert(connector.to_owned(), Arc::clone(&share));
        share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_connector_has_half_and_the_others_have_the_rest() {
        for (permits, share) in [(1, 1), (2, 1), (3, 2), (8, 4), (32, 16)] {
            let turns = Turns::new(permits);
            let mut own = Vec::new();
            for _ in 0..share {
                own.push(turns.take("looping").await.unwrap());
            }
            assert_eq!(turns.taken("looping"), share, "of {permits}");
            assert_eq!(turns.all.available_permits(), permits as usize - share, "of {permits}");
            let mut rest = Vec::new();
            for number in share..permits as usize {
                rest.push(turns.take(&format!("other-{number}")).await.unwrap());
            }
            drop(own);
            assert_eq!(turns.taken("looping"), 0, "what has ended is given back");
        }
    }

    #[tokio::test]
    async fn whoever_gets_none_is_told_why() {
        let turns = Turns::new(2);
        let own = turns.take("looping").await.unwrap();
        let crowded = turns.take("looping").await.err().unwrap();
        assert_eq!(crowded, Fault::Crowded { connector: "looping".to_owned(), share: 1 });
        assert!(crowded.to_string().contains("`looping`"), "{crowded}");
        let other = turns.take("other").await.unwrap();
        assert_eq!(turns.take("third").await.err(), Some(Fault::Busy));
        drop((own, other));
        assert!(turns.take("looping").await.is_ok());
    }

    #[tokio::test]
    async fn the_end_refuses_what_comes_after() {
        let turns = Turns::new(4);
        turns.close().await;
        assert_eq!(turns.take("any").await.err(), Some(Fault::Busy));
    }
}
