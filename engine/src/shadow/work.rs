//! What is done with the decisions that wait: candidates judge them, and they are counted.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};

use super::{Made, WAITING_MAX};
use crate::Engine;
use crate::decision::{Decision, Outcome, decide};
use crate::policy::PolicyVersion;
use crate::store::decision_counts::{Count, Key};
use crate::store::shadow_decisions::ShadowRow;
use crate::store::{Scope, StoreError, amount_baselines, decision_counts, shadow_decisions};

/// How many decisions are worked off together.
const BATCH_MAX: usize = 1024;
/// How long judgements and counts are kept.
const KEPT: TimeDelta = TimeDelta::days(30);

impl Engine {
    /// Waits until a decision is there. Broken off, nothing is taken.
    pub async fn await_shadows(&self) {
        let queue = &self.shadows;
        while queue.sender.capacity() == WAITING_MAX {
            queue.arrived.notified().await;
        }
    }

    /// Works a batch of decisions off. True where there may be more at once.
    ///
    /// # Errors
    /// [`StoreError`]; the batch is lost then, as it is no part of any decision.
    pub async fn work_shadows(&self) -> Result<bool, StoreError> {
        let mut batch = Vec::new();
        {
            // only one worker of a node takes from the queue at a time
            let mut receiver = self.shadows.receiver.lock().await;
            while batch.len() < BATCH_MAX
                && let Ok(made) = receiver.try_recv()
            {
                batch.push(made);
            }
        }
        if batch.is_empty() {
            return Ok(false);
        }
        let (rows, counts) = work(&batch);
        self.shadows.judged.fetch_add(rows.len() as u64, Ordering::Relaxed);
        let mut tx = self.store.begin(Scope::System).await?;
        shadow_decisions::insert(&mut tx, &rows).await?;
        decision_counts::add(&mut tx, &counts).await?;
        tx.commit().await?;
        Ok(batch.len() == BATCH_MAX)
    }

    /// Works out what amounts are usual in each organisation, and forgets judgements and counts of more than 30 days.
    ///
    /// # Errors
    /// [`StoreError`] as it comes.
    pub async fn refresh_baselines(&self) -> Result<(), StoreError> {
        let mut tx = self.store.begin(Scope::System).await?;
        let before = tx.now().await? - KEPT;
        amount_baselines::refresh(&mut tx).await?;
        decision_counts::forget(&mut tx, before).await?;
        tx.commit().await?;
        // a bounded number at once, and as often as there are any: more may come in a round than one removal takes
        loop {
            let mut tx = self.store.begin(Scope::System).await?;
            let forgotten = shadow_decisions::forget(&mut tx, before).await?;
            tx.commit().await?;
            if forgotten == 0 {
                return Ok(());
            }
        }
    }

    /// How the queue beside decisions does.
    #[must_use]
    pub fn shadows(&self) -> &super::ShadowQueue {
        &self.shadows
    }
}

fn work(batch: &[Made]) -> (Vec<ShadowRow>, BTreeMap<Key, Count>) {
    let mut rows = Vec::new();
    let mut counts: BTreeMap<Key, Count> = BTreeMap::new();
    for made in batch {
        let key = Key {
            org_id: made.tenant.org.org_id.clone(),
            policy_digest: made.tenant.policy.digest.clone(),
            event_type: made.event_type.clone(),
            minute: minute(made.decided_at),
        };
        let count = counts.entry(key).or_default();
        count.decisions += 1;
        if !made.demanded {
            count.delayed += i64::from(made.outcome == Outcome::DelayVerify);
            count.blocked += i64::from(made.outcome == Outcome::BlockEscalate);
        }
        let candidates = made.tenant.shadows.iter();
        rows.extend(candidates.filter_map(|candidate| judge(made, candidate)));
    }
    (rows, counts)
}

fn judge(made: &Made, candidate: &PolicyVersion) -> Option<ShadowRow> {
    let features = made.features.as_deref()?;
    let decided = catch_unwind(AssertUnwindSafe(|| decide(features, &candidate.policy, &candidate.rules)));
    let Decision { outcome, score, observed, .. } = decided.ok()?;
    Some(ShadowRow {
        org_id: made.tenant.org.org_id.clone(),
        session_id: made.session_id.clone(),
        policy_digest: candidate.digest.clone(),
        outcome: observed.unwrap_or(outcome).as_str().to_owned(),
        score: score.points,
        reasons: serde_json::to_value(&score.reasons).unwrap_or_default(),
        decided_at: made.decided_at,
    })
}

fn minute(time: DateTime<Utc>) -> DateTime<Utc> {
    time.duration_trunc(TimeDelta::minutes(1)).unwrap_or(time)
}
