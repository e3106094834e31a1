//! `Shadow`: what happens off the response path with every decision: candidates judge the same features, and the
//! breaker's counts grow.
//!
//! A decision hands itself over without waiting. When the queue is full it is dropped and counted: what is beside a
//! decision never slows it down.

mod work;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use tokio::sync::{Mutex, Notify, mpsc};

use crate::decision::Outcome;
use crate::directory::Tenant;
use crate::features::Features;

/// How many decisions may wait.
const WAITING_MAX: usize = 4096;

/// A decision that was made.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) tenant: Arc<Tenant>,
    pub(crate) session_id: String,
    pub(crate) outcome: Outcome,
    /// A floor for a grave reason demands it: that is no fault of a version.
    pub(crate) demanded: bool,
    pub(crate) decided_at: DateTime<Utc>,
    pub(crate) event_type: String,
    /// Rules of the live policy that could not be judged.
    pub(crate) failed_rules: u64,
    /// Kept only where a candidate asks for them.
    pub(crate) features: Option<Box<Features>>,
}

/// The queue between decisions and what is done beside them.
#[derive(Debug)]
pub struct ShadowQueue {
    sender: mpsc::Sender<Made>,
    receiver: Mutex<mpsc::Receiver<Made>>,
    arrived: Notify,
    dropped: AtomicU64,
    judged: AtomicU64,
    failed_rules: AtomicU64,
}

impl ShadowQueue {
    /// An empty one.
    #[must_use]
    pub(crate) fn new() -> Self {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        Self {
            sender,
            receiver: Mutex::new(receiver),
            arrived: Notify::new(),
            dropped: AtomicU64::new(0),
            judged: AtomicU64::new(0),
            failed_rules: AtomicU64::new(0),
        }
    }

    /// Hands a decision over, or drops it when too many wait.
    pub(crate) fn offer(&self, made: Made) {
        self.failed_rules.fetch_add(made.failed_rules, Ordering::Relaxed);
        match self.sender.try_send(made) {
            Ok(()) => self.arrived.notify_one(),
            Err(_) => _ = self.dropped.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// Decisions that were dropped since the start.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Judgements of rules of live policies that failed since the start.
    #[must_use]
    pub fn failed_rules(&self) -> u64 {
        self.failed_rules.load(Ordering::Relaxed)
    }

    /// Judgements of candidates since the start.
    #[must_use]
    pub fn judged(&self) -> u64 {
        self.judged.load(Ordering::Relaxed)
    }
}
